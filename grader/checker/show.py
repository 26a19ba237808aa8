"""Values as JSON for a counterexample: small, finite in size, the interesting window of an array.

An array is {"array": nested lists, "shape": [...], "dtype": "float64", "start": [...]}: `array` is
the window that begins at `start`: all of an array of at most 64 entries in at most 8 matrices, else
8 x 8 entries of the last two axes. Anything else is JSON as it is, or a text.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from grader.compare import kind_name, wide
from grader.figures.figure import number
from grader.frames import TensorRequest, ViewRequest

SIDE = 8  # entries shown along each of the last two axes; of the axes before, one index is shown
WHOLE, MATRICES = 64, 8  # entries, and matrices of the last two axes, of an array shown whole
MAX_ITEMS = 12  # entries of a list, keys of a dict
MAX_TEXT = 400
MAX_DEPTH = 4
MAX_CHARACTERS = 16_384  # of one value as JSON; beyond, less of what is inside is shown


def show(value: Any, index: tuple[int, ...] | None = None) -> Any:
    """Return JSON data of at most 16 KiB; `index` is the entry that must be in the window.

    None is the text "None": no value in a counterexample means that there is none.
    """
    if value is None:
        return "None"
    shown = None
    for depth in range(MAX_DEPTH):  # each round shows one level less of what is nested
        shown = _show(value, index, depth)
        if not isinstance(value, list | tuple | dict) or _fits(shown):
            break
    return shown


def _fits(shown: Any) -> bool:
    return len(json.dumps(shown, ensure_ascii=False)) <= MAX_CHARACTERS


def _show(value: Any, index: tuple[int, ...] | None = None, depth: int = 0) -> Any:
    while isinstance(value, TensorRequest | ViewRequest):
        value = value.array
    if isinstance(value, np.ndarray) and value.ndim:
        return _array(value, index or ())
    if isinstance(value, list | tuple | dict):
        return _container(value, depth) if depth < MAX_DEPTH else "…"
    if isinstance(value, int | float | complex | np.generic | np.ndarray):
        return _scalar(wide(value).item() if not isinstance(value, int) else value)
    return value if value is None else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        text = "".join(map(_seen, value[: MAX_TEXT + 1]))
        return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"
    if isinstance(value, np.random.Generator):
        return "a random generator"
    if callable(value) and hasattr(value, "__name__"):
        return f"a function {value.__name__}"
    return repr(value)[:MAX_TEXT]


def _seen(character: str) -> str:
    """Return a character, or its escape where nobody would see it: a tab, a no-break space."""
    if character == "\n" or character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def _container(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        pairs = list(value.items())[:MAX_ITEMS]
        return {str(key)[:60]: _show(inner, None, depth + 1) for key, inner in pairs}
    return _cut([_show(inner, None, depth + 1) for inner in value[:MAX_ITEMS]], len(value))


def _cut(shown: list[Any], length: int) -> list[Any]:
    return shown if length <= len(shown) else [*shown, f"… {length - len(shown)} more"]


def _array(value: np.ndarray[Any, Any], index: tuple[int, ...]) -> dict[str, Any]:
    start, window = [], []
    few = math.prod(value.shape[:-2]) <= MATRICES and max(value.shape) <= SIDE
    whole = few and value.size <= WHOLE
    for axis, length in enumerate(value.shape):
        place = index[axis] if axis < len(index) else 0
        side = SIDE if whole or axis >= value.ndim - 2 else 1
        begin = max(0, min(place - side // 2, length - side))
        start.append(begin)
        window.append(slice(begin, begin + side))
    part = wide(value[tuple(window)])
    return {
        "array": _nested(part),
        "shape": list(value.shape),
        "dtype": kind_name(value) if value.dtype.kind not in "iu" else str(value.dtype),
        "start": start,
    }


def _nested(part: np.ndarray[Any, Any]) -> Any:
    if part.ndim == 0:
        return _scalar(part.item())
    return [_nested(inner) for inner in part]


def _scalar(value: Any) -> Any:
    if isinstance(value, complex):
        return f"{value:.6g}"
    if isinstance(value, float):
        return precise(value)
    if isinstance(value, int) and abs(value) >= 2**53 and not isinstance(value, bool):
        return str(value)[:60]
    return value


def precise(value: float) -> float | str:
    """Return a number to ten significant digits, nan and infinities as strings."""
    rounded = float(f"{value:.10g}")  # the very largest numbers round to infinity
    return rounded if np.isfinite(rounded) else number(value)
