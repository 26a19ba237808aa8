from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.web.svg.ratio import TIMES, Bar, describe, ratio_bar, scale_of

HALF_AND_FULL = ((15.0, 0.5), (60.0, 1.0))


def test_full_marks_are_always_at_the_end() -> None:
    ratio = scale_of(Bar("ratio", 20.0, HALF_AND_FULL))
    count = scale_of(Bar("count", 50.0, ((90.0, 0.5), (40.0, 1.0))))
    assert ratio.at(15) < ratio.at(60)
    assert count.at(90) < count.at(40)


def test_the_scale_of_a_ratio_is_logarithmic() -> None:
    scale = scale_of(Bar("ratio", 20.0, HALF_AND_FULL))
    assert scale.at(40) - scale.at(20) == pytest.approx(scale.at(20) - scale.at(10))


def test_the_finding_names_value_band_and_thresholds() -> None:
    words = describe(Bar("ratio", 26.4, HALF_AND_FULL, (25.7, 26.7), 15)).replace(TIMES, "x")
    assert words == (
        "Yours is 26.4x over 15 pairs, middle half from 25.7x to 26.7x."
        " Points: 50 % from 15x, full from 60x. Higher is better."
    )


@given(
    st.sampled_from(["ratio", "count", "score"]),
    st.floats(-1e6, 1e6) | st.sampled_from([0.0, 5e-324, float("inf"), float("nan")]),
    st.lists(st.floats(0.01, 1e5), min_size=1, max_size=3, unique=True),
)
def test_every_length_stays_inside_the_picture(
    metric: str, value: float, limits: list[float]
) -> None:
    ordered = sorted(limits, reverse=metric == "count")
    thresholds = tuple((t, (k + 1) / len(ordered)) for k, t in enumerate(ordered))
    svg = ratio_bar(Bar(metric, value, thresholds, (value, value), 5), "r")
    ElementTree.fromstring(svg)
    shares = [float(s) for s in re.findall(r'="(-?[\d.]+)%"', svg)]
    assert all(0 <= share <= 100 for share in shares)
