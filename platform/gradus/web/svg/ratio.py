"""The bar of a performance check: thresholds as zones, the own value, the middle half of pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gradus.web.numbers import short
from gradus.web.svg.draw import label, line, percent, picture, rect, tag
from gradus.web.svg.scale import Scale

TIMES = "\N{MULTIPLICATION SIGN}"
CONFIRM = 0.10  # share around a threshold within which a result is measured again
TOP, BOTTOM = 44, 92
CLOSE = 0.34  # threshold labels nearer than this share would touch on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One performance result; `thresholds` are (value, share of the points), worst first."""

    metric: str  # ratio, count, score
    value: float
    thresholds: Sequence[tuple[float, float]]
    band: tuple[float, float] | None = None  # middle half of the pairs
    pairs: int | None = None


def with_unit(metric: str, value: float) -> str:
    return f"{short(value, 3)}{TIMES}" if metric == "ratio" else short(value, 4)


def scale_of(bar: Bar) -> Scale:
    """A scale on which every threshold and the own value have room; full marks are at the end."""
    marks = [t for t, _ in bar.thresholds] + [bar.value, *(bar.band or ())]
    marks = [m for m in marks if math.isfinite(m)]
    lowest, highest = min(marks), max(marks)
    inverted = bar.metric == "count"
    if bar.metric != "score" and lowest > 1e-100:  # what is smaller has no logarithmic scale
        return Scale(lowest / 2.2, highest * 2, logarithmic=True, inverted=inverted)
    air = 0.25 * (highest - lowest) or abs(highest) * 0.25 or 1.0
    return Scale(lowest - air, highest + air, inverted=inverted)


def ratio_bar(bar: Bar, uid: str) -> SafeString:
    """Draw it as wide as its container: lengths are per cent, so text keeps its size."""
    scale = scale_of(bar)
    stops = [scale.at(t) for t, _ in bar.thresholds]
    parts = [_hatching(uid), *_zones(stops, bar), *_confirm_zones(bar, scale, uid)]
    parts += _threshold_lines(bar, stops)
    if bar.band:
        left, right = sorted(scale.at(v) for v in bar.band)
        parts.append(
            rect(percent(left), TOP, percent(max(right - left, 0.004)), BOTTOM - TOP, "x-band")
        )
    if math.isfinite(bar.value):
        parts += _own_value(bar, scale.at(bar.value))
    parts += _axis(bar, scale)
    return picture(
        uid, _("Your result against the thresholds"), describe(bar), *parts,
        class_="fluid", width="100%", height=116,
    )  # fmt: skip


def describe(bar: Bar) -> str:
    """The finding in words."""
    limits = ", ".join(_limit(bar.metric, value, share) for value, share in bar.thresholds)
    told = _("Points: {limits}.").format(limits=limits)
    better = _("Lower is better.") if bar.metric == "count" else _("Higher is better.")
    return f"{_yours(bar)} {told} {better}"


def _yours(bar: Bar) -> str:
    value = with_unit(bar.metric, bar.value)
    if not bar.band or not bar.pairs:
        return _("Yours is {value}.").format(value=value)
    low, high = (with_unit(bar.metric, v) for v in bar.band)
    said = _("Yours is {value} over {pairs} pairs, middle half from {low} to {high}.")
    return said.format(value=value, pairs=bar.pairs, low=low, high=high)


def _limit(metric: str, value: float, share: float) -> str:
    least = with_unit(metric, value)
    if share >= 1:
        return _("full from {value}").format(value=least)
    # xgettext:no-python-format
    return _("{percent} % from {value}").format(percent=short(100 * share, 3), value=least)


def _hatching(uid: str) -> SafeString:
    stroke = line(0, 0, 0, 6, "x-zone")
    return tag(
        "defs",
        tag(
            "pattern", stroke, id=f"{uid}-h", width=6, height=6,
            patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
        ),
    )  # fmt: skip


def _zones(stops: list[float], bar: Bar) -> list[SafeString]:
    edges = [0.0, *stops, 1.0]
    names = ["x-base", *("x-w-pass" if share >= 1 else "x-w-part" for _, share in bar.thresholds)]
    return [
        rect(percent(a), TOP, percent(b - a), BOTTOM - TOP, name)
        for a, b, name in zip(edges, edges[1:], names, strict=False)
    ]


def _confirm_zones(bar: Bar, scale: Scale, uid: str) -> list[SafeString]:
    if bar.metric != "ratio":
        return []
    drawn = []
    for threshold, _share in bar.thresholds:
        a, b = scale.at(threshold * (1 - CONFIRM)), scale.at(threshold * (1 + CONFIRM))
        zone = rect(percent(a), TOP, percent(b - a), BOTTOM - TOP, "", fill=f"url(#{uid}-h)")
        drawn.append(zone)
    return drawn


def _threshold_lines(bar: Bar, stops: list[float]) -> list[SafeString]:
    drawn = []
    high = False
    for k, ((value, share), stop) in enumerate(zip(bar.thresholds, stops, strict=True)):
        high = k > 0 and stop - stops[k - 1] < CLOSE and not high
        y = 14 if high else 30
        drawn.append(line(percent(stop), y + 5, percent(stop), BOTTOM, "x-th"))
        text = _limit(bar.metric, value, share)
        drawn.append(label(percent(stop), y, text, f"t1 {_anchor(stop)}"))
    return drawn


def _own_value(bar: Bar, at: float) -> list[SafeString]:
    x = percent(at)
    text = _("yours {value}").format(value=with_unit(bar.metric, bar.value))
    return [
        line(x, TOP + 20, x, BOTTOM, "x-me-l"),
        tag("circle", cx=x, cy=TOP + 24, r=4, class_="x-me"),
        label(x, TOP + 14, text, f"t1 {_anchor(at)}"),
    ]


def _axis(bar: Bar, scale: Scale) -> list[SafeString]:
    drawn = [line(0, BOTTOM, "100%", BOTTOM, "x-ax")]
    for tick in scale.ticks():
        at = scale.at(tick)
        drawn.append(line(percent(at), BOTTOM, percent(at), BOTTOM + 5, "x-ax"))
        drawn.append(label(percent(at), BOTTOM + 19, with_unit(bar.metric, tick), _anchor(at)))
    return drawn


def _anchor(at: float) -> str:
    return "" if at < 0.16 else "fin" if at > 0.84 else "mid"
