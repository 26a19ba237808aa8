"""Plain copies: what they make of a value is what the codec makes of it, or they leave it alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from grader.checker.plain import MOST_BYTES, MOST_ITEMS, NotPlain, plain_copy
from grader.frames import FrameError, decode, encode

READ_ONLY = np.arange(3.0)
READ_ONLY.setflags(write=False)
PASSED: list[Any] = [
    None,
    True,
    -(2**63),
    2**63 - 1,
    -0.0,
    float("inf"),
    1 + 2j,
    "text",
    np.float32(0.1),
    np.bool_(True),
    np.int8(-1),
    [1, [2.0, ("a", None)]],
    (np.arange(6.0).reshape(2, 3).T, {"axis": np.array([True, False])}),
    np.asarray(np.arange(24)[::-2]),
    np.array(3.0),
    np.array([np.nan, -np.inf]),
    np.asfortranarray(np.ones((3, 4), np.complex64)),
    READ_ONLY,
]


class Pair(NamedTuple):
    first: int
    second: int


class Whole(int):
    """A number that is not exactly one."""


LOOP: list[Any] = []
LOOP.append(LOOP)
LEFT: list[Any] = [
    2**63,
    "ü",
    "\ud800",
    b"bytes",
    {1: 2},
    {"ü": 1},
    {"a": {3: 4}},
    Pair(1, 2),
    Whole(3),
    print,
    np.random.default_rng(1),
    np.array(["a"]),
    np.array([None]),
    np.array([1.0], dtype=">f8"),
    np.array([1], dtype=np.longlong),
    np.longlong(1),
    np.zeros((0, 10**12)),
    np.zeros((1,) * 9),
    np.ma.masked_array([1.0]),
    np.zeros(MOST_BYTES + 1, np.uint8),
    [0] * (MOST_ITEMS + 1),
    "a" * (MOST_ITEMS + 1),
    LOOP,
    [[[[[[[1]]]]]]],
]


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        bits = one.dtype == other.dtype and one.shape == other.shape
        layout = one.flags.c_contiguous and other.flags.c_contiguous and one.flags.writeable
        return bits and layout and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return repr(one) == repr(other)


@pytest.mark.parametrize("value", PASSED, ids=repr)
def test_a_plain_copy_is_what_the_codec_makes(value: Any) -> None:
    assert same(plain_copy(value), decode(bytearray(encode(value))))


@pytest.mark.parametrize("value", LEFT, ids=lambda value: type(value).__name__)
def test_what_is_not_exactly_plain_is_left_to_the_codec(value: Any) -> None:
    with pytest.raises(NotPlain):
        plain_copy(value)


def test_a_plain_copy_shares_nothing_that_could_change() -> None:
    array, inner = np.arange(4.0), [1]
    copied = plain_copy((array, inner, {"a": inner}))
    array[0] = 9.0
    inner.append(2)
    assert copied[0][0] == 0.0
    assert copied[1:] == ([1], {"a": [1]})


def test_what_the_codec_refuses_is_no_plain_value() -> None:
    """A cap that only the codec knows would otherwise hold for students and not for the author."""
    for value in LEFT:
        try:
            encode(value)
        except (FrameError, RecursionError):
            with pytest.raises(NotPlain):
                plain_copy(value)
