"""Figures of a class: whole, named, and safe with titles of strangers."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from gradus.web.svg.distribution import Spot, bins, histogram, plane
from gradus.web.svg.inline import bar, box, interval

SHARES = st.floats(0, 1)


@given(st.lists(st.floats(0, 250), max_size=60))
def test_everybody_is_in_one_bin(percents: list[float]) -> None:
    counts = bins(percents)
    assert (len(counts), sum(counts)) == (10, len(percents))


def test_the_ends_of_bins() -> None:
    assert bins([0, 9.99, 10, 99.99, 100, 104])[:2] == [2, 1]
    assert bins([0, 9.99, 10, 99.99, 100, 104])[9] == 3


def test_a_histogram_is_one_tree_with_a_name_and_a_finding() -> None:
    svg = histogram("u", "<Totals>", "1 & 2", [0, 3, 1], [10.0, 50.0, 120.0])
    tree = ElementTree.fromstring(svg)
    assert (tree.findtext("title"), tree.findtext("desc")) == ("<Totals>", "1 & 2")
    tall = [float(one.get("height", "0")) for one in tree.findall("rect")]
    assert tall[0] == 0
    assert abs(tall[1] - 3 * tall[2]) < 0.05  # two decimals are written


@given(st.lists(st.tuples(SHARES, st.floats(-1, 1), st.floats(0, 0.5)), min_size=1, max_size=9))
def test_every_item_is_on_the_plane(items: list[tuple[float, float, float]]) -> None:
    spots = [Spot("x", mean, r, max(-1, r - e), min(1, r + e)) for mean, r, e in items]
    tree = ElementTree.fromstring(plane("p", "T", "D", spots))
    circles = tree.findall("circle")
    assert len(circles) == len(items)
    for one in circles:
        assert 0 <= float(one.get("cx", "-1")) <= 560
        assert 0 <= float(one.get("cy", "-1")) <= 262


def test_each_item_bears_its_own_number_also_after_one_that_is_left_out() -> None:
    spots = [Spot(name, 0.5, 0.4, 0.3, 0.5) for name in ("1", "3", "4")]
    labels = ElementTree.fromstring(plane("p", "T", "D", spots)).findall("text")
    assert [one.text for one in labels if one.get("class") == "x-halo"] == ["1", "3", "4"]


@given(st.lists(SHARES, min_size=5, max_size=5).map(sorted))
def test_small_drawings_are_hidden_from_readers_who_have_the_numbers(five: list[float]) -> None:
    for svg in (bar(five[0]), interval(five[0], five[1], five[2]), box(*five)):
        assert ElementTree.fromstring(svg).get("aria-hidden") == "true"
