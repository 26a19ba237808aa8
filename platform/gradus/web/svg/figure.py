"""From figure data, as a check or an exercise attached it, to what a page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gradus.web.numbers import short
from gradus.web.svg.bars import bars
from gradus.web.svg.boxes import boxes
from gradus.web.svg.curves import curves, trajectory
from gradus.web.svg.heatmap import heatmap
from gradus.web.svg.network import network

Table = tuple[list[str], list[list[str]]]  # head and rows
MOST_ROWS = 64


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """Markup, name and finding of a figure, and its numbers as a table where that is readable."""

    svg: SafeString
    title: str
    description: str
    head: list[str]
    rows: list[list[str]]


DRAWERS: dict[str, Callable[[str, str, str, dict[str, Any]], SafeString]] = {
    "heatmap": heatmap,
    "curves": curves,
    "bars": bars,
    "boxes": boxes,
    "trajectory": trajectory,
    "network": network,
}


def draw_figure(figure: dict[str, Any], uid: str) -> DrawnFigure | None:
    """Draw one figure; None where its data cannot be drawn, which must not cost the page.

    `uid` makes the ids in the markup unique on the page.
    """
    title, description = str(figure.get("title", "")), str(figure.get("description", ""))
    drawer = DRAWERS.get(str(figure.get("kind")))
    data = figure.get("data")
    if drawer is None or not isinstance(data, dict):
        return None
    try:
        svg = drawer(uid, title, description, data)
        head, rows = table_of(str(figure["kind"]), data)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError):
        return None
    return DrawnFigure(svg, title, description, head, rows)


def table_of(kind: str, data: dict[str, Any]) -> Table:
    """The numbers of a figure as text: head and rows, empty where there are too many."""
    if kind == "bars":
        return [data.get("y") or "", _("value")], [
            [b["name"], short(b["value"])] for b in data["bars"]
        ]
    if kind == "curves":
        names = [s["name"] for s in data["series"]]
        every = max(1, len(data["xs"]) // MOST_ROWS)
        rows = [
            [
                short(x, 4),
                *(short(s["ys"][i], 4) if i < len(s["ys"]) else "" for s in data["series"]),
            ]
            for i, x in enumerate(data["xs"])
            if i % every == 0
        ]
        return [data.get("x") or "x", *names], rows
    if kind == "heatmap" and len(data["values"]) <= 12 and len(data["values"][0]) <= 12:
        head = ["", *(str(j) for j in range(len(data["values"][0])))]
        return head, [[str(i), *(short(v, 3) for v in row)] for i, row in enumerate(data["values"])]
    if kind == "boxes":
        head = ["", "x1", "y1", "x2", "y2"]
        rows = [
            [g["name"], *(short(v, 4) for v in box)] for g in data["groups"] for box in g["boxes"]
        ]
        return head, rows[:MOST_ROWS]
    return [], []
