from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.compare import compare, kind_name
from grader.frames.values import TensorArray

FLOATS = npst.arrays(
    np.float64, npst.array_shapes(min_dims=0, max_dims=3, max_side=4), elements=st.floats(width=64)
)


@given(FLOATS)
def test_every_array_equals_itself(array: npt.NDArray[np.float64]) -> None:
    assert compare(array, array.copy(), exact=True) is None


@given(FLOATS.filter(lambda a: a.size > 0), st.data())
def test_one_changed_entry_is_found_and_counted(
    array: npt.NDArray[np.float64], data: st.DataObject
) -> None:
    index = tuple(data.draw(st.integers(0, n - 1)) for n in array.shape)
    changed = array.copy()
    changed[index] = 1.0 if changed[index] != 1.0 else 2.0
    found = compare(changed, array, exact=True)
    assert found is not None
    assert (found.kind, found.index, found.differs, found.count) == ("value", index, 1, array.size)


@given(FLOATS.filter(lambda a: a.size > 0 and not np.isnan(a).any()))
def test_nan_never_equals_a_number_whatever_the_tolerance(array: npt.NDArray[np.float64]) -> None:
    nans = np.full(array.shape, np.nan)
    assert compare(nans, array, rtol=math.inf, atol=math.inf) is not None
    assert compare(array, nans, rtol=math.inf, atol=math.inf) is not None


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
    st.floats(0, 1e-3),
    st.floats(0, 1e-3),
)
def test_the_tolerance_is_absolute_plus_relative_to_the_expected_value(
    expected: float, rtol: float, atol: float
) -> None:
    allowed = atol + rtol * abs(expected)
    assume(allowed == 0 or allowed > 16 * math.ulp(expected))  # else the sum rounds beyond it
    assert compare(expected + 0.9 * allowed, expected, rtol=rtol, atol=atol) is None
    beyond = expected + 1.1 * allowed + 4 * math.ulp(expected)
    assert compare(beyond, expected, rtol=rtol, atol=atol) is not None


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 0.0, 1e300, -1.0])
@pytest.mark.parametrize("expected", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_equals_only_itself(value: float, expected: float) -> None:
    same = value == expected or (math.isnan(value) and math.isnan(expected))
    assert (compare(value, expected, rtol=1e9, atol=1e9) is None) is same


@pytest.mark.parametrize(
    ("got", "expected", "kind"),
    [
        (np.zeros((7,)), np.zeros((4, 7)), "shape"),
        (np.zeros(3, np.float32), np.zeros(3), "dtype"),
        (np.zeros(3), np.zeros(3, np.int64), "dtype"),
        (np.zeros(3, np.int64), np.zeros(3), "dtype"),
        (np.ones(3, bool), np.ones(3, np.int64), "dtype"),
        ([0.0, 0.0], np.zeros(2), "type"),
        (None, np.zeros(2), "type"),
        ("1.0", 1.0, "type"),
        (1.0, True, "dtype"),
        (True, 1, "dtype"),
        (3.0, 3, "dtype"),
        (np.zeros(1), 0.0, "shape"),
        ((1.0,), (1.0, 2.0), "length"),
        ({"a": 1}, {"b": 1}, "keys"),
        ([1], {"b": 1}, "type"),
        ("a", "b", "value"),
        (np.zeros(2), TensorArray.of(np.zeros(2), "float64", "cpu"), "type"),
        (1, "1", "type"),
        (1, None, "type"),
    ],
)  # fmt: skip
def test_what_is_exact_is_exact(got: object, expected: object, kind: str) -> None:
    found = compare(got, expected, rtol=1.0, atol=1.0)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.float64(1.5), 1.5),
        (np.array(1.5), 1.5),
        (1.5, np.array(1.5)),
        (2, 2.0),
        (np.int32(3), 3),
        (np.array([1, 2], np.int32), np.array([1, 2])),
        ([1.0, (2.0, "x")], (1.0, [2.0, "x"])),
        ({"b": 1.0, "a": None}, {"a": None, "b": 1.0}),
        (np.bool_(True), True),
        (TensorArray.of(np.zeros(2, np.float32), "float32", "cuda:0"), np.zeros(2, np.float32)),
        (2**70, 2**70),
        ((), []),
        (np.zeros((0, 5)), np.zeros((0, 5))),
    ],
)  # fmt: skip
def test_what_may_differ_in_form_is_the_same(got: object, expected: object) -> None:
    assert compare(got, expected, exact=True) is None


def test_a_tensor_on_another_device_is_not_the_same() -> None:
    there = TensorArray.of(np.zeros(2, np.float32), "float32", "cuda:0")
    found = compare(TensorArray.of(np.zeros(2, np.float32), "float32", "cpu"), there)
    assert found is not None
    assert found.kind == "device"
    assert compare(there, there) is None


def test_the_path_names_the_place_inside_nested_values() -> None:
    found = compare({"a": [1.0, np.array([1.0, 5.0])]}, {"a": [1.0, np.array([1.0, 2.0])]})
    assert found is not None
    assert (found.path, found.index, found.worst) == (("a", 1), (1,), 3.0)


def test_bfloat16_bits_are_compared_as_the_numbers_they_stand_for() -> None:
    bits = TensorArray.of(np.array([0x3F80, 0x4000], np.uint16), "bfloat16", "cpu")
    near = TensorArray.of(np.array([0x3F81, 0x4000], np.uint16), "bfloat16", "cpu")
    assert kind_name(bits) == "bfloat16"
    assert compare(near, bits, rtol=1e-2) is None
    assert compare(near, bits, rtol=1e-3) is not None


def test_large_integers_are_compared_exactly() -> None:
    assert compare(2**62 + 1, 2**62, rtol=1e-3) is not None
    assert compare(2**200 + 1, 2**200) is not None


def test_float16_differences_do_not_overflow() -> None:
    got = np.array([60000.0], np.float16)
    assert compare(-got, got, rtol=1e-3) is not None


def test_deep_nesting_ends_in_a_difference_and_not_in_a_crash() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert compare(deep, deep) is not None
