"""Runs an exercise's checks against a student's session and writes the verdict."""
