"""Statistics of exercises and classes, for staff. Reads only; stores nothing."""
