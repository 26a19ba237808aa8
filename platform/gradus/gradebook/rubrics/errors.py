"""Refusals around marks by people."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from gradus.gradebook.errors import GradeRefused


class RubricRefused(GradeRefused):
    message = gettext_noop("This rubric cannot be stored.")


class MarkedMeanwhile(GradeRefused):
    message = gettext_noop(
        "Somebody else marked this while you read it. Your choice is below; nothing is lost."
    )
