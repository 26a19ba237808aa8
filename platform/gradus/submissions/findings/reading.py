"""From the body of a verdict to findings. Pure; a migration uses it too."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

SCORED = ("passed", "partial", "failed")  # statuses of verdicts that have findings
MOST_NAME, MOST_MISTAKE = 120, 200  # characters
_RESULTS = {
    "failed": "failed",
    "wrong": "failed",
    "skipped": "skipped",
    "follow-through": "followed",
}


def findings_of(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of each finding, in the order of the verdict."""
    for kind, parts in (("check", body.get("checks", ())), ("step", body.get("steps", ()))):
        for part in parts:
            if part["status"] in _RESULTS:
                yield {
                    "kind": kind,
                    "name": part["id"][:MOST_NAME],
                    "result": _RESULTS[part["status"]],
                    "mistake": (part.get("mistake") or "")[:MOST_MISTAKE],
                }
    for part in body.get("performance", ()):
        value = part.get("value")
        if isinstance(value, int | float) and math.isfinite(value):
            name = part["id"][:MOST_NAME]
            yield {"kind": "speed", "name": name, "result": "measured", "value": float(value)}
