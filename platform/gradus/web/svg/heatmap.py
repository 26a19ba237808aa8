"""A matrix as cells of one hue: lightness is the absolute value, five steps with a legend."""

from __future__ import annotations

import math
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gradus.web.numbers import as_float, short
from gradus.web.svg.draw import label, line, picture, rect

SIDE = 224  # of the drawn matrix, in user units
WIDTH = 420.0  # at least, or a small matrix would fill the page
LEFT, TOP = 30, 22
SHARES = (0.125, 0.3, 0.55)  # limits between the four steps, as shares of the largest value


def heatmap(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    values = [[abs(_number(v)) for v in row] for row in data["values"]]
    rows, columns = len(values), max(len(row) for row in values)
    cell = min(22.0, SIDE / max(rows, columns))
    limits = _limits(values)
    gap = 1 if cell > 6 else 0
    parts = [
        rect(LEFT + j * cell, TOP + i * cell, cell - gap, cell - gap, f"h{step(v, limits)}")
        for i, row in enumerate(values)
        for j, v in enumerate(row)
    ]
    parts += _crosses(values, cell, gap)
    parts += _marks(rows, columns, cell)
    legend_x = LEFT + columns * cell + 24
    parts += _legend(limits, legend_x)
    width = max(legend_x + 118, WIDTH)
    height = max(TOP + rows * cell + 4, 160.0)
    return picture(uid, title, description, *parts, viewBox=f"0 0 {width:.0f} {height:.0f}")


def step(value: float, limits: tuple[float, float, float]) -> int:
    """0 for none, 1 to 4 by size; what is not finite is the strongest."""
    if value == 0:
        return 0
    if not math.isfinite(value):
        return 4
    return 1 + sum(value > limit for limit in limits)


def _number(value: Any) -> float:
    number = as_float(value)
    if number is None:
        raise ValueError(f"{value!r} is no number")
    return number


def _limits(values: list[list[float]]) -> tuple[float, float, float]:
    largest = max((v for row in values for v in row if math.isfinite(v)), default=1.0) or 1.0
    first, second, third = (float(f"{share * largest:.2g}") for share in SHARES)
    return first, second, third


def _crosses(values: list[list[float]], cell: float, gap: int) -> list[SafeString]:
    """Cells that are not finite are crossed, so that they are told apart without colour."""
    drawn = []
    for i, row in enumerate(values):
        for j, v in enumerate(row):
            if not math.isfinite(v):
                x, y, end = LEFT + j * cell, TOP + i * cell, cell - gap
                drawn.append(line(x, y, x + end, y + end, "x-th"))
    return drawn


def _marks(rows: int, columns: int, cell: float) -> list[SafeString]:
    def places(count: int) -> list[int]:
        return sorted({0, count // 2, count - 1})

    top = [label(LEFT + (j + 0.5) * cell, TOP - 7, j, "mid") for j in places(columns)]
    side = [label(LEFT - 7, TOP + (i + 0.5) * cell + 4, i, "fin") for i in places(rows)]
    return top + side


def _legend(limits: tuple[float, float, float], x: float) -> list[SafeString]:
    a, b, c = (short(limit, 3) for limit in limits)
    between = _("{low} to {high}")
    texts = [
        _("above {value}").format(value=c),
        between.format(low=b, high=c),
        between.format(low=a, high=b),
        _("below {value}").format(value=a),
        _("zero"),
    ]
    drawn = []
    for k, text in enumerate(texts):
        drawn.append(rect(x, TOP + 26 * k, 18, 18, f"h{4 - k}"))
        drawn.append(label(x + 26, TOP + 26 * k + 13, text))
    return drawn
