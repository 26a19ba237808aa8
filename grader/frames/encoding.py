"""Values to bytes; `tags.py` describes the layout.

On the student's side a value may be hostile (subclasses that lie, containers that change). Every
container is copied into an exact
list first and every array into an exact, C-ordered, little-endian one, so what is written always
fits together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any, Protocol

import numpy as np

from grader.frames import tags
from grader.frames.caps import Caps, FrameError
from grader.frames.dtypes import BFLOAT16, CODE_OF, SCALAR_CODE_OF, TORCH_CODE_OF
from grader.frames.tensors import plain_array
from grader.frames.values import GeneratorState, Record, TensorArray

Buffer = bytes | bytearray | memoryview
_LARGE = (
    32_768  # from this many bytes on an array is sent from where it lies instead of being copied
)
_INT = Struct("<Bq")
_FLOAT = Struct("<Bd")
_COMPLEX = Struct("<Bdd")
_LENGTH = Struct("<BI")
_GENERATOR = Struct("<B16s16sBI")
_DIMENSIONS = [Struct(f"<{ndim}Q") for ndim in range(65)]
_RECORD_CODE: dict[type[Any], int] = {kind: code for code, kind in tags.RECORDS.items()}


class ToWire(Protocol):
    """What the encoder asks about an object that cannot cross by value."""

    def to_wire(self, value: object) -> Record:
        """Return the record that stands for the object, or raise FrameError to refuse it."""


class Encoder:
    """Writes one value; then `parts` holds the bytes, large arrays as views on their memory."""

    __slots__ = ("caps", "done", "hooks", "items", "out", "parts")

    def __init__(self, caps: Caps, hooks: ToWire | None) -> None:
        self.caps = caps
        self.hooks = hooks
        self.parts: list[Buffer] = []
        self.out = bytearray()
        self.done = 0  # bytes in parts
        self.items = 0

    def finish(self) -> int:
        """Close the last part and return the number of bytes."""
        self.room(0)
        if self.out:
            self.parts.append(self.out)
            self.done += len(self.out)
            self.out = bytearray()
        return self.done

    def room(self, count: int) -> None:
        """Raises: FrameError where `count` more bytes would not fit the frame."""
        if self.done + len(self.out) + count > self.caps.frame_bytes:
            raise FrameError(f"more than {self.caps.frame_bytes} bytes cannot be sent at once")

    def put(self, value: object, depth: int = 0) -> None:
        """Write one value."""
        self.count(1)
        write = _EXACT.get(type(value)) or _writer_of(value)
        write(self, value, depth)

    def count(self, values: int) -> None:
        """Raises: FrameError where so many more values are too many."""
        self.items += values
        if self.items > self.caps.items:
            raise FrameError(f"more than {self.caps.items} values cannot be sent at once")

    def put_none(self, value: None, depth: int) -> None:
        self.out.append(tags.NONE)

    def put_bool(self, value: bool, depth: int) -> None:
        self.out.append(tags.TRUE if value else tags.FALSE)

    def put_int(self, value: int, depth: int) -> None:
        value = int(value)
        if -(2**63) <= value < 2**63:
            self.out += _INT.pack(tags.INT, value)
            return
        size = value.bit_length() // 8 + 1
        if size > self.caps.int_bytes:
            raise FrameError(
                f"a whole number of more than {self.caps.int_bytes} bytes cannot be sent"
            )
        self.out += _LENGTH.pack(tags.BIG_INT, size)
        self.out += value.to_bytes(size, "little", signed=True)

    def put_float(self, value: float, depth: int) -> None:
        self.out += _FLOAT.pack(tags.FLOAT, float(value))

    def put_complex(self, value: complex, depth: int) -> None:
        value = complex(value)
        self.out += _COMPLEX.pack(tags.COMPLEX, value.real, value.imag)

    def put_text(self, value: str, depth: int) -> None:
        try:
            raw = str.encode(value)
        except UnicodeEncodeError:
            raise FrameError("a text with half a surrogate pair cannot be sent") from None
        if len(raw) > self.caps.text_bytes:
            raise FrameError(f"a text of more than {self.caps.text_bytes} bytes cannot be sent")
        self.put_sized(tags.TEXT, raw)

    def put_bytes(self, value: bytes | bytearray | memoryview, depth: int) -> None:
        self.put_sized(tags.BYTES, bytes(value))

    def put_sized(self, tag: int, raw: bytes) -> None:
        self.room(len(raw))
        self.out += _LENGTH.pack(tag, len(raw))
        self.out += raw

    def put_list(self, value: list[Any], depth: int) -> None:
        self.put_items(tags.LIST, list(value), depth)

    def put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self.put_items(tags.TUPLE, list(value), depth)

    def open_container(self, tag: int, count: int, depth: int) -> None:
        if depth >= self.caps.nesting:
            raise FrameError(f"values nested more than {self.caps.nesting} deep cannot be sent")
        self.room(count)
        self.out += _LENGTH.pack(tag, count)

    def put_items(self, tag: int, items: list[Any], depth: int) -> None:
        self.open_container(tag, len(items), depth)
        self.count(len(items))
        for item in items:
            write = _EXACT.get(type(item)) or _writer_of(item)
            write(self, item, depth + 1)

    def put_dict(self, value: Mapping[Any, Any], depth: int) -> None:
        exact: dict[Any, Any] = {}
        for key, item in list(value.items()):
            plain = key.item() if isinstance(key, np.generic) else key
            if not _may_be_key(plain):
                return self.put_other(value, depth)
            exact[plain] = item
        self.open_container(tags.DICT, len(exact), depth)
        for key, item in exact.items():
            self.put(key, depth + 1)
            self.put(item, depth + 1)
        return None

    def put_scalar(self, value: np.generic, depth: int) -> None:
        code = SCALAR_CODE_OF.get(type(value)) or CODE_OF.get(value.dtype)
        if code is None:
            if isinstance(value, np.str_ | np.bytes_):
                return self.put(value.item(), depth)
            raise FrameError(f"a number of dtype {value.dtype} cannot be sent")
        self.out += bytes((tags.SCALAR, code))
        self.out += value.tobytes()
        return None

    def put_array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        if type(value) is not np.ndarray:
            value = np.asarray(value)
        code = CODE_OF.get(value.dtype)
        if code is None:
            value = _little_endian(value)
            code = CODE_OF[value.dtype]
        self.out.append(tags.ARRAY)
        self.put_block(code, value)

    def put_tensor_array(self, value: TensorArray, depth: int) -> None:
        code = TORCH_CODE_OF.get(value.torch_dtype)
        array = np.asarray(value)
        fits = np.dtype(np.uint16) if code == BFLOAT16 else array.dtype
        if code is None or array.dtype != fits or code not in (BFLOAT16, CODE_OF.get(fits)):
            raise FrameError(f"a tensor array of {array.dtype} is no {value.torch_dtype} tensor")
        self.open_tensor(value.device)
        self.put_block(code, array)

    def open_tensor(self, device: str) -> None:
        name = device.encode("ascii", "replace")[:255]
        self.out += bytes((tags.TENSOR, len(name)))
        self.out += name

    def put_tensor(self, value: Any, depth: int) -> None:
        """Write a torch tensor: detached, on the CPU, dense; the device that it lay on is named."""
        code, array = plain_array(sys.modules["torch"], value)
        self.open_tensor(str(value.device))
        self.put_block(code, array)

    def put_block(self, code: int, array: np.ndarray[Any, Any]) -> None:
        """Write dtype, dimensions and bytes of an exact array of a known dtype."""
        if array.ndim > self.caps.ndim:
            raise FrameError(f"an array of {array.ndim} dimensions cannot be sent")
        if not array.flags.c_contiguous:
            array = array.copy(order="C")
        size = array.nbytes
        self.room(size)
        out = self.out
        out.append(code)
        out.append(array.ndim)
        out += _DIMENSIONS[array.ndim].pack(*array.shape)
        out += bytes(-(self.done + len(out)) % tags.ALIGNMENT)
        if size < _LARGE:
            out += array.tobytes()
            return
        self.parts.append(out)
        self.parts.append(array.reshape(-1).view(np.uint8).data)
        self.done += len(out) + size
        self.out = bytearray()

    def put_generator(self, value: np.random.Generator, depth: int) -> None:
        state = GeneratorState.of(value)
        halves = (state.state.to_bytes(16, "little"), state.inc.to_bytes(16, "little"))
        self.out += _GENERATOR.pack(tags.GENERATOR, *halves, state.has_uint32, state.uinteger)

    def put_record(self, value: Record, depth: int) -> None:
        self.out += bytes((tags.RECORD, _RECORD_CODE[type(value)]))
        self.put(value.fields(), depth)

    def put_other(self, value: object, depth: int) -> None:
        if self.hooks is None:
            raise FrameError(f"a value of class {type(value).__name__} cannot be sent")
        self.put_record(self.hooks.to_wire(value), depth)


def _may_be_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(_may_be_key(part) for part in key)
    return key is None or isinstance(key, str | int | float)


def _little_endian(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Raises: FrameError for a dtype that has no code in either byte order."""
    swapped = value.dtype.newbyteorder("<")
    if swapped not in CODE_OF:
        raise FrameError(f"an array of dtype {value.dtype} cannot be sent")
    return value.astype(swapped)


