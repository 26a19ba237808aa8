"""A shown value of a counterexample (see grader/checker/show.py) as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_WIDEST = 300  # characters of a value that is no array


def value_lines(label: str, value: object) -> Iterator[str]:
    """Yield `label = value`; an array gets a line of its shape and one line for each row.

    A list or dict that holds arrays gets a line, or lines, for each of its entries.
    """
    if not _is_array(value):
        if _holds_array(value):
            for at, inner in _entries(value):
                yield from value_lines(f"{label}[{at!r}]", inner)
            return
        text = str(value)
        yield f"{label} = {text if len(text) <= _WIDEST else text[:_WIDEST] + ' …'}"
        return
    assert isinstance(value, dict)
    shape = tuple(value["shape"])
    yield f"{label} = {value['dtype']} of shape {shape}{_place(value)}"
    cells = [[_cell(entry) for entry in row] for row in _rows(value["array"])]
    width = max((len(cell) for row in cells for cell in row), default=0)
    for row in cells:
        yield "    " + "  ".join(cell.rjust(width) for cell in row)


def _is_array(value: object) -> bool:
    return isinstance(value, dict) and {"array", "shape", "dtype", "start"} <= value.keys()


def _holds_array(value: object) -> bool:
    return any(_is_array(inner) or _holds_array(inner) for _, inner in _entries(value))


def _entries(value: object) -> list[tuple[object, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _place(value: dict[str, Any]) -> str:
    """Say which part of a larger array the window shows."""
    window = list(_window(value["array"]))
    if 0 in value["shape"] or window == list(value["shape"]):
        return ""
    ends = (f"{at}:{at + n}" for at, n in zip(value["start"], window, strict=False))
    return f", entries [{', '.join(ends)}]"


def _window(nested: object) -> Iterator[int]:
    while isinstance(nested, list):
        yield len(nested)
        if not nested:
            return
        nested = nested[0]


def _rows(nested: Any) -> list[list[Any]]:
    """The window's rows: of the axes before the last two it holds one index or few."""
    if not isinstance(nested, list) or not nested:
        return []
    if not isinstance(nested[0], list):
        return [nested]
    if nested[0] and isinstance(nested[0][0], list):
        return [row for inner in nested for row in _rows(inner)]
    return nested


def _cell(entry: object) -> str:
    return f"{entry:.6g}" if isinstance(entry, float) else str(entry)
