"""The only way out for verdicts and progress: page, API, mail and diffs all pass through here.

Pure: data, policy, role and time in; a copy with what this person may read out. Students never
get more than the lower of a check's own reveal level and the assignment's. Visible checks
run before a submission too, so an assignment does not lower them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop

UNNAMED = gettext_noop("A hidden check")  # in the place of a title that is not told
_LEVELS = ("nothing", "category", "full")  # from least to most
_OUR_FAULT = (
    "Something went wrong on our side. Your submission is safe, no attempt was used,"
    " and the course staff can see it."
)


class Viewer(StrEnum):
    """In which role somebody reads."""

    STUDENT = "student"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class RevealPolicy:
    """What the assignment says about hidden checks."""

    level: str  # full, category, nothing
    level_after_due: str
    closes_at: datetime | None = None  # nothing is accepted after it, late work included

    def at(self, now: datetime) -> str:
        if self.closes_at is not None and now > self.closes_at:
            return self.level_after_due
        return self.level


def redact(
    verdict: Mapping[str, Any], policy: RevealPolicy, role: Viewer, now: datetime
) -> dict[str, Any]:
    """What this person may read of a verdict or of progress (same shape, fewer fields)."""
    if role is Viewer.STAFF:
        return dict(verdict)
    level = policy.at(now)
    shown = dict(verdict)
    if verdict.get("status") == "error":
        shown["message"] = _OUR_FAULT
    hidden_ids: dict[str, str] = {}
    checks = []
    for place, check in enumerate(verdict.get("checks", ()), start=1):
        allowed = _check_level(check, level)
        checks.append(_check(check, allowed, place))
        if allowed == "nothing":
            hidden_ids[check["id"]] = f"hidden-{place}"
    shown["checks"] = checks
    if "steps" in verdict:
        shown["steps"] = [] if level == "nothing" else [_step(s, level) for s in verdict["steps"]]
    if "performance" in verdict:
        shown["performance"] = [
            {name: value for name, value in part.items() if name != "flags"}  # staff's to judge
            for part in verdict["performance"]
            if part["id"] not in hidden_ids
        ]
    return shown


def figures_shown(redacted: Mapping[str, Any]) -> set[str]:
    """Hashes of the figures that a redacted verdict still refers to."""
    return {sha256 for check in redacted.get("checks", ()) for sha256 in check.get("figures", ())}


def _check_level(check: Mapping[str, Any], assignment_level: str) -> str:
    own = str(check.get("reveal", "full"))
    if check.get("visible"):
        return own
    return min(own, assignment_level, key=_LEVELS.index)


def _check(check: Mapping[str, Any], level: str, place: int) -> dict[str, Any]:
    shown = dict(check)
    if check.get("status") == "error":
        shown["message"] = _OUR_FAULT
    if level == "full":
        return shown
    for field, empty in _DETAILS.items():
        if field in shown:
            shown[field] = empty() if callable(empty) else empty
    if level == "nothing":
        shown |= {"id": f"hidden-{place}", "title": UNNAMED, "mistake": None}
        shown |= {"outcome": None, "limit": None, "seconds": 0.0}
    return shown


def _step(step: Mapping[str, Any], level: str) -> dict[str, Any]:
    return dict(step) if level == "full" else {**step, "message": ""}


_DETAILS: dict[str, Any] = {
    "message": "",
    "output": "",
    "counterexample": None,
    "figures": list,
}
