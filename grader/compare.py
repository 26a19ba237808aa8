"""Values of a student against expected ones: pure, and never fooled by NaN.

Arrays, numbers, texts and nestings of lists, tuples and dicts are compared. What may differ: a
tuple may be a list, a number may be a Python number, a numpy scalar or a 0-d array, a Python
integer may stand where a float is expected, integers may have any width. Shapes and kinds of dtype
are exact.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.frames.values import TensorArray

MAX_NESTING = 64
_NUMERIC = (bool, int, float, complex, np.generic, np.ndarray)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where a value is not as expected.

    `got` and `expected` are what stands at `path`; `index` is the first differing entry of two
    arrays, `worst` the largest finite absolute difference.
    """

    kind: str  # missing, type, device, shape, dtype, length, keys, value
    path: tuple[int | str, ...]
    got: Any
    expected: Any
    index: tuple[int, ...] | None = None
    differs: int = 1
    count: int = 1
    worst: float = 0.0


def compare(
    got: Any, expected: Any, *, rtol: float = 0.0, atol: float = 0.0, exact: bool = False
) -> Difference | None:
    """Return the first difference, None where there is none. `exact` forbids any tolerance."""
    return _compare(got, expected, (0.0, 0.0) if exact else (rtol, atol), ())


def _compare(
    got: Any, expected: Any, tolerance: tuple[float, float], path: tuple[int | str, ...]
) -> Difference | None:
    if len(path) > MAX_NESTING:
        return Difference("type", path, got, expected)
    if is_numeric(expected):
        return _compare_numeric(got, expected, tolerance, path)
    if isinstance(expected, list | tuple):
        return _compare_sequences(got, expected, tolerance, path)
    if isinstance(expected, dict):
        return _compare_mappings(got, expected, tolerance, path)
    if type(got) is not type(expected):
        return Difference("type", path, got, expected)
    return (
        None
        if got is expected or bool(got == expected)
        else Difference("value", path, got, expected)
    )


def _compare_sequences(
    got: Any, expected: Any, tolerance: tuple[float, float], path: tuple[int | str, ...]
) -> Difference | None:
    if not isinstance(got, list | tuple):
        return Difference("type", path, got, expected)
    if len(got) != len(expected):
        return Difference("length", path, got, expected)
    for position, (one, other) in enumerate(zip(got, expected, strict=True)):
        found = _compare(one, other, tolerance, (*path, position))
        if found is not None:
            return found
    return None


def _compare_mappings(
    got: Any, expected: Any, tolerance: tuple[float, float], path: tuple[int | str, ...]
) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", path, got, expected)
    if got.keys() != expected.keys():
        return Difference("keys", path, got, expected)
    for key, other in expected.items():
        found = _compare(got[key], other, tolerance, (*path, str(key)))
        if found is not None:
            return found
    return None


def _compare_numeric(
    got: Any, expected: Any, tolerance: tuple[float, float], path: tuple[int | str, ...]
) -> Difference | None:
    misfit = _misfit(got, expected)
    if misfit is not None:
        return Difference(misfit, path, got, expected)
    if type(got) is int and type(expected) is int:  # of any size
        worst = _as_float(abs(got - expected))
        return (
            None if got == expected else Difference("value", path, got, expected, (), worst=worst)
        )
    agree = agreement(got, expected, *tolerance)
    if agree.all():
        return None
    found = Difference("value", path, got, expected, count=agree.size)
    first = tuple(int(i) for i in np.argwhere(~agree)[0]) if agree.ndim else ()
    return replace(
        found, index=first, differs=int((~agree).sum()), worst=largest_gap(got, expected)
    )


def _misfit(got: Any, expected: Any) -> str | None:
    """Tell in which kind of thing two values differ already; None: only their numbers may."""
    if not is_numeric(got) or (is_tensor(expected) and np.ndim(expected) and not is_tensor(got)):
        return "type"
    if is_tensor(got) and is_tensor(expected) and got.device != expected.device:
        return "device"
    if np.shape(got) != np.shape(expected):
        return "shape"
    return None if _kinds_agree(got, expected) else "dtype"


def agreement(got: Any, expected: Any, rtol: float, atol: float) -> np.ndarray[Any, Any]:
    """Tell entry by entry whether two values of one shape agree.

    Written as `difference <= tolerance`, so that NaN never agrees by accident; NaN agrees with NaN
    and an infinity with itself only.
    """
    mine, theirs = wide(got), wide(expected)
    if mine.dtype.kind in "iub" and theirs.dtype.kind in "iub":
        return np.asarray(mine == theirs)
    with np.errstate(all="ignore"):
        same = mine == theirs
        if same.all():
            return np.asarray(same)
        same |= np.isnan(mine) & np.isnan(theirs)
        finite = np.isfinite(mine) & np.isfinite(theirs)
        return np.asarray(same | (finite & (np.abs(mine - theirs) <= atol + rtol * np.abs(theirs))))


def largest_gap(got: Any, expected: Any) -> float:
    """Return the largest absolute difference over the entries where it is finite, else 0."""
    mine, theirs = wide(got), wide(expected)
    if mine.dtype.kind in "iub":
        mine, theirs = mine.astype(np.float64), theirs.astype(np.float64)
    with np.errstate(all="ignore"):
        gap = np.abs(mine - theirs)
    gap = gap[np.isfinite(gap)]
    return float(gap.max()) if gap.size else 0.0


def is_numeric(value: Any) -> bool:
    return isinstance(value, _NUMERIC)


def is_tensor(value: Any) -> bool:
    return isinstance(value, TensorArray)


def wide(value: Any) -> np.ndarray[Any, Any]:
    """Return a plain array of float64, complex128 or integers: differences do not overflow."""
    if isinstance(value, TensorArray):
        value = value.numbers()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return np.asarray(_as_float(value))
    array = np.asarray(value)
    if array.dtype.kind == "f":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "c":
        return array.astype(np.complex128, copy=False)
    return array


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def kind_name(value: Any) -> str:
    """Return the kind of number as a student reads it: bool, int, float32, float64, bfloat16."""
    if type(value) is np.ndarray:
        return _kind_of(value.dtype)
    if isinstance(value, TensorArray):
        whole = value.dtype.kind in "iu" and value.torch_dtype != "bfloat16"
        return "int" if whole else value.torch_dtype
    if isinstance(value, bool | np.bool_):
        return "bool"
    if isinstance(value, int | np.integer):
        return "int"
    if isinstance(value, float | complex) and not isinstance(value, np.generic):
        return "float64" if isinstance(value, float) else "complex128"
    return _kind_of(np.asarray(value).dtype)


@functools.cache  # to make the name of a dtype takes longer than to compare small arrays
def _kind_of(dtype: np.dtype[Any]) -> str:
    return "int" if dtype.kind in "iu" else str(dtype)


def _kinds_agree(got: Any, expected: Any) -> bool:
    mine, theirs = kind_name(got), kind_name(expected)
    # A Python integer is a fine value for a number that happens to be a float (PEP 484).
    return mine == theirs or (mine == "int" and theirs == "float64" and type(got) is int)
