"""Lines over a common axis, and ways over a plane. Lines differ by dash as well as by colour."""

from __future__ import annotations

import math
from typing import Any

from django.utils.safestring import SafeString

from gradus.web.numbers import as_float, short
from gradus.web.svg.draw import label, line, picture, rect, tag
from gradus.web.svg.heatmap import step
from gradus.web.svg.scale import Scale, linear

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 44
# with four colours no two of twelve lines look the same
DASHES = ("none", "7 4", "2 3", "9 3 2 3", "12 3 2 3 2 3", "14 5")


def curves(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    xs = [_float(x) for x in data["xs"]]
    series = [(str(s["name"]), [_float(y) for y in s["ys"]]) for s in data["series"]]
    plot = _Plot(linear(xs), _y_scale([y for _, ys in series for y in ys], bool(data.get("log"))))
    parts = plot.axes(str(data.get("x") or ""), str(data.get("y") or ""))
    for k, (_, ys) in enumerate(series):
        parts += [
            _line(points, k) for points in plot.runs(list(zip(xs, ys, strict=False))) if points
        ]
    parts += _legend([name for name, _ in series], HEIGHT)
    height = HEIGHT + 20 * math.ceil(len(series) / 3) + 6
    return picture(uid, title, description, *parts, viewBox=f"0 0 {WIDTH} {height}")


def trajectory(uid: str, title: str, description: str, data: dict[str, Any]) -> SafeString:
    paths = [
        (str(p["name"]), [(_float(x), _float(y)) for x, y in p["points"]]) for p in data["paths"]
    ]
    corners = [_float(v) for v in data["extent"]] if data.get("extent") else None
    spots = [spot for _, points in paths for spot in points]
    if corners:
        spots += [(corners[0], corners[2]), (corners[1], corners[3])]
    plot = _Plot(linear([x for x, _ in spots]), linear([y for _, y in spots]))
    parts = _surface(plot, data["surface"], corners) if corners else []
    parts += plot.axes("", "")
    for k, (_, points) in enumerate(paths):
        parts += [_line(run, k) for run in plot.runs(points) if run]
        parts += plot.ends(points)
    parts += _legend([name for name, _ in paths], HEIGHT)
    height = HEIGHT + 20 * math.ceil(len(paths) / 3) + 6
    return picture(uid, title, description, *parts, viewBox=f"0 0 {WIDTH} {height}")


class _Plot:
    """Two scales on the drawing area."""

    def __init__(self, x: Scale, y: Scale) -> None:
        self.x, self.y = x, y

    def place(self, x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + self.x.at(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.y.at(y) * (HEIGHT - TOP - BOTTOM),
        )

    def runs(self, points: list[tuple[float, float]]) -> list[str]:
        """Point lists of the finite stretches; a gap stays a gap."""
        found: list[list[str]] = [[]]
        for x, y in points:
            if math.isfinite(x) and math.isfinite(y) and (not self.y.logarithmic or y > 0):
                found[-1].append("{:.1f},{:.1f}".format(*self.place(x, y)))
            elif found[-1]:
                found.append([])
        return [" ".join(run) for run in found]

    def ends(self, points: list[tuple[float, float]]) -> list[SafeString]:
        drawn = []
        for (x, y), classes in ((points[0], "x-node"), (points[-1], "x-me")):
            if math.isfinite(x) and math.isfinite(y):
                cx, cy = self.place(x, y)
                drawn.append(tag("circle", cx=cx, cy=cy, r=4, class_=classes))
        return drawn

    def axes(self, x_name: str, y_name: str) -> list[SafeString]:
        floor, end = HEIGHT - BOTTOM, WIDTH - RIGHT
        drawn = []
        for tick in self.y.ticks(5):
            _, at = self.place(self.x.low, tick)
            drawn += [
                line(LEFT, at, end, at, "x-gr"),
                label(LEFT - 8, at + 4, short(tick, 3), "fin"),
            ]
        for tick in self.x.ticks(6):
            at, _ = self.place(tick, self.y.low)
            drawn += [
                line(at, floor, at, floor + 5, "x-ax"),
                label(at, floor + 18, short(tick, 3), "mid"),
            ]
        drawn += [line(LEFT, floor, end, floor, "x-ax")]
        drawn += [label(end, HEIGHT - 8, x_name, "fin"), label(LEFT, TOP, y_name, "t1")]
        return drawn


def _line(points: str, k: int) -> SafeString:
    """One stretch of a line; a point alone between two gaps is a small ring."""
    if " " not in points:
        x, y = points.split(",")
        return tag("circle", cx=x, cy=y, r=3, class_=f"x-line x-l{k % 4}")
    return tag(
        "polyline",
        points=points,
        class_=f"x-line x-l{k % 4}",
        stroke_dasharray=DASHES[k % len(DASHES)],
    )


def _legend(names: list[str], top: float) -> list[SafeString]:
    drawn = []
    for k, name in enumerate(names):
        x, y = LEFT + (k % 3) * 165, top + 20 * (k // 3) + 4
        drawn.append(_line(f"{x},{y} {x + 28},{y}", k))
        drawn.append(label(x + 34, y + 4, name[:22]))
    return drawn


def _surface(plot: _Plot, heights: list[list[Any]], corners: list[float]) -> list[SafeString]:
    """Heights as grey steps under the ways; row 0 lies at y1."""
    values = [[_float(v) for v in row] for row in heights]
    finite = sorted(v for row in values for v in row if math.isfinite(v))
    low, high = finite[0], finite[-1]
    limits = tuple(finite[int(len(finite) * q)] - low for q in (0.2, 0.45, 0.75))
    wide, tall = (corners[1] - corners[0]) / len(values[0]), (corners[3] - corners[2]) / len(values)
    drawn = []
    for i, row in enumerate(values):
        for j, v in enumerate(row):
            x1, y1 = plot.place(corners[0] + j * wide, corners[2] + i * tall)
            x2, y2 = plot.place(corners[0] + (j + 1) * wide, corners[2] + (i + 1) * tall)
            name = f"g{step(min(v, high) - low, (limits[0], limits[1], limits[2]))}"
            drawn.append(rect(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1), name))
    return drawn


def _y_scale(values: list[float], logarithmic: bool) -> Scale:
    positive = [v for v in values if math.isfinite(v) and v > 0]
    if logarithmic and positive and max(positive) > min(positive):
        return Scale(min(positive) / 1.2, max(positive) * 1.2, logarithmic=True)
    return linear(values)


def _float(value: Any) -> float:
    number = as_float(value)
    if number is None:
        raise ValueError(f"{value!r} is no number")
    return number
