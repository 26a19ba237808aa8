"""What the page of a by-hand exercise needs before anything is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.byhand.problem import Problem


def fields_of(problem: Problem, tolerances: Mapping[str, float]) -> list[dict[str, Any]]:
    """One field per step, in order."""
    return [
        {
            "id": step.id,
            "kind": "number",
            "label": step.label,
            "latex": step.latex,
            "unit": step.unit,
            "section": step.section,
            "points": step.points,
            "integer": step.integer,
            "tolerance": tolerances[step.id],
        }
        for step in problem.steps
    ]
