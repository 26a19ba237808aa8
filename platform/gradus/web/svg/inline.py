"""Small drawings inside of table cells. The cells beside them say the same in numbers."""

from __future__ import annotations

from django.utils.safestring import SafeString

from gradus.web.svg.draw import line, percent, rect, tag

HEIGHT = 12


def bar(share: float) -> SafeString:
    """A length of 0 to 1."""
    return _small(rect(0, 1, percent(share), HEIGHT - 2, "x-me", rx=2))


def interval(low: float, value: float, high: float) -> SafeString:
    """A value of 0 to 1 with its interval."""
    dot = tag("circle", cx=percent(value), cy=HEIGHT / 2, r=3.5, class_="x-me")
    whole = line(percent(low), HEIGHT / 2, percent(high), HEIGHT / 2, "x-edge")
    return _small(line(0, HEIGHT - 1, "100%", HEIGHT - 1, "x-gr"), whole, dot)


def box(least: float, lower: float, median: float, upper: float, most: float) -> SafeString:
    """Least, quartiles and most on a scale from 0 to 1; the thick line is the median."""
    middle = HEIGHT / 2
    return _small(
        line(0, HEIGHT - 0.5, "100%", HEIGHT - 0.5, "x-gr"),
        line(percent(least), middle, percent(most), middle, "x-edge"),
        rect(percent(lower), 1, percent(max(upper - lower, 0.004)), HEIGHT - 2, "x-band"),
        line(percent(median), 0, percent(median), HEIGHT, "x-th"),
    )


def _small(*children: SafeString) -> SafeString:
    return tag("svg", *children, class_="b", width="100%", height=HEIGHT, aria_hidden="true")
