"""What goes in comes out: every type that may cross, bit by bit."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.frames import (
    Callback,
    Caps,
    FrameError,
    Handle,
    RaisedException,
    TensorArray,
    TensorRequest,
    ViewRequest,
    decode,
    encode,
)
from grader.frames.dtypes import NAMES

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**4000), 2**4000)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
)
keys = st.recursive(
    st.text() | st.integers(-(2**63), 2**63) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.tuples(inner, inner),
    max_leaves=3,
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(keys, inner, max_size=5)
    ),
    max_leaves=20,
)
arrays = hnp.arrays(
    st.sampled_from(NAMES),
    hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4),
)


def bits(value: Any) -> Any:
    """Make exact: arrays by their bytes, floats by their bits (nan, -0.0), types named."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, list | tuple):
        return (type(value), [bits(item) for item in value])
    if isinstance(value, dict):
        return [(bits(key), bits(item)) for key, item in value.items()]
    if isinstance(value, float):
        return np.float64(value).tobytes()
    if isinstance(value, complex):
        return np.complex128(value).tobytes()
    return (type(value), value)


@given(values)
def test_plain_values_come_back_bit_by_bit(value: Any) -> None:
    assert bits(decode(encode(value))) == bits(value)


@given(arrays)
def test_arrays_come_back_bit_by_bit(array: np.ndarray) -> None:
    assert bits(decode(encode(array))) == bits(array)


@given(arrays, st.data())
def test_strided_arrays_come_back_in_c_order(array: np.ndarray, data: st.DataObject) -> None:
    steps = data.draw(st.tuples(*[st.sampled_from((1, 2, -1, -2)) for _ in array.shape]))
    view = array[tuple(slice(None, None, step) for step in steps)].T
    back = decode(encode(view))
    assert bits(back) == bits(view)
    assert back.flags.c_contiguous


@settings(max_examples=20)
@given(st.sampled_from(NAMES), st.integers(0, 40_000))
def test_arrays_of_any_size_are_aligned_for_their_dtype(name: str, size: int) -> None:
    # a writable numpy buffer, as the stream hands one over
    sent = ["x" * (size % 7), np.zeros(size, name)]
    data = np.frombuffer(encode(sent), np.uint8).copy()
    back = decode(data)[1]
    assert back.flags.aligned
    assert back.flags.writeable
    assert np.shares_memory(back, data) or size == 0


@pytest.mark.parametrize("name", NAMES)
def test_numpy_scalars_keep_their_type(name: str) -> None:
    back = decode(encode(np.ones(1, name)[0]))
    assert type(back) is np.dtype(name).type
    assert back == 1


def test_an_array_without_dimensions_stays_one() -> None:
    back = decode(encode(np.array(3.0)))
    assert type(back) is np.ndarray
    assert back.shape == ()


def test_big_endian_arrays_come_as_little_endian_with_equal_values() -> None:
    back = decode(encode(np.array([1.5, 2.0], ">f8")))
    assert back.dtype == np.dtype("<f8")
    assert back.tolist() == [1.5, 2.0]


def test_long_long_arrays_are_int64() -> None:
    assert decode(encode(np.zeros(2, np.longlong))).dtype == np.int64
    assert decode(encode(np.longlong(3))) == 3


def test_subclasses_come_as_what_they_extend() -> None:
    pair = namedtuple("pair", "a b")
    sent = [pair(1, 2), OrderedDict(a=1), np.matrix([[1.0]]), np.str_("x"), {np.int64(3): 1}]
    back = decode(encode(sent))
    assert [type(value) for value in back] == [tuple, dict, np.ndarray, str, dict]
    assert type(next(iter(back[4]))) is int


def lie(self: object, order: str = "C") -> bytes:
    return b"lie"


CLAIMS = {"shape": (1000, 1000), "nbytes": 8, "dtype": np.dtype("int8"), "tobytes": lie}
Liar: Any = type("Liar", (np.ndarray,), CLAIMS)  # says it is something else


def test_an_array_subclass_that_lies_crosses_as_it_is() -> None:
    back = decode(encode(np.arange(3.0).view(Liar)))
    assert bits(back) == bits(np.arange(3.0))


