"""What `checks.py` and `problem.py` of an exercise may use (docs/contributors/authoring.md)."""

from __future__ import annotations

from grader.authoring.growth import growth
from grader.authoring.judging import attach, close, equal, raises, require
from grader.authoring.registry import check, performance
from grader.authoring.values import tensor, view
from grader.byhand.steps import mistake, step
from grader.figures import bars, boxes, curves, heatmap, trajectory

__all__ = [
    "attach", "bars", "boxes", "check", "close", "curves", "equal", "growth", "heatmap",
    "mistake", "performance", "raises", "require", "step", "tensor", "trajectory", "view",
]  # fmt: skip
