"""Limits that the host enforces from outside, where it lets us."""
