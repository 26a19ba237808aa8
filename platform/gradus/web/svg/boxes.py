"""Rectangles on an image, by group: groups differ by dash and by their name at the corner."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from gradus.web.numbers import as_float
from gradus.web.svg.draw import label, picture, rect, tag

WIDTH = 420.0
DASHES = ("none", "7 4", "2 3", "9 3 2 3")


def boxes(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    width, height = as_float(data["width"]) or 1.0, as_float(data["height"]) or 1.0
    unit = WIDTH / width
    tall = min(2000.0, height * unit)
    parts = [rect(0, 0, WIDTH, tall, "h0")]
    for k, group in enumerate(data["groups"]):
        alone = len(group["boxes"]) == 1
        for number, corners in enumerate(group["boxes"]):
            x1, y1, x2, y2 = ((as_float(v) or 0.0) * unit for v in corners)
            shape = rect(
                min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1), f"x-line x-l{k % 4}",
                stroke_dasharray=DASHES[k % 4],
            )  # fmt: skip
            parts.append(shape)
            if len(group["boxes"]) <= 8:
                name = group["name"] if alone else f"{group['name']} {number + 1}"
                parts.append(label(min(x1, x2) + 4, min(y1, y2) + 14, name[:20], "x-halo"))
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
