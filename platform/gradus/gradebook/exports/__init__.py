"""Marks as files: one pure function for each target, over one frozen table."""
