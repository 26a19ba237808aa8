"""Refusals around marks by people."""

from __future__ import annotations

from gradus.gradebook.errors import GradeRefused


class RubricRefused(GradeRefused):
    message = "This rubric cannot be stored."


class MarkedMeanwhile(GradeRefused):
    message = "Somebody else marked this while you read it. Your choice is below; nothing is lost."
