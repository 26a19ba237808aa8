"""The network of a by-hand exercise: layers from left to right, weights written on the edges.

Data: {"layers": [[{"id", "label", "value"?}]], "edges": [{"from", "to", "label", "value"}],
"notes": [{"label", "value"}]}.
"""

from __future__ import annotations

import math
from typing import Any

from django.utils.safestring import SafeString

from gradus.web.numbers import short
from gradus.web.svg.draw import label, line, picture, tag, words

ACROSS, DOWN, RADIUS = 165.0, 118.0, 29.0
MARGIN = 46.0
PLACES = (0.34, 0.66)  # where on an edge its weight is written: crossing edges use both


def network(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    layers: list[list[dict[str, Any]]] = data["layers"]
    tallest = max(len(layer) for layer in layers)
    where = _places(layers, tallest)
    edges, texts = [], []
    for edge in data.get("edges", []):
        start, end = where[str(edge["from"])], where[str(edge["to"])]
        edges.append(_edge(start, end))
        texts.append(_weight(start, end, edge))
    nodes = [_node(where[str(n["id"])], n) for layer in layers for n in layer]
    width = 2 * MARGIN + ACROSS * (len(layers) - 1)
    height = 2 * MARGIN + DOWN * (tallest - 1)
    notes = data.get("notes", [])
    written = [
        tag(
            "text", tag("tspan", words(n["label"]), class_="t1"), words(f" = {short(n['value'])}"),
            x=width / 2, y=height + 18 + 20 * k, class_="mid lg",
        )
        for k, n in enumerate(notes)
    ]  # fmt: skip
    total = height + 20 * len(notes) + (10 if notes else 0)
    return picture(
        uid, title, description, *edges, *texts, *nodes, *written,
        viewBox=f"0 0 {width:.0f} {total:.0f}",
    )  # fmt: skip


def _places(layers: list[list[dict[str, Any]]], tallest: int) -> dict[str, tuple[float, float]]:
    found = {}
    for column, layer in enumerate(layers):
        top = MARGIN + DOWN * (tallest - len(layer)) / 2
        for row, node in enumerate(layer):
            found[str(node["id"])] = (MARGIN + ACROSS * column, top + DOWN * row)
    return found


def _edge(start: tuple[float, float], end: tuple[float, float]) -> SafeString:
    dx, dy = end[0] - start[0], end[1] - start[1]
    away = RADIUS / (math.hypot(dx, dy) or 1.0)
    return line(
        start[0] + dx * away, start[1] + dy * away, end[0] - dx * away, end[1] - dy * away, "x-edge"
    )


def _weight(
    start: tuple[float, float], end: tuple[float, float], edge: dict[str, Any]
) -> SafeString:
    rising, falling = end[1] < start[1], end[1] > start[1]
    share = PLACES[0] if rising or falling else 0.5
    x = start[0] + (end[0] - start[0]) * share
    y = start[1] + (end[1] - start[1]) * share + (-8 if not (rising or falling) else 4)
    return tag(
        "text", tag("tspan", words(edge["label"]), class_="t1"), words(f" {short(edge['value'])}"),
        x=x, y=y, class_="mid x-halo",
    )  # fmt: skip


def _node(at: tuple[float, float], node: dict[str, Any]) -> SafeString:
    parts = [tag("circle", cx=at[0], cy=at[1], r=RADIUS, class_="x-node")]
    value = node.get("value")
    parts.append(label(at[0], at[1] + (5 if value is None else -3), node["label"], "t1 mid lg"))
    if value is not None:
        parts.append(label(at[0], at[1] + 14, short(value), "mid mo"))
    return tag("g", *parts)
