"""Counterexamples as tables: values of a verdict (JSON) to rows of cells, differing ones marked.

An array of a verdict is {"array": nested lists, "shape", "dtype", "start"}, where `array` may be a
window of the whole that begins at `start`; anything else is plain JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradus.web.numbers import as_float, short
from gradus.web.text import visible

MOST_TABLES = 6  # slices of an array with more than two axes, or parts of a tuple
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
        return [_window(caption, value, digits)]
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
    mine, theirs = tables("Yours", got, digits), tables("Expected", expected, digits)
    other = {t.caption.removeprefix("Expected"): t for t in theirs}
    return [_marked(t, other.get(t.caption.removeprefix("Yours"))) for t in mine], theirs


def text_of(value: Any, digits: int = FEWEST_DIGITS) -> str:
    """One entry as text."""
    if isinstance(value, str) and as_float(value) is None:
        return visible(value)[:TEXT_LENGTH]
    if isinstance(value, list | dict):
        return visible(str(value))[:TEXT_LENGTH]
    return short(value, digits)


def _window(caption: str, value: dict[str, Any], digits: int) -> Table:
    """An array, with its leading axes (of which one index is shown) in the note."""
    inner, shape, start = value["array"], list(value["shape"]), list(value["start"])
    for _ in shape[2:]:
        inner = inner[0] if isinstance(inner, list) and inner else []
    table = _table(caption, inner, digits)
    shown = [len(table.rows), len(table.rows[0])][-len(shape) :]
    note = f"shape ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''}) {value['dtype']}"
    if 0 not in shape and (shape[-2:] != shown or any(n > 1 for n in shape[:-2])):
        ranges = [*(str(s) for s in start[:-2])]
        ranges += [f"{s}:{s + n}" for s, n in zip(start[-2:], shown, strict=False)]
        note += f", shown [{', '.join(ranges)}]"
    return Table(caption, table.rows, visible(note)[:120])


def _table(caption: str, value: Any, digits: int) -> Table:
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    rows = [row if isinstance(row, list) else [row] for row in rows]
    cut = len(rows) > MOST_ENTRIES or any(len(row) > MOST_ENTRIES for row in rows)
    shown = tuple(
        tuple(Cell(text_of(entry, digits)) for entry in row[:MOST_ENTRIES])
        for row in rows[:MOST_ENTRIES]
    )
    if not any(shown):
        shown = ((Cell("empty"),),)
    return Table(caption, shown, "a part" if cut else "")


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
