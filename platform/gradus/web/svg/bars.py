"""One bar for each name, lying, so that names of any length stay readable."""

from __future__ import annotations

import math
from typing import Any

from django.utils.safestring import SafeString

from gradus.web.numbers import as_float, short
from gradus.web.svg.draw import label, line, picture, rect

WIDTH, ROW, NAME, VALUE = 560, 26, 170, 70


def bars(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    entries = [(str(b["name"]), as_float(b["value"])) for b in data["bars"]]
    finite = [v for _, v in entries if v is not None and math.isfinite(v)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    unit = (WIDTH - NAME - VALUE) / ((high - low) or 1.0)
    zero = NAME - low * unit
    parts = []
    for k, (name, value) in enumerate(entries):
        y = ROW * k + 4
        parts.append(label(NAME - 10, y + 14, name[:26], "fin"))
        number = value if value is not None and math.isfinite(value) else 0.0
        start = zero + min(0.0, number) * unit
        parts.append(rect(start, y + 2, max(abs(number) * unit, 1.0), ROW - 10, "x-me"))
        end = start + abs(number) * unit + 6
        parts.append(label(end, y + 14, "" if value is None else short(value, 4)))
    height = ROW * len(entries) + 8
    parts.append(line(zero, 0, zero, height, "x-ax"))
    return picture(uid, title, description, *parts, viewBox=f"0 0 {WIDTH} {height}")
