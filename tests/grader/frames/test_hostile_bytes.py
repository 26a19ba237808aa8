"""Whatever bytes arrive: a value or a FrameError, and no memory for what is only claimed."""

from __future__ import annotations

import struct
import tracemalloc
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.frames import Caps, FrameError, Handle, RaisedException, TensorArray, decode, encode
from grader.frames.messages import (
    Call,
    Load,
    Meta,
    parse_ask,
    parse_raised,
    parse_ready,
    parse_result,
)

SEEDS = [
    encode(value)
    for value in (
        [1, 2.5, "text", b"raw", None, True, 1j, 2**90],
        {"a": np.arange(12.0).reshape(3, 4), (1, 2): np.array([True, False])},
        (np.float32(1), np.random.default_rng(1), Handle(1, "x")),
        RaisedException(("A",), "b", 3),
        TensorArray.of(np.zeros(3, np.uint16), "bfloat16", "cpu"),
        Call.body(Call.parse(("call", None, "f", (1,), {}, False, False))),
        (1, ((0,), ("x",), True, (("overflow", 3),))),
    )
]
PARSERS = [Call.parse, Load.parse, Meta.parse, parse_ask, parse_raised, parse_ready, parse_result]


def try_all(data: bytes) -> None:
    """Decode and parse; only FrameError may come out."""
    try:
        value = decode(data)
    except FrameError:
        return
    for parse in PARSERS:
        try_parse(parse, value)


def try_parse(parse: Any, value: object) -> None:
    with suppress(FrameError):
        parse(value)


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_frame_errors(data: bytes) -> None:
    try_all(data)


@given(st.sampled_from(SEEDS), st.data())
def test_mutated_frames_raise_nothing_but_frame_errors(seed: bytes, data: st.DataObject) -> None:
    raw = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    try_all(bytes(raw))


@given(st.sampled_from(SEEDS), st.data())
def test_cut_and_glued_frames_are_refused(seed: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(seed) - 1))
    with pytest.raises(FrameError):
        decode(seed[:cut])
    with pytest.raises(FrameError):
        decode(seed + bytes(data.draw(st.integers(1, 9))))


def u32(value: int) -> bytes:
    return struct.pack("<I", value)


def array_claim(dtype: int, *shape: int) -> bytes:
    head = struct.pack(f"<BBB{len(shape)}Q", 14, dtype, len(shape), *shape)
    return head + bytes(-len(head) % 16)


CLAIMS = {
    "list of 4 billion": bytes([10]) + u32(2**32 - 1),
    "list of what is left": bytes([10]) + u32(2_000_000) + b"\x01" * 2_000_000,
    "dict of 4 billion": bytes([12]) + u32(2**32 - 1),
    "text of 4 GB": bytes([8]) + u32(2**32 - 1),
    "bytes of 4 GB": bytes([9]) + u32(2**32 - 1),
    "huge integer": bytes([5]) + u32(2**20) + bytes(2**20),
    "array of 8 TB": array_claim(12, 2**40),
    "array that wraps around to nothing": array_claim(12, 2**32, 2**32),
    "array of negative size": array_claim(12, 2**64 - 1),
    "array of 8 dimensions of 2**62": array_claim(12, *[2**62] * 8),
    "empty array with a huge side": array_claim(12, 10**12, 0),
    "array of 9 dimensions": array_claim(12, *[1] * 9) + bytes(8),
    "object dtype": array_claim(99, 1) + bytes(8),
    "bfloat16 array without tensor": array_claim(15, 1) + bytes(2),
    "bool that is 2": array_claim(1, 1) + b"\x02",
    "scalar bool that is 2": bytes([13, 1, 2]),
    "generator with an even increment": bytes([16]) + bytes(16) + bytes(16) + bytes(5),
    "record of unknown kind": bytes([17, 99, 11]) + u32(0),
    "handle with too many fields": bytes([17, 1, 11]) + u32(3) + b"\x01\x01\x01",
    "handle with a text as id": bytes([17, 1]) + encode(("1", "x")),
    "text that is no UTF-8": bytes([8]) + u32(2) + b"\xff\xff",
    "surrogate": bytes([8]) + u32(3) + b"\xed\xa0\x80",
    "key that is a list": bytes([12]) + u32(1) + encode([1]) + b"\x01",
    "key that is an array": bytes([12]) + u32(1) + array_claim(12, 0) + b"\x01",
    "key twice": bytes([12]) + u32(2) + (encode("a") + b"\x01") * 2,
    "key twice by another type": bytes([12]) + u32(2) + encode(1) + b"\x01" + encode(1.0) + b"\x01",
    "deep": (bytes([10]) + u32(1)) * 5000 + b"\x01",
    "deep records": bytes([17, 1]) * 5000,
    "exception without classes": bytes([17, 5]) + encode(((), "x", None)),
    "exception with a long message": bytes([17, 5]) + encode((("A",), "x" * 3000, None)),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_refused_without_the_memory_for_it(claim: str) -> None:
    data = CLAIMS[claim]
    tracemalloc.start()
    try:
        with pytest.raises(FrameError):
            decode(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 300_000


def test_keys_that_could_collide_are_few() -> None:
    many = dict.fromkeys(range(5000))
    with pytest.raises(FrameError, match="keys"):
        decode(encode(many))
    assert len(decode(encode({str(n): None for n in range(5000)}))) == 5000


def test_padding_is_zero() -> None:
    good = encode(np.zeros(1))
    bad = bytearray(good)
    bad[12] = 1
    with pytest.raises(FrameError, match="padding"):
        decode(bytes(bad))


@pytest.mark.parametrize("cap", ["frame_bytes", "items", "elements", "text_bytes"])
def test_every_cap_binds_the_decoder(cap: str) -> None:
    data = encode([np.zeros((4, 4)), "a text of some length", 1, 2, 3])
    assert decode(data)
    with pytest.raises(FrameError):
        decode(data, Caps(**{cap: 4}))
