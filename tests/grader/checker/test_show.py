from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from grader.checker.show import show

Array = NDArray[Any]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_every_value_is_shown_as_strict_json(value: Any) -> None:
    json.dumps(show(value), allow_nan=False)


@given(
    npst.arrays(
        npst.floating_dtypes() | npst.integer_dtypes() | npst.boolean_dtypes(),
        npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=20),
    )
)
def test_every_array_is_shown_small(array: Array) -> None:
    assert len(json.dumps(show(array), allow_nan=False)) < 8_000


@given(st.integers(0, 39), st.integers(0, 29))
def test_the_entry_asked_for_is_in_the_window(row: int, column: int) -> None:
    array = np.arange(1200).reshape(40, 30)
    shown = show(array, (row, column))
    start = shown["start"]
    assert shown["array"][row - start[0]][column - start[1]] == array[row, column]
    assert (len(shown["array"]), len(shown["array"][0])) == (8, 8)


@pytest.mark.parametrize("shape", [(2, 3, 2, 2), (1, 8, 1, 1), (4, 4, 4), (8, 1, 8)])
def test_a_small_array_of_many_axes_is_shown_whole(shape: tuple[int, ...]) -> None:
    array = np.arange(math.prod(shape), dtype=float).reshape(shape)
    shown = show(array, tuple(length - 1 for length in shape))
    assert shown["array"] == array.tolist()
    assert shown["start"] == [0] * len(shape)


@pytest.mark.parametrize("shape", [(3, 3, 2, 2), (9, 2, 2), (2, 5, 7), (2, 2, 9)])
def test_of_a_larger_one_the_matrix_with_the_entry_is_shown(shape: tuple[int, ...]) -> None:
    array = np.arange(math.prod(shape), dtype=float).reshape(shape)
    shown = show(array, tuple(length - 1 for length in shape))
    assert np.size(shown["array"]) <= 64
    assert np.max(shown["array"]) == array.max()
    assert np.shape(shown["array"])[:-2] == (1,) * (len(shape) - 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (2**60, str(2**60))],
)
def test_what_json_cannot_hold_is_a_text(value: Any, text: str) -> None:
    assert show(value) == text


def test_long_lists_and_texts_are_cut_and_say_so() -> None:
    assert show(list(range(50)))[-1] == "… 38 more"
    assert show("a" * 1000).endswith(" …")


def test_characters_that_nobody_sees_are_escapes() -> None:
    text = "\ufeff0\t0.5\u00a00.5\u2003x\x0c\r\ny \u0661"
    assert show(text) == "\\ufeff0\\t0.5\\xa00.5\\u2003x\\x0c\\r\ny \u0661"


def test_deep_nesting_ends() -> None:
    deep: list[object] = []
    for _ in range(1000):
        deep = [deep]
    assert "…" in json.dumps(show(deep), ensure_ascii=False)
