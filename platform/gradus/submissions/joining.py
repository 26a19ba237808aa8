"""One picture of a submission whose correctness and speed were graded by two jobs."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Any


def join(correctness: Mapping[str, Any], speed: Mapping[str, Any] | None) -> dict[str, Any]:
    """Combine the two verdicts. The speed job repeats every correctness check, and that decides.

    Pure. While there is no usable speed verdict, the correctness verdict stands.
    """
    if speed is None or speed["status"] in ("error", "invalid"):
        return dict(correctness)
    repeated = {check["id"]: check for check in speed["checks"] if check["status"] != "pending"}
    checks = [repeated.pop(check["id"], check) for check in correctness["checks"]]
    checks += repeated.values()
    steps = list(correctness["steps"])
    points = round(fsum(part["points"] for part in [*checks, *steps]), 6)
    most = round(fsum(part["max_points"] for part in [*checks, *steps]), 6)
    status = "failed" if points == 0 else "passed" if points >= most else "partial"
    return {
        **speed,
        "checks": checks,
        "steps": steps,
        "points": points,
        "max_points": most,
        "status": status,
    }
