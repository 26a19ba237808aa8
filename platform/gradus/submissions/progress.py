"""What a page shows while a job runs, built from the grader's lines."""

from __future__ import annotations

from typing import Any

from grader import contracts

WRITE_SECONDS = 0.25  # at most four writes a second
_SHOWN = ("id", "title", "status", "visible", "reveal", "points", "max_points")


class Progress:
    """The picture so far: the place in the grader's own queue, then the checks."""

    def __init__(self) -> None:
        self._position: int | None = None
        self._checks: dict[str, dict[str, Any]] = {}
        self._written_at = float("-inf")
        self._changed = False

    def hear(self, line: contracts.Reply) -> None:
        """Take in a line; others than these change nothing."""
        if isinstance(line, contracts.Queued):
            self._position = line.position
        elif isinstance(line, contracts.Started):
            self._position = None
            self._checks = {
                str(check.get("id")): {**_picked(check), "status": "waiting"}
                for check in line.checks
            }
        elif isinstance(line, contracts.Check):
            known = self._checks.setdefault(line.id, {"id": line.id, "title": line.id})
            known.update(_picked(line.model_dump()))
        else:
            return
        self._changed = True

    def due(self, now_seconds: float) -> bool:
        """Whether there is news, and the last writing is long enough ago."""
        if not self._changed or now_seconds - self._written_at < WRITE_SECONDS:
            return False
        self._changed = False
        self._written_at = now_seconds
        return True

    def as_json(self) -> dict[str, Any]:
        return {"position": self._position, "checks": list(self._checks.values())}


def _picked(check: dict[str, Any]) -> dict[str, Any]:
    return {name: check[name] for name in _SHOWN if name in check}
