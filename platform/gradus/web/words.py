"""Words and shapes of each status, in one place (design language, section 3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gradus.submissions.redact import UNNAMED
from gradus.web.text import visible

# shape (icon and data-s) -> word for screen readers and tags
STATUS_WORDS = {
    "passed": _("Passed"),
    "partial": _("Partly"),
    "failed": _("Failed"),
    "skipped": _("Skipped"),
    "error": _("Our fault"),
    "running": _("Running"),
    "waiting": _("Waiting"),
    "value": _("Right"),
    "follow": _("Follows yours"),
    "wrong": _("Wrong"),
    "invalid": _("Not graded"),
    "pending": _("Waiting"),
    "open": _("Not begun"),
}
# status of a verdict, check or step -> shape
SHAPES = {
    "passed": "passed",
    "partial": "partial",
    "failed": "failed",
    "invalid": "skipped",
    "error": "error",
    "skipped": "skipped",
    "pending": "waiting",
    "running": "running",
    "queued": "waiting",
    "value": "value",
    "follow-through": "follow",
    "wrong": "wrong",
}
STEP_ICONS = {"value": "passed", "follow": "follow", "wrong": "failed"}
KINDS = {
    "code": _("code"),
    "by-hand": _("by hand"),
    "quiz": _("quiz"),
    "data": _("data"),
    "performance": _("code, speed"),
    "gpu": _("code, GPU"),
    "experiment": _("experiment"),
}
HIDDEN_CHECK = _(UNNAMED)


def told_title(title: object) -> str:
    """What an author calls a check; empty where its reader is not told."""
    return "" if title in (None, UNNAMED) else visible(str(title))
