"""Exercises that the staff of a course write: working copies, verification, publication."""
