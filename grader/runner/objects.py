"""What stays in the session: objects behind handles, functions of the checker, tensors asked for.

This is the runner's end of the hooks of `grader.frames`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.frames import (
    Callback,
    FrameError,
    Handle,
    RaisedException,
    Record,
    TensorRequest,
    ViewRequest,
)
from grader.frames.values import NAME_LENGTH

MOST_OBJECTS = 100_000
MOST_VIEW_BYTES = 2**30

Ask = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class RemoteFunction:
    """A function of the checker: each call is a question and its answer."""

    __slots__ = ("__name__", "_ask", "_id")

    def __init__(self, id: int, ask: Ask) -> None:
        self.__name__ = f"function_{id}"
        self._id = id
        self._ask = ask

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(self._id, args, kwargs)


class Objects:
    """The objects that handles stand for. An object that crosses twice has two handles."""

    def __init__(self, ask: Ask) -> None:
        self.device: str | None = None  # where tensors lie that name none
        self._ask = ask
        self._objects: dict[int, Any] = {}
        self._kept: Counter[int] = Counter()  # id(object) -> handles
        self._functions: dict[int, RemoteFunction] = {}
        self._next = 1

    def keep(self, value: object) -> Handle:
        """Return a handle of the object, which stays until it is dropped.

        Raises: FrameError where there are too many.
        """
        if len(self._objects) >= MOST_OBJECTS:
            raise FrameError(f"a session keeps at most {MOST_OBJECTS} objects")
        number = self._next
        self._next += 1
        self._objects[number] = value
        self._kept[id(value)] += 1
        name = type(value).__name__.encode("utf-8", "replace").decode()
        return Handle(number, name[:NAME_LENGTH])

    def get(self, number: int) -> Any:
        """Raises: FrameError for a handle that was dropped or never was."""
        try:
            return self._objects[number]
        except KeyError:
            raise FrameError(f"there is no object {number} in this session") from None

    def is_kept(self, value: object) -> bool:
        """Tell whether a handle stands for this object."""
        return id(value) in self._kept

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget the objects."""
        for number in numbers:
            key = id(self.get(number))
            self._kept[key] -= 1
            if not self._kept[key]:
                del self._kept[key]
            del self._objects[number]

    def to_wire(self, value: object) -> Record:
        """Return a function of the checker as what it is; keep anything else."""
        if isinstance(value, RemoteFunction):
            return Callback(value._id)
        return self.keep(value)

    def from_wire(self, record: Record) -> object:
        """Return what the checker means."""
        if isinstance(record, Handle):
            return self.get(record.id)
        if isinstance(record, Callback):
            return self._functions.setdefault(record.id, RemoteFunction(record.id, self._ask))
        if isinstance(record, TensorRequest):
            return _tensor(record, self.device)
        if isinstance(record, ViewRequest):
            return _view(record.array, record.strides)
        assert isinstance(record, RaisedException)
        return record


def _tensor(request: TensorRequest, device: str | None) -> Any:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        raise FrameError("there are no tensors in this session: its flavour has no torch")
    array: Any = request.array
    made = array if isinstance(array, torch.Tensor) else torch.from_numpy(array)
    dtype = None if request.dtype is None else getattr(torch, request.dtype, None)
    if request.dtype is not None and not isinstance(dtype, torch.dtype):
        raise FrameError(f"torch has no dtype {request.dtype}")
    return made.to(device=request.device or device, dtype=dtype)


def _view(source: Any, strides: tuple[int, ...]) -> Any:
    """Lay the values of an array or tensor out anew, with these strides in elements."""
    reach = [(length - 1) * stride for length, stride in zip(source.shape, strides, strict=True)]
    before = -sum(step for step in reach if step < 0)
    span = before + sum(step for step in reach if step > 0) + 1
    if 0 in source.shape:
        before, span = 0, 1
    if span * source.dtype.itemsize > MOST_VIEW_BYTES:
        raise FrameError("the strides span too much memory")
    made = _laid_out(source, strides, before, span)
    made[...] = source
    if not _same_bits(made, source):
        raise FrameError("the strides lay different elements over each other")
    return made


def _laid_out(source: Any, strides: tuple[int, ...], before: int, span: int) -> Any:
    if isinstance(source, np.ndarray):
        memory = np.zeros(span, source.dtype)[before:]
        in_bytes = tuple(stride * source.itemsize for stride in strides)
        return np.lib.stride_tricks.as_strided(memory, source.shape, in_bytes)
    if before:
        raise FrameError("a tensor's strides cannot be negative")
    torch = sys.modules["torch"]
    memory = torch.zeros(span, dtype=source.dtype, device=source.device)
    return memory.as_strided(source.shape, strides)


def _same_bits(made: Any, source: Any) -> bool:
    if isinstance(source, np.ndarray):
        return bool(made.tobytes() == source.tobytes())
    equal = (made == source) | ((made != made) & (source != source))  # noqa: PLR0124 - nan
    return bool(equal.all())
