"""Rectangles on an image, by group: groups differ by dash and by their name at the corner."""

from __future__ import annotations

import math
from typing import Any

from django.utils.safestring import SafeString

from gradus.web.numbers import as_float
from gradus.web.svg.draw import label, picture, rect, tag

WIDTH = 420.0
DASHES = ("none", "7 4", "2 3", "9 3 2 3")
AROUND = 0.5  # of the image, on each side: boxes beyond are cut, or they would lie over the page


def boxes(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    width, height = as_float(data["width"]) or 1.0, as_float(data["height"]) or 1.0
    corners = [[_finite(v) for v in box] for g in data["groups"] for box in g["boxes"]]
    left, right = _reach(width, [x for x1, _, x2, _ in corners for x in (x1, x2)])
    top, bottom = _reach(height, [y for _, y1, _, y2 in corners for y in (y1, y2)])
    unit = WIDTH / (right - left)
    tall = min(2000.0, (bottom - top) * unit)
    parts = [rect(-left * unit, -top * unit, width * unit, min(tall, height * unit), "h0")]
    rest = iter(corners)
    for k, group in enumerate(data["groups"]):
        alone = len(group["boxes"]) == 1
        for number in range(len(group["boxes"])):
            x1, y1, x2, y2 = next(rest)
            x1, x2 = sorted((min(max(x, left), right) - left) * unit for x in (x1, x2))
            y1, y2 = sorted(min((min(max(y, top), bottom) - top) * unit, tall) for y in (y1, y2))
            shape = rect(
                x1, y1, x2 - x1, y2 - y1, f"x-line x-l{k % 4}", stroke_dasharray=DASHES[k % 4]
            )
            parts.append(shape)
            if len(group["boxes"]) <= 8:
                name = group["name"] if alone else f"{group['name']} {number + 1}"
                at = y2 - 5 if k % 2 else y1 + 14  # equal boxes of two groups keep both names
                parts.append(label(x1 + 4, at, name[:20], "x-halo"))
    for k, group in enumerate(data["groups"]):
        y = tall + 18 + 20 * k
        way = f"0,{y} 28,{y}"
        parts.append(
            tag("polyline", points=way, class_=f"x-line x-l{k % 4}", stroke_dasharray=DASHES[k % 4])
        )
        count = "" if len(group["boxes"]) == 1 else f" ({len(group['boxes'])})"
        parts.append(label(36, y + 4, f"{group['name']}{count}"))
    total = tall + 20 * len(data["groups"]) + 12
    return picture(uid, title, description, *parts, viewBox=f"-2 -2 {WIDTH + 4:.0f} {total:.0f}")


def _finite(value: Any) -> float:
    number = as_float(value)
    return number if number is not None and math.isfinite(number) else 0.0


def _reach(side: float, places: list[float]) -> tuple[float, float]:
    """Return what is drawn along one axis: the image, and boxes that reach over its edges."""
    low, high = min([0.0, *places]), max([side, *places])
    return max(low, -AROUND * side), min(high, (1 + AROUND) * side)
