"""Data of the figures that a check may attach; the platform draws them."""

from __future__ import annotations

from grader.figures.figure import MAX_BYTES, Figure, FigureError
from grader.figures.make import bars, boxes, curves, heatmap, trajectory

__all__ = [
    "MAX_BYTES", "Figure", "FigureError", "bars", "boxes", "curves", "heatmap", "trajectory",
]  # fmt: skip
