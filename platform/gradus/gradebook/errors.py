"""Refusals around marks."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class GradeRefused(Refused):
    message = "This mark cannot be changed."


class GradeChanged(GradeRefused):
    message = "The mark changed while you looked at it. Nothing was stored; look at it again."
