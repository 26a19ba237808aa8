"""Figures of a class: how totals are spread, and which items are hard and which tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gradus.web.svg.draw import label, line, picture, rect, tag

WIDTH, HEIGHT = 560, 228
LEFT, RIGHT, TOP, FLOOR = 40, 8, 22, 180
BINS = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """One item on the plane of difficulty and discrimination."""

    name: str  # written beside it
    mean: float  # share of the points
    r: float
    low: float
    high: float


def bins(percents: Sequence[float]) -> list[int]:
    """How many from 0 to below 10, to below 20, …; 100 and more are in the last one."""
    counts = [0] * BINS
    for value in percents:
        counts[min(BINS - 1, max(0, int(value * BINS // 100)))] += 1
    return counts


def histogram(
    uid: str, title: str, description: str, counts: Sequence[int], marks: Sequence[float]
) -> SafeString:
    """Bars over ten parts of 0 to 100 per cent; `marks` are the quartiles."""
    most = max([*counts, 1])
    step = (WIDTH - LEFT - RIGHT) / len(counts)
    parts = []
    for k, count in enumerate(counts):
        tall = (FLOOR - TOP) * count / most
        x = LEFT + k * step
        parts.append(rect(x + 2, FLOOR - tall, step - 4, tall, "x-me"))
        if count:
            parts.append(label(x + step / 2, FLOOR - tall - 5, count, "mid"))
        parts.append(label(x, FLOOR + 27, 100 * k // len(counts), "mid"))
    parts.append(label(WIDTH - RIGHT, FLOOR + 27, 100, "mid"))
    parts.append(line(LEFT, FLOOR, WIDTH - RIGHT, FLOOR, "x-ax"))
    for mark in marks:
        x = LEFT + min(100.0, max(0.0, mark)) / 100 * (WIDTH - LEFT - RIGHT)
        parts.append(tag("path", d=f"M{x:.1f} {FLOOR + 2} l5 9 h-10 z", class_="x-node"))
    below = _("total so far in %; triangles: quartiles")
    parts.append(label(WIDTH - RIGHT, FLOOR + 44, below, "fin"))
    return picture(uid, title, description, *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}")


def plane(uid: str, title: str, description: str, spots: Sequence[Spot]) -> SafeString:
    """Items by mean share of the points, and by how well they tell strong from weak."""
    floor, height, top = 260, 300, 16
    least = min([0.0, *(spot.low for spot in spots)])

    def x_of(mean: float) -> float:
        return LEFT + min(1.0, max(0.0, mean)) * (WIDTH - LEFT - RIGHT)

    def y_of(r: float) -> float:
        return floor - (r - least) / (1 - least) * (floor - top)

    parts = []
    for tenths in range(0, 11, 2):
        parts.append(label(x_of(tenths / 10), floor + 18, 10 * tenths, "mid"))
        parts.append(line(LEFT, y_of(tenths / 10), WIDTH - RIGHT, y_of(tenths / 10), "x-gr"))
        parts.append(label(LEFT - 6, y_of(tenths / 10) + 4, f"{tenths / 10:.1f}", "fin"))
    parts.append(line(LEFT, floor, WIDTH - RIGHT, floor, "x-ax"))
    for spot in spots:
        x, y = x_of(spot.mean), y_of(spot.r)
        parts.append(line(x, y_of(spot.low), x, y_of(spot.high), "x-ci"))
        parts.append(tag("circle", cx=x, cy=y, r=4.0, class_="x-me"))
        parts.append(label(x + 7, y - 4, spot.name, "x-halo"))
    parts.append(label(WIDTH - RIGHT, floor + 34, _("mean share of the points in %"), "fin"))
    return picture(uid, title, description, *parts, viewBox=f"0 0 {WIDTH} {height}")
