"""Counterexamples as tables: values of a verdict (JSON) to rows of cells, differing ones marked.

An array of a verdict is {"array": nested lists, "shape", "dtype", "start"}, where `array` may be a
window of the whole that begins at `start`; anything else is plain JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gradus.web.numbers import as_float, short
from gradus.web.text import visible

MOST_TABLES = 8  # slices of an array with more than two axes, or parts of a tuple
MOST_ENTRIES = 16  # in one direction of a table
TEXT_LENGTH = 300
FEWEST_DIGITS, MOST_DIGITS = 6, 17


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One array, number or text with its name."""

    caption: str
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""  # shape, and which part of it is shown

    @property
    def is_text(self) -> bool:
        return len(self.rows) == 1 and len(self.rows[0]) == 1 and len(self.rows[0][0].text) > 40


def tables(caption: str, value: Any, digits: int = FEWEST_DIGITS) -> list[Table]:
    """One value as tables: a tuple or dict gives one for each part, an array its window."""
    if _is_window(value):
        return _windows(caption, value, digits)
    if isinstance(value, dict) and value:
        parts = [(f"{caption}[{key!r}]" if caption else str(key), v) for key, v in value.items()]
    elif isinstance(value, list) and value and not _is_matrix(value):
        parts = [(f"{caption}[{k}]", part) for k, part in enumerate(value)]
    else:
        return [_table(caption, value, digits)]
    return [t for name, part in parts[:MOST_TABLES] for t in tables(name, part, digits)][
        :MOST_TABLES
    ]


def compared(got: Any, expected: Any) -> tuple[list[Table], list[Table]]:
    """Own output and expected value, with as many digits as it takes to tell them apart.

    An entry differs where the two texts do: so a page never shows two equal numbers as different.
    """
    telling = range(FEWEST_DIGITS, MOST_DIGITS + 1) if got != expected else ()
    differing = (d for d in telling if _texts(got, d) != _texts(expected, d))
    digits = next(differing, FEWEST_DIGITS)  # equal numbers in other shapes need no more
    yours, wanted = _("Yours"), _("Expected")
    mine, theirs = tables(yours, got, digits), tables(wanted, expected, digits)
    other = {t.caption.removeprefix(wanted): t for t in theirs}
    return [_marked(t, other.get(t.caption.removeprefix(yours))) for t in mine], theirs


def text_of(value: Any, digits: int = FEWEST_DIGITS) -> str:
    """One entry as text."""
    if isinstance(value, str) and as_float(value) is None:
        return visible(value)[:TEXT_LENGTH]
    if isinstance(value, list | dict):
        return visible(str(value))[:TEXT_LENGTH]
    return short(value, digits)


def _windows(caption: str, value: dict[str, Any], digits: int) -> list[Table]:
    """An array as the table that is shown of it; a small one of many axes as one for each slice."""
    shape, start = list(value["shape"]), list(value["start"])
    slices = list(_slices(value["array"], shape[:-2]))
    if len(slices) == 1 or len(slices) > MOST_TABLES:
        place, inner = slices[0]
        first = [s + k for s, k in zip(start, place, strict=False)]
        return [_window(caption, inner, value, [*first, *start[-2:]], digits)]
    return [
        Table(f"{caption}[{', '.join(map(str, place))}]", _table("", inner, digits).rows,
              "" if k else visible(_kind(value))[:120])
        for k, (place, inner) in enumerate(slices)
    ]  # fmt: skip


def _slices(nested: Any, leading: list[int]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield what is shown along the last two axes, with its index along those before."""
    if not leading:
        yield (), nested
        return
    for k, inner in enumerate(nested if isinstance(nested, list) and nested else [[]]):
        for place, table in _slices(inner, leading[1:]):
            yield (k, *place), table


def _window(
    caption: str, inner: Any, value: dict[str, Any], start: list[int], digits: int
) -> Table:
    """One table of an array, with the place of it in the note."""
    shape = list(value["shape"])
    table = _table(caption, inner, digits)
    shown = [len(table.rows), len(table.rows[0])][-len(shape) :]
    kind = _kind(value)
    note = kind
    if 0 not in shape and (shape[-2:] != shown or any(n > 1 for n in shape[:-2])):
        ranges = [*(str(s) for s in start[:-2])]
        ranges += [f"{s}:{s + n}" for s, n in zip(start[-2:], shown, strict=False)]
        note = _("{kind}, shown [{ranges}]").format(kind=kind, ranges=", ".join(ranges))
    return Table(caption, table.rows, visible(note)[:120])


def _kind(value: dict[str, Any]) -> str:
    shape = value["shape"]
    shown = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    return _("shape {shape} {dtype}").format(shape=shown, dtype=value["dtype"])


def _table(caption: str, value: Any, digits: int) -> Table:
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    rows = [row if isinstance(row, list) else [row] for row in rows]
    cut = len(rows) > MOST_ENTRIES or any(len(row) > MOST_ENTRIES for row in rows)
    shown = tuple(
        tuple(Cell(text_of(entry, digits)) for entry in row[:MOST_ENTRIES])
        for row in rows[:MOST_ENTRIES]
    )
    if not any(shown):
        shown = ((Cell(_("empty")),),)
    return Table(caption, shown, _("a part") if cut else "")


def _marked(mine: Table, theirs: Table | None) -> Table:
    rows = tuple(
        tuple(
            Cell(cell.text, differs=cell.text != _cell_text(theirs, i, j))
            for j, cell in enumerate(row)
        )
        for i, row in enumerate(mine.rows)
    )
    return Table(mine.caption, rows, mine.note)


def _cell_text(table: Table | None, i: int, j: int) -> str | None:
    if table is None or i >= len(table.rows) or j >= len(table.rows[i]):
        return None
    return table.rows[i][j].text


def _texts(value: Any, digits: int) -> list[tuple[tuple[str, ...], ...]]:
    return [tuple(tuple(c.text for c in row) for row in t.rows) for t in tables("", value, digits)]


def _is_window(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= {"array", "shape", "dtype", "start"}


def _is_matrix(value: list[Any]) -> bool:
    """A list of plain entries, or of such lists of one length: readable as one table."""
    if not any(isinstance(v, list | dict) for v in value):
        return True
    if not all(isinstance(v, list) for v in value) or len({len(v) for v in value}) > 1:
        return False
    return not any(isinstance(entry, list | dict) for row in value for entry in row)
