"""Words and shapes of each status, in one place (design language, section 3)."""

from __future__ import annotations

# shape (icon and data-s) -> word for screen readers and tags
STATUS_WORDS = {
    "passed": "Passed",
    "partial": "Partly",
    "failed": "Failed",
    "skipped": "Skipped",
    "error": "Our fault",
    "running": "Running",
    "waiting": "Waiting",
    "value": "Right",
    "follow": "Follows yours",
    "wrong": "Wrong",
    "invalid": "Not graded",
    "pending": "Waiting",
    "open": "Not begun",
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
    "code": "code",
    "by-hand": "by hand",
    "quiz": "quiz",
    "data": "data",
    "performance": "code, speed",
    "gpu": "code, GPU",
    "experiment": "experiment",
}
