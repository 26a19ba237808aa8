"""Courses, the people in them, and what is assigned."""

from __future__ import annotations

from gradus.courses.models.assignments import (
    Allowance,
    Assignment,
    Item,
    Reveal,
    extension_at,
    extension_of,
)
from gradus.courses.models.exams import ExamEntry
from gradus.courses.models.groups import AssignmentGroup
from gradus.courses.models.people import (
    STAFF,
    TEACHERS,
    Course,
    Enrolment,
    Role,
    RosterUpload,
    Section,
)

__all__ = [
    "STAFF",
    "TEACHERS",
    "Allowance",
    "Assignment",
    "AssignmentGroup",
    "Course",
    "Enrolment",
    "ExamEntry",
    "Item",
    "Reveal",
    "Role",
    "RosterUpload",
    "Section",
    "extension_at",
    "extension_of",
]
