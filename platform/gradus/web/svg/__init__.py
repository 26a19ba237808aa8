"""Figures as SVG: pure functions from figure data to markup with classes, no styles, no scripts."""

from __future__ import annotations

from gradus.web.svg.figure import DrawnFigure, draw_figure

__all__ = ["DrawnFigure", "draw_figure"]