Writer = Callable[[Encoder, Any, int], None]
_EXACT: dict[type[Any], Writer] = {
    type(None): Encoder.put_none,
    bool: Encoder.put_bool,
    int: Encoder.put_int,
    float: Encoder.put_float,
    complex: Encoder.put_complex,
    str: Encoder.put_text,
    bytes: Encoder.put_bytes,
    list: Encoder.put_list,
    tuple: Encoder.put_tuple,
    dict: Encoder.put_dict,
    np.ndarray: Encoder.put_array,
    TensorArray: Encoder.put_tensor_array,
    np.random.Generator: Encoder.put_generator,
    **dict.fromkeys(SCALAR_CODE_OF, Encoder.put_scalar),
    **dict.fromkeys(_RECORD_CODE, Encoder.put_record),
}
_BASES: tuple[tuple[Any, Writer], ...] = (
    (np.generic, Encoder.put_scalar),
    (np.ndarray, Encoder.put_array),
    (str, Encoder.put_text),
    (int, Encoder.put_int),
    (float, Encoder.put_float),
    (complex, Encoder.put_complex),
    (bytes | bytearray | memoryview, Encoder.put_bytes),
    (list, Encoder.put_list),
    (tuple, Encoder.put_tuple),
    (Mapping, Encoder.put_dict),
    (np.random.Generator, Encoder.put_generator),
)


def _writer_of(value: object) -> Writer:
    """Find the writer of a subclass or a tensor; anything else goes to the hooks."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return Encoder.put_tensor
    for base, writer in _BASES:
        if isinstance(value, base):
            return writer
    return Encoder.put_other
