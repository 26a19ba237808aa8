"""Data of the figures that a check may attach. The platform draws them; nothing here makes a picture."""

from __future__ import annotations

from grader.figures.figure import MAX_BYTES, Figure, FigureError
from grader.figures.make import bars, boxes, curves, heatmap, trajectory

__all__ = [
    "MAX_BYTES", "Figure", "FigureError", "bars", "boxes", "curves", "heatmap", "trajectory",
]  # fmt: skip
