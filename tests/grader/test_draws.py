"""The random source: equal for equal seeds, apart for other labels, of the stated ranges."""

from __future__ import annotations

import numpy as np
import pytest

from grader.draws import Draw


def test_equal_seed_and_label_give_equal_draws() -> None:
    assert np.array_equal(Draw(b"s", "a").normal(5), Draw(b"s", "a").normal(5))


@pytest.mark.parametrize(
    ("seed", "label"), [(b"s", "b"), (b"t", "a"), (b"sa", ""), (b"", "sa"), (b"s", "a ")]
)
def test_another_seed_or_label_gives_another_stream(seed: bytes, label: str) -> None:
    assert Draw(seed, label).normal() != Draw(b"s", "a").normal()


def test_the_stream_stays_the_same_between_versions_of_the_engine() -> None:
    """Stored seeds replay verdicts: a change of these values breaks every record."""
    draw = Draw(b"seed", "label")
    assert draw.integers(0, 1000, size=4).tolist() == [463, 949, 85, 788]
    assert draw.uniform() == pytest.approx(0.2453772971485676, abs=1e-15)


def test_an_empty_shape_is_a_float_and_any_other_an_array() -> None:
    draw = Draw(b"s", "a")
    assert type(draw.normal()) is float
    assert type(draw.uniform(low=2, high=3)) is float
    assert type(draw.integers(0, 5)) is int
    assert draw.normal(2, 3).shape == (2, 3)
    assert draw.integers(0, 5, size=(2, 2)).dtype == np.int64


def test_scale_and_range() -> None:
    draw = Draw(b"s", "a")
    assert abs(draw.normal(4000, loc=5, scale=0.1).mean() - 5) < 0.01
    values = draw.uniform(4000, low=-2, high=-1)
    assert values.min() >= -2
    assert values.max() < -1
    assert set(draw.integers(3, 6, size=200).tolist()) == {3, 4, 5}


def test_choices_are_the_entries_themselves() -> None:
    draw = Draw(b"s", "a")
    entry = object()
    assert draw.choice([entry]) is entry
    assert sorted(draw.sample("abcd", 4)) == list("abcd")
    assert len(set(draw.sample(range(100), 50))) == 50
    assert sorted(draw.permutation(5).tolist()) == [0, 1, 2, 3, 4]
    assert {draw.boolean() for _ in range(50)} == {True, False}


def test_refuses_to_choose_more_than_there_is() -> None:
    with pytest.raises(ValueError, match="3 of 2 entries"):
        Draw(b"s", "a").sample([1, 2], 3)


def test_seeds_and_generators_are_fresh_each_time() -> None:
    draw = Draw(b"s", "a")
    first, second = draw.seed(), draw.seed()
    assert first != second
    assert min(first, second) >= 0
    assert max(first, second) < 2**63
    assert draw.generator().normal() != draw.generator().normal()


def test_numbers_are_read_only() -> None:
    draw = Draw(b"s", "a", {"alpha": 0.5})
    assert draw.numbers.alpha == 0.5
    with pytest.raises(AttributeError, match="read-only"):
        draw.numbers.alpha = 1
