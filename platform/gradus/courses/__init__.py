"""Courses, enrolments, assignments and items."""
