"""The wire types that are not plain Python or numpy.

A record (`Handle`, `Callback`, ...) is frozen data. Its fields are checked by `checked`, which
the decoder calls with
whatever arrived, so a record that exists is well-formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from grader.frames.caps import FrameError

NAME_LENGTH = 200
MESSAGE_BYTES = 2048
MASK128 = (1 << 128) - 1


def _name(value: object, what: str) -> str:
    if type(value) is not str or len(value) > NAME_LENGTH:
        raise FrameError(f"{what} is no text of at most {NAME_LENGTH} characters")
    return value


def _number(value: object, what: str) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise FrameError(f"{what} is no whole number from 0")
    return value


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stays in the session: `id` there, and the name of its class for messages."""

    id: int
    type_name: str

    @classmethod
    def checked(cls, id: object, type_name: object) -> Handle:
        return cls(_number(id, "a handle's id"), _name(type_name, "a handle's class"))

    def fields(self) -> tuple[Any, ...]:
        return (self.id, self.type_name)


@dataclass(frozen=True, slots=True)
class Callback:
    """A function that lives on the checker's side and is answered there."""

    id: int

    @classmethod
    def checked(cls, id: object) -> Callback:
        return cls(_number(id, "a callback's id"))

    def fields(self) -> tuple[Any, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True, eq=False)
class TensorRequest:
    """Asks the other side for a torch tensor; `dtype` and `device` as torch names them."""

    array: np.ndarray[Any, Any]
    dtype: str | None = None
    device: str | None = None

    @classmethod
    def checked(cls, array: object, dtype: object, device: object) -> TensorRequest:
        if not isinstance(getattr(array, "ndim", None), int):
            raise FrameError("a tensor request holds no array")
        if dtype is not None:
            dtype = _name(dtype, "a tensor's dtype")
        if device is not None:
            device = _name(device, "a tensor's device")
        return cls(cast("np.ndarray[Any, Any]", array), dtype, device)

    def fields(self) -> tuple[Any, ...]:
        return (self.array, self.dtype, self.device)


@dataclass(frozen=True, slots=True, eq=False)
class ViewRequest:
    """Asks for an array (or tensor) with the same shape and values, laid out with these strides.

    Strides count elements, not bytes, one for each dimension; negative ones for arrays only.
    """

    array: np.ndarray[Any, Any] | TensorRequest
    strides: tuple[int, ...]

    @classmethod
    def checked(cls, array: object, strides: object) -> ViewRequest:
        inner = array.array if isinstance(array, TensorRequest) else array
        ndim = getattr(inner, "ndim", None)
        if not isinstance(ndim, int):
            raise FrameError("a view request holds no array")
        if type(strides) is not tuple or len(strides) != ndim:
            raise FrameError(f"a view request needs {ndim} strides, one for each dimension")
        if any(type(stride) is not int for stride in strides):
            raise FrameError("a stride is no whole number")
        return cls(cast("np.ndarray[Any, Any]", array), strides)

    def fields(self) -> tuple[Any, ...]:
        return (self.array, self.strides)


@dataclass(frozen=True, slots=True)
class GeneratorState:
    """State of a PCG64 `np.random.Generator`: how one crosses by value."""

    state: int
    inc: int
    has_uint32: int
    uinteger: int

    @classmethod
    def of(cls, generator: np.random.Generator) -> GeneratorState:
        """Raises: FrameError for another bit generator than PCG64."""
        state = generator.bit_generator.state
        if state.get("bit_generator") != "PCG64":
            raise FrameError("only a random generator on PCG64 (np.random.default_rng) can cross")
        inner = state["state"]
        return cls(inner["state"], inner["inc"], state["has_uint32"], state["uinteger"])

    def generator(self) -> np.random.Generator:
        """Raises: FrameError for numbers that are no state."""
        parts = (self.state, self.inc, self.has_uint32, self.uinteger)
        limits = (MASK128, MASK128, 1, 2**32 - 1)
        for part, limit in zip(parts, limits, strict=True):
            if type(part) is not int or not 0 <= part <= limit:
                raise FrameError("a random generator's state is out of range")
        if not self.inc & 1:
            raise FrameError("a random generator's increment is even")
        bits = np.random.PCG64(0)
        bits.state = {
            "bit_generator": "PCG64",
            "state": {"state": self.state, "inc": self.inc},
            "has_uint32": self.has_uint32,
            "uinteger": self.uinteger,
        }
        return np.random.Generator(bits)


@dataclass(frozen=True, slots=True)
class RaisedException:
    """An exception: class names (its own, then its bases), text, line of the student's file."""

    classes: tuple[str, ...]
    message: str
    line: int | None = None

    @classmethod
    def checked(cls, classes: object, message: object, line: object) -> RaisedException:
        if type(classes) is not tuple or not 1 <= len(classes) <= 32:
            raise FrameError("an exception names no classes")
        names = tuple(_name(name, "an exception's class") for name in classes)
        if type(message) is not str or len(message.encode()) > MESSAGE_BYTES:
            raise FrameError(f"an exception's message has more than {MESSAGE_BYTES} bytes")
        return cls(names, message, None if line is None else _number(line, "a line"))

    def fields(self) -> tuple[Any, ...]:
        return (self.classes, self.message, self.line)


class TensorArray(np.ndarray[Any, Any]):
    """How a tensor looks where there is no torch: values, `torch_dtype` and `device`.

    The names are torch's ("float32", "cpu"). bfloat16 has no numpy dtype: such a tensor is
    uint16, the raw bits, with `torch_dtype`
    "bfloat16".
    """

    torch_dtype: str
    _device: str

    @classmethod
    def of(cls, array: np.ndarray[Any, Any], torch_dtype: str, device: str) -> TensorArray:
        """View the array as a tensor; no copy."""
        made = array.view(cls)
        made.torch_dtype = torch_dtype
        made._device = device
        return made

    def __array_finalize__(self, source: object) -> None:
        """Views keep dtype and device; a changed dtype names itself."""
        same = getattr(source, "dtype", None) == self.dtype
        name = self.dtype.name
        self.torch_dtype = getattr(source, "torch_dtype", name) if same else name
        self._device = getattr(source, "_device", "cpu")

    @property
    def device(self) -> str:  # type: ignore[override]
        """The device that the tensor lay on, as torch prints it."""
        return self._device

    def numbers(self) -> np.ndarray[Any, Any]:
        """The values as a plain array; bfloat16 becomes float32, which holds them exactly."""
        plain = np.asarray(self)
        if self.torch_dtype == "bfloat16":
            return (plain.astype(np.uint32) << 16).view(np.float32)
        return plain


Record = Handle | Callback | TensorRequest | ViewRequest | RaisedException
