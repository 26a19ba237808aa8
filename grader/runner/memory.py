"""Which arguments a call changed, and which memory its result shares."""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.frames.tensors import plain_array

_NESTING = 32
_REMEMBERED = 64  # arrays of earlier results whose memory still lives
_WORK = 10_000  # steps that the exact overlap test may take
_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes))

IsKept = Callable[[object], bool]


def _torch() -> Any:
    return sys.modules.get("torch")


def freeze(value: Any, is_kept: IsKept, depth: int = 0) -> Any:
    """Return a copy that compares equal as long as the value is the same, bit by bit.

    Kept objects, functions and random generators may change: they stand for themselves.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth > _NESTING or is_kept(value):
        return id(value)
    if kind is np.ndarray:
        return (value.dtype, value.shape, value.tobytes())
    if kind is list or kind is tuple:
        return (kind, [freeze(item, is_kept, depth + 1) for item in value])
    if kind is dict:
        return [(key, freeze(item, is_kept, depth + 1)) for key, item in value.items()]
    return _freeze_tensor(value)


def _freeze_tensor(value: Any) -> Any:
    torch = _torch()
    if torch is None or not isinstance(value, torch.Tensor):
        return id(value)
    return (value.dtype, tuple(value.shape), plain_array(torch, value)[1].tobytes())


class Snapshot:
    """The arguments of one call as they were sent."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any], is_kept: IsKept) -> None:
        self._named: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
        self._is_kept = is_kept
        self._frozen = [freeze(value, is_kept) for _, value in self._named]

    def changed(self) -> tuple[int | str, ...]:
        """Return positions and names of the arguments that are not what they were."""
        return tuple(
            name
            for (name, value), frozen in zip(self._named, self._frozen, strict=True)
            if type(value) not in _PLAIN and freeze(value, self._is_kept) != frozen
        )

    def aliases(self, extents: list[Extent]) -> tuple[int | str, ...]:
        """Return positions and names of the arguments that share memory with these."""
        if not extents:
            return ()
        return tuple(
            name
            for name, value in self._named
            if any(
                mine.overlaps(other) for mine in leaves(value, self._is_kept) for other in extents
            )
        )


@dataclass(frozen=True, slots=True)
class Extent:
    """The memory of one array: addresses from `low` up to `high`."""

    low: int
    high: int
    array: np.ndarray[Any, Any] | None  # None: a tensor, whose strides are not looked at
    owner: Any  # what keeps the memory alive

    def overlaps(self, other: Extent) -> bool:
        """Tell whether both hold a byte in common; strides are looked at."""
        if self.low >= other.high or other.low >= self.high:
            return False
        if self.array is None or other.array is None:
            return True
        try:
            return np.shares_memory(self.array, other.array, _WORK)  # type: ignore[arg-type]
        except np.exceptions.TooHardError:
            return False


def leaves(value: Any, is_kept: IsKept, depth: int = 0) -> Iterator[Extent]:
    """Yield the memory of each array and tensor in a value; kept objects are left out."""
    if type(value) in _PLAIN or depth > _NESTING or is_kept(value):
        return
    if isinstance(value, np.ndarray):
        if value.size:
            yield _of_array(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item, is_kept, depth + 1)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item, is_kept, depth + 1)
    else:
        torch = _torch()
        if torch is not None and isinstance(value, torch.Tensor):
            yield from _of_tensor(torch, value)


def _of_array(array: np.ndarray[Any, Any]) -> Extent:
    low, high = np.lib.array_utils.byte_bounds(array)
    owner: Any = array
    while getattr(owner, "base", None) is not None:
        owner = owner.base
    return Extent(low, high, np.asarray(array), owner)


def _of_tensor(torch: Any, tensor: Any) -> Iterator[Extent]:
    if tensor.layout is not torch.strided or not tensor.numel():
        return
    reach = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    low = tensor.data_ptr()
    owner = tensor if tensor._base is None else tensor._base
    yield Extent(low, low + (reach + 1) * tensor.element_size(), None, owner)


def _nobody() -> None:
    return None


class _Place:
    """Memory of an earlier result, held by nobody here: readable only while its owner lives."""

    __slots__ = ("__array_interface__", "extent", "owner")

    def __init__(self, extent: Extent) -> None:
        try:
            self.owner: Callable[[], Any] = weakref.ref(extent.owner)
        except TypeError:  # bytes and the like: cannot change, so nothing lies there later
            self.owner = _nobody
        self.extent = (extent.low, extent.high)
        array = extent.array
        self.__array_interface__ = None if array is None else array.__array_interface__

    def overlaps(self, other: Extent) -> bool:
        owner = self.owner()
        if owner is None:
            return False
        array = None if self.__array_interface__ is None else np.asarray(self)
        return Extent(*self.extent, array, owner).overlaps(other)


class Earlier:
    """Where earlier results lay. Holds no memory: what nobody else holds is forgotten."""

    def __init__(self) -> None:
        self._places: deque[_Place] = deque(maxlen=_REMEMBERED)

    def shared_by(self, extents: list[Extent]) -> bool:
        """Tell whether one of them lies where an earlier result lies; remember them."""
        alive = [place for place in self._places if place.owner() is not None]
        shared = any(place.overlaps(extent) for place in alive for extent in extents)
        self._places = deque([*alive, *map(_Place, extents)], maxlen=_REMEMBERED)
        return shared
