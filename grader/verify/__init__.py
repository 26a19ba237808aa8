"""The gates that an exercise passes before a student sees it."""
