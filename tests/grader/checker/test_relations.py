from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.checker.relations import describe

Array = NDArray[Any]

RNG = np.random.default_rng(5)
MATRIX = RNG.normal(size=(4, 7))
TALL = RNG.normal(size=(9, 6))
SQUARE = RNG.normal(size=(4, 4))
IMAGE = RNG.normal(size=(2, 3, 6, 5))
VECTOR = RNG.normal(size=9)


def say(got: Any, expected: Any, sizes: Iterable[int] = ()) -> str | None:
    return describe(got, expected, rtol=1e-9, atol=1e-12, sizes=sizes)


def changed(array: Array, index: Any, by: float = 1.0) -> Array:
    copy = np.array(array)
    copy[index] += by
    return copy


def border(image: Array) -> Array:
    copy = image.copy()
    inner = np.zeros(image.shape[-2:], bool)
    inner[1:-1, 1:-1] = True
    copy[..., ~inner] += 1.0
    return copy


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (-MATRIX, MATRIX, "sign is wrong"),
        (4 * MATRIX, MATRIX, "4 times the expected value: is a mean over 4"),
        (MATRIX / 7, MATRIX, "1/7 of the expected value"),
        (2 * MATRIX, MATRIX, "twice the expected"),
        (math.log(10) * MATRIX, MATRIX, "ln 10 times"),
        (3.7 * MATRIX, MATRIX, "3.7 times"),
        (4 * 0.3, 0.3, "4 times the expected value: is a mean over 4"),
        (0.3 / math.log(10), 0.3, "1/ln 10 of"),
        (MATRIX.T, MATRIX, "transposed"),
        (SQUARE.T, SQUARE, "transposed"),
        (np.swapaxes(IMAGE, 2, 3), IMAGE, "axes 2 and 3 are swapped"),
        (np.flip(IMAGE, 1), IMAGE, "flipped along axis 1"),
        (np.flip(IMAGE, (2, 3)), IMAGE, "180 degrees"),
        (VECTOR[::-1], VECTOR, "reverse order"),
        (np.roll(VECTOR, 1), VECTOR, "one place too late"),
        (np.r_[VECTOR[1:], 0.0], VECTOR, "one place too early"),
        (MATRIX + 0.5, MATRIX, "same amount, 0.5"),
        (MATRIX + RNG.normal(size=7), MATRIX, "same everywhere along axis 0"),
        (1 - MATRIX, MATRIX, "1 minus"),
        (border(IMAGE), IMAGE, "except at the border"),
        (changed(MATRIX, (2, slice(None))), MATRIX, "except row 2"),
        (changed(MATRIX, (slice(None), 6)), MATRIX, "except the last column"),
        (changed(TALL, (slice(None), 5)), TALL, "except the last column"),
        (changed(VECTOR, 0), VECTOR, "except the first entry"),
        (MATRIX[:, None], MATRIX, "only axes of length 1"),
        (np.array([1.0, 1, 2, 2, 3, 3]), np.array([1.0, 2, 2, 2, 3, 3]), "right except entry 1"),
        (np.arange(6), np.arange(6.0), "only their type is wrong"),
        (changed(MATRIX, (2, 3), np.nan), MATRIX, "finite is right; 1 of 28 are nan"),
    ],
)  # fmt: skip
def test_a_relation_is_said_in_one_sentence(got: Any, expected: Any, words: str) -> None:
    sentence = say(got, expected, sizes=(4, 7))
    assert sentence is not None
    assert words in sentence


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (RNG.normal(size=(4, 7)), MATRIX),  # no relation at all
        (3.7 * 0.3, 0.3),  # one number always has some ratio
        (0.5, 0.0),
        (np.ones(4) * 5, np.ones(4) * 2),  # constant arrays have every relation
        (np.zeros((4, 7)), MATRIX),
        (changed(SQUARE, (1, 2)), SQUARE),  # one wrong entry is no row
        (MATRIX * (1 + 3e-9), MATRIX),  # a small error is no factor
        (np.array([1.0, 0, 0, 0]), np.array([0.0, 0, 0, 1])),  # one-hot is not reversed
        (np.full((4, 7), np.nan), MATRIX),
        (np.array(["a"]), MATRIX),
        ("text", MATRIX),
        (np.zeros((0, 3)), np.zeros((3, 0))),
        (RNG.normal(size=(2, 2)), RNG.normal(size=(3, 3))),
        (np.array([True, False, True]), np.array([True, True, True])),
        (1e-200 * MATRIX, MATRIX),
    ],
)
def test_nothing_is_said_where_nothing_is_certain(got: Any, expected: Any) -> None:
    assert say(got, expected, sizes=(4, 7)) is None


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5))
def test_unrelated_arrays_are_never_related(seed: int, rows: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    got, expected = rng.normal(size=(2, rows, columns))
    sentence = say(got, expected, sizes=(rows, columns))
    assert sentence is None or "except" in sentence


@given(st.integers(0, 2**32 - 1), st.sampled_from(["float32", "float16", "int64"]))
def test_no_kind_of_numbers_breaks_it(seed: int, dtype: str) -> None:
    rng = np.random.default_rng(seed)
    got, expected = (100 * rng.normal(size=(2, 5, 4))).astype(dtype)
    say(got, expected)
    sentence = say(expected.T, expected)
    assert sentence is not None
    assert "transposed" in sentence


SHAPES = st.lists(st.integers(0, 4), max_size=4)


@given(got=SHAPES, expected=SHAPES, seed=st.integers(0, 1000))
def test_no_pair_of_shapes_breaks_it(got: list[int], expected: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    describe(rng.normal(size=got), rng.normal(size=expected), rtol=1e-9, atol=1e-12)


def test_dropped_axes_are_said() -> None:
    expected = np.random.default_rng(0).normal(size=(1, 1, 3, 2))
    assert describe(np.squeeze(expected), expected, rtol=1e-9, atol=1e-12) is not None


def test_a_factor_is_said_only_where_the_small_entries_have_it_too() -> None:
    expected = np.array([[0.5, 0.3, 0.0015, 0.0008], [0.0009, 0.0007, 0.0006, 0.0005]])
    half_wrong = np.array([1.25 * expected[0], expected[1]])
    assert describe(half_wrong, expected, rtol=2e-3, atol=1e-6) is None
    said = describe(1.25 * expected, expected, rtol=2e-3, atol=1e-6)
    assert said == "Every entry is 1.25 times the expected value."


def test_rounding_within_a_coarse_tolerance_is_no_factor() -> None:
    expected = np.array([[0.1068, -0.3901, 1.25], [2.5, -0.75, 0.5]])
    rounded = expected * np.array([[1.003, 1.0, 1.0], [1.002, 1.0, 1.0]])
    assert describe(rounded, expected, rtol=2e-3, atol=1e-4) is None
