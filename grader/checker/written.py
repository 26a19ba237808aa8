"""Values of a call written as JSON, exactly, so that a program without the engine can read them.

None, bool, int, text and list stand for themselves. Everything else is an object with one key that
says what it is: `tuple`, `dict`, `float` (not finite), `complex`, `array`, `scalar`, `tensor`,
`generator`, `object` (one that an earlier step made).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.checker.proxies import RemoteName, RemoteObject, resolve
from grader.frames import TensorRequest
from grader.frames.values import GeneratorState, TensorArray

INTEGERS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = frozenset({*INTEGERS, "float16", "float32", "float64", "complex64", "complex128"})
MAX_ENTRIES = 4096  # of one array
MAX_DEPTH = 12


class Unwritable(Exception):
    """A value that has no such form; the text says why, after "it"."""


def write(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON data. Raises: Unwritable."""
    if depth > MAX_DEPTH:
        raise Unwritable("uses values nested too deeply")
    if isinstance(value, RemoteName):
        value = resolve(value)
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if type(value) is complex:
        return {"complex": [_entry(value.real), _entry(value.imag)]}
    if type(value) in (list, tuple):
        inner = [write(one, depth + 1) for one in value]
        return inner if type(value) is list else {"tuple": inner}
    if type(value) is dict:
        return {"dict": [[write(k, depth + 1), write(v, depth + 1)] for k, v in value.items()]}
    return _record(value)


def _record(value: Any) -> Any:
    if isinstance(value, RemoteObject):
        return {"object": value._handle.id}
    if isinstance(value, TensorArray):
        return {"tensor": _array(value.numbers()), "dtype": value.torch_dtype}
    if isinstance(value, TensorRequest):
        inner = np.asarray(value.array)
        return {"tensor": _array(inner), "dtype": value.dtype or inner.dtype.name}
    if isinstance(value, np.generic):
        return {"scalar": _entries(np.asarray(value)), "dtype": _dtype(np.asarray(value))}
    if isinstance(value, np.ndarray):
        return {"array": _array(value)}
    if isinstance(value, np.random.Generator):
        state = GeneratorState.of(value)
        return {"generator": [state.state, state.inc, state.has_uint32, state.uinteger]}
    if callable(value):
        raise Unwritable("passes functions to your code")
    raise Unwritable(f"uses a {type(value).__name__}")


def _array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    if array.size > MAX_ENTRIES:
        raise Unwritable(f"uses an array of more than {MAX_ENTRIES} entries")
    return {"dtype": _dtype(array), "shape": list(array.shape), "values": _entries(array)}


def _dtype(array: np.ndarray[Any, Any]) -> str:
    name = str(array.dtype.name)
    if name not in DTYPES:
        raise Unwritable(f"uses an array of {name}")
    return name


def _entries(array: np.ndarray[Any, Any]) -> Any:
    """Return the entries as nested lists; of complex numbers, pairs."""
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    return _finite(array.tolist())


def _finite(entries: Any) -> Any:
    return [_finite(one) for one in entries] if type(entries) is list else _entry(entries)


def _entry(number: Any) -> Any:
    """Return a number as JSON knows it; nan and the infinities as texts."""
    return repr(number) if type(number) is float and not math.isfinite(number) else number
