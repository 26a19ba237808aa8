"""Refusals around courses and assignments."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class CourseRefused(Refused):
    message = "This cannot be done in this course."
