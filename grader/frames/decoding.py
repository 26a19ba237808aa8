"""Bytes to values; `tags.py` describes the layout.

The bytes are hostile. Each length, count and shape is held against the caps and against the bytes
that are left before anything is
made from it, so memory grows with what arrived and never with what was claimed. Arrays are views
on the payload.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import prod
from struct import Struct
from typing import Any, Protocol

import numpy as np

from grader.frames import tags
from grader.frames.caps import Caps, FrameError
from grader.frames.dtypes import BFLOAT16, BOOL, DTYPE_OF, TORCH_NAME_OF
from grader.frames.tensors import torch_tensor
from grader.frames.values import GeneratorState, Record, TensorArray

_LENGTH = Struct("<I")
_INT = Struct("<q")
_FLOAT = Struct("<d")
_COMPLEX = Struct("<dd")
_GENERATOR = Struct("<16s16sBI")
_DIMENSIONS = [Struct(f"<{ndim}Q") for ndim in range(65)]
_UINT16 = np.dtype("<u2")


class FromWire(Protocol):
    """What the decoder asks about a record."""

    def from_wire(self, record: Record) -> object:
        """Return what the record stands for on this side, or raise FrameError to refuse it."""


class Decoder:
    """Reads one value from a payload, which the arrays read from it keep alive."""

    __slots__ = ("at", "caps", "data", "end", "hooks", "items", "other_keys")

    def __init__(self, data: Any, caps: Caps, hooks: FromWire | None) -> None:
        self.data = memoryview(data)
        self.caps = caps
        self.hooks = hooks
        self.at = 0
        self.end = self.data.nbytes
        self.items = 0
        self.other_keys = 0

    def take(self, count: int) -> int:
        """Step over `count` bytes and return where they begin."""
        begin = self.at
        if count > self.end - begin:
            raise FrameError(f"the frame ends at byte {self.end}; byte {begin + count} is needed")
        self.at = begin + count
        return begin

    def byte(self) -> int:
        return self.data[self.take(1)]

    def count(self) -> int:
        """Read a u32 that counts things of at least one byte each."""
        count: int = _LENGTH.unpack_from(self.data, self.take(4))[0]
        if count > self.end - self.at:
            raise FrameError(f"byte {self.at - 4} counts {count}; {self.end - self.at} are left")
        return count

    def get(self, depth: int = 0) -> Any:
        """Read one value."""
        self.items += 1
        if self.items > self.caps.items:
            raise FrameError(f"the frame holds more than {self.caps.items} values")
        at = self.at
        if at == self.end:
            raise FrameError(f"the frame ends at byte {at}; another value is due")
        self.at = at + 1
        read = _READERS[self.data[at]]
        if read is None:
            raise FrameError(f"byte {at} is no tag")
        return read(self, depth)

    def get_int(self, depth: int) -> int:
        number: int = _INT.unpack_from(self.data, self.take(8))[0]
        return number

    def get_big_int(self, depth: int) -> int:
        size = self.count()
        if size > self.caps.int_bytes:
            raise FrameError(f"a whole number has {size} bytes")
        begin = self.take(size)
        return int.from_bytes(self.data[begin : self.at], "little", signed=True)

    def get_float(self, depth: int) -> float:
        number: float = _FLOAT.unpack_from(self.data, self.take(8))[0]
        return number

    def get_complex(self, depth: int) -> complex:
        return complex(*_COMPLEX.unpack_from(self.data, self.take(16)))

    def get_text(self, depth: int) -> str:
        size = self.count()
        if size > self.caps.text_bytes:
            raise FrameError(f"a text has {size} bytes")
        begin = self.take(size)
        try:
            return str(self.data[begin : self.at], "utf-8")
        except UnicodeDecodeError:
            raise FrameError(f"the text at byte {begin} is no UTF-8") from None

    def get_bytes(self, depth: int) -> bytes:
        size = self.count()
        begin = self.take(size)
        return bytes(self.data[begin : self.at])

    def open_container(self, depth: int) -> int:
        count = self.count()
        if depth >= self.caps.nesting:
            raise FrameError(f"values are nested more than {self.caps.nesting} deep")
        if count > self.caps.items - self.items:
            raise FrameError(f"the frame holds more than {self.caps.items} values")
        return count

    def get_list(self, depth: int) -> list[Any]:
        get = self.get
        return [get(depth + 1) for _ in range(self.open_container(depth))]

    def get_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self.get_list(depth))

    def get_dict(self, depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        count = self.open_container(depth)
        for _ in range(count):
            key = self.get_key(depth + 1)
            made[key] = self.get(depth + 1)
        if len(made) != count:
            raise FrameError("a dict holds a key twice")
        return made

    def get_key(self, depth: int) -> Any:
        """Read a dict key: str, or few of what hashes predictably."""
        key = self.get(depth)
        if type(key) is not str:
            self.other_keys += 1
            if self.other_keys > self.caps.other_keys:
                raise FrameError(f"more than {self.caps.other_keys} dict keys are no text")
            if not _may_be_key(key):
                raise FrameError(f"a dict key is a {type(key).__name__}")
        return key

    def get_scalar(self, depth: int) -> Any:
        dtype = DTYPE_OF.get(self.byte())
        if dtype is None:
            raise FrameError(f"byte {self.at - 1} is no dtype")
        return self.block(dtype, ())[()]

    def get_array(self, depth: int) -> np.ndarray[Any, Any]:
        dtype = DTYPE_OF.get(self.byte())
        if dtype is None:
            raise FrameError(f"byte {self.at - 1} is no dtype")
        return self.block(dtype, self.shape())

    def shape(self) -> tuple[int, ...]:
        """Read ndim, dimensions and padding."""
        ndim = self.byte()
        if ndim > self.caps.ndim:
            raise FrameError(f"an array has {ndim} dimensions")
        shape: tuple[int, ...] = _DIMENSIONS[ndim].unpack_from(self.data, self.take(8 * ndim))
        if prod([dimension or 1 for dimension in shape]) > self.caps.elements:
            raise FrameError(f"an array has the shape {shape}")
        padding = -self.at % tags.ALIGNMENT
        begin = self.take(padding)
        if any(self.data[begin : self.at]):
            raise FrameError(f"the padding at byte {begin} is not zero")
        return shape

    def block(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        """View the next bytes as an array; no copy."""
        begin = self.take(prod(shape) * dtype.itemsize)
        array: np.ndarray[Any, Any] = np.ndarray(shape, dtype, self.data, begin)
        if dtype is _BOOL and (array.view(np.uint8) > 1).any():
            raise FrameError(f"the array at byte {begin} holds a bool that is neither 0 nor 1")
        return array

    def get_tensor(self, depth: int) -> Any:
        """Read a tensor: a torch tensor where torch is imported, else a TensorArray."""
        begin = self.take(self.byte())
        device = bytes(self.data[begin : self.at])
        if not device.isascii() or not device:
            raise FrameError("a tensor's device is no ASCII name")
        code = self.byte()
        dtype = _UINT16 if code == BFLOAT16 else DTYPE_OF.get(code)
        if dtype is None:
            raise FrameError(f"byte {self.at - 1} is no dtype")
        array = self.block(dtype, self.shape())
        torch = sys.modules.get("torch")
        if torch is None:
            return TensorArray.of(array, TORCH_NAME_OF[code], device.decode())
        return torch_tensor(torch, array, bfloat16=code == BFLOAT16)

    def get_generator(self, depth: int) -> np.random.Generator:
        begin = self.take(_GENERATOR.size)
        state, inc, has_uint32, uinteger = _GENERATOR.unpack_from(self.data, begin)
        halves = (int.from_bytes(state, "little"), int.from_bytes(inc, "little"))
        return GeneratorState(*halves, has_uint32, uinteger).generator()

    def get_record(self, depth: int) -> Any:
        kind: Any = tags.RECORDS.get(self.byte())
        fields = self.get(depth + 1) if depth < self.caps.nesting else None
        if kind is None or type(fields) is not tuple or len(fields) != len(kind.__slots__):
            raise FrameError("a record is of no known kind")
        record = kind.checked(*fields)
        return record if self.hooks is None else self.hooks.from_wire(record)


def _may_be_key(key: object) -> bool:
    if type(key) is tuple:
        return all(_may_be_key(part) for part in key)
    return key is None or type(key) in (str, int, float, bool)


_BOOL = DTYPE_OF[BOOL]
Reader = Callable[[Decoder, int], Any]
_READER_OF: dict[int, Reader] = {
    tags.NONE: lambda decoder, depth: None,
    tags.TRUE: lambda decoder, depth: True,
    tags.FALSE: lambda decoder, depth: False,
    tags.INT: Decoder.get_int,
    tags.BIG_INT: Decoder.get_big_int,
    tags.FLOAT: Decoder.get_float,
    tags.COMPLEX: Decoder.get_complex,
    tags.TEXT: Decoder.get_text,
    tags.BYTES: Decoder.get_bytes,
    tags.LIST: Decoder.get_list,
    tags.TUPLE: Decoder.get_tuple,
    tags.DICT: Decoder.get_dict,
    tags.SCALAR: Decoder.get_scalar,
    tags.ARRAY: Decoder.get_array,
    tags.TENSOR: Decoder.get_tensor,
    tags.GENERATOR: Decoder.get_generator,
    tags.RECORD: Decoder.get_record,
}
_READERS = [_READER_OF.get(tag) for tag in range(256)]
