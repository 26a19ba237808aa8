"""Refusals around marks."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from gradus.lib.refusal import Refused


class GradeRefused(Refused):
    message = gettext_noop("This mark cannot be changed.")


class GradeChanged(GradeRefused):
    message = gettext_noop(
        "The mark changed while you looked at it. Nothing was stored; look at it again."
    )
