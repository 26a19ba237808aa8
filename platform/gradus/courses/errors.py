"""Refusals around courses and assignments."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class CourseRefused(Refused):
    message = "This cannot be done in this course."


class RosterRefused(CourseRefused):
    message = "This file cannot be read as a roster."


class RosterChanged(CourseRefused):
    message = (
        "The roster changed while you looked at the preview. Nothing was done; look at it again."
    )