class Shrinking(list[object]):
    """Claims more items than it gives."""

    def __len__(self) -> int:
        return 1000


def test_a_list_that_lies_about_its_length_makes_a_sound_frame() -> None:
    assert decode(encode(Shrinking([1, 2]))) == [1, 2]


def test_a_generator_goes_on_where_it_was() -> None:
    rng = np.random.default_rng(7)
    rng.integers(0, 9, dtype=np.uint32)  # leaves half a word behind
    back = decode(encode(rng))
    assert back.integers(0, 2**31, 5, dtype=np.uint32).tolist() == (
        rng.integers(0, 2**31, 5, dtype=np.uint32).tolist()
    )
    assert back.normal(size=3).tolist() == rng.normal(size=3).tolist()


def test_only_pcg64_generators_cross() -> None:
    with pytest.raises(FrameError, match="PCG64"):
        encode(np.random.Generator(np.random.MT19937(1)))


@pytest.mark.parametrize(
    "record",
    [Handle(3, "Net"), Callback(4), RaisedException(("ValueError", "Exception"), "no", 12)],
)
def test_records_come_back_equal(record: object) -> None:
    assert decode(encode({"a": [record]})) == {"a": [record]}


def test_requests_come_back_with_their_arrays() -> None:
    tensor = TensorRequest(np.arange(4.0), "bfloat16", "cpu")
    back = decode(encode(ViewRequest(tensor, (3,))))
    assert (back.strides, back.array.dtype, back.array.device) == ((3,), "bfloat16", "cpu")
    assert back.array.array.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("name", [*NAMES, "bfloat16"])
def test_tensor_arrays_keep_dtype_device_and_bits(name: str) -> None:
    array = np.arange(6).reshape(2, 3).astype("uint16" if name == "bfloat16" else name)
    back = decode(encode(TensorArray.of(array, name, "cuda:0")))
    assert (type(back), back.torch_dtype, back.device) == (TensorArray, name, "cuda:0")
    assert back.tobytes() == array.tobytes()


def test_a_tensor_array_whose_dtype_does_not_fit_is_refused() -> None:
    with pytest.raises(FrameError, match="float32"):
        encode(TensorArray.of(np.zeros(2), "float32", "cpu"))


def test_bfloat16_bits_become_exact_numbers() -> None:
    bits16 = (np.array([1.0, -2.5, np.inf], np.float32).view(np.uint32) >> 16).astype(np.uint16)
    assert TensorArray.of(bits16, "bfloat16", "cpu").numbers().tolist() == [1.0, -2.5, np.inf]


def test_a_computed_tensor_array_names_its_own_dtype() -> None:
    tensor: Any = TensorArray.of(np.zeros(2, np.uint16), "bfloat16", "cpu")
    assert tensor[:1].torch_dtype == "bfloat16"
    assert tensor.astype(np.float64).torch_dtype == "float64"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "class object"),
        ({1, 2}, "class set"),
        (np.array([None]), "dtype object"),
        (np.zeros(2, np.longdouble), "dtype"),
        (np.array(["a"]), "dtype"),
        (np.datetime64("2020-01-01"), "dtype"),
        ("\ud800", "surrogate"),
        (1 << 5000, "bytes"),
        ({object(): 1}, "class dict"),
        (np.zeros((1,) * 9), "9 dimensions"),
    ],
)
def test_what_cannot_cross_is_refused_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        encode(value)


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def test_nesting_up_to_the_cap_crosses_and_no_deeper() -> None:
    assert decode(encode(nested(16))) == nested(16)
    with pytest.raises(FrameError, match="nested"):
        encode(nested(17))


def test_a_list_that_holds_itself_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(FrameError, match="nested"):
        encode(ring)


def test_a_small_object_that_unfolds_to_a_huge_frame_is_refused_early() -> None:
    text = "x" * 2**20
    with pytest.raises(FrameError, match="bytes cannot be sent"):
        encode([text] * 100, Caps(frame_bytes=2**22))
    with pytest.raises(FrameError, match="values"):
        encode([[0] * 100] * 100, Caps(items=1000))
