"""Points with their word, and what they are a part of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gradus.web import numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 points"),
        (1, "1 point"),
        (Decimal("1.00"), "1 point"),
        (0.5, "0.5 points"),
        (-1, "\N{MINUS SIGN}1 points"),
        (Decimal("12.25"), "12.25 points"),
    ],
)
def test_points_have_their_word(value: object, said: str) -> None:
    assert numbers.counted_points(value) == said


def test_a_part_of_the_points_has_the_word_of_the_whole() -> None:
    assert numbers.points_of(0, 1) == "0 of 1 point"
    assert numbers.points_of(1, Decimal("2.50")) == "1 of 2.5 points"
    assert numbers.part_of(Decimal("1.50"), 10) == "1.5 of 10"


@pytest.mark.parametrize(("count", "said"), [(1, "1 byte"), (999, "999 bytes"), (1000, "1.0 KB")])
def test_sizes_have_their_unit(count: int, said: str) -> None:
    assert numbers.size(count) == said
