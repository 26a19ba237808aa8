"""Code cells of a Jupyter notebook, and which of them make up an answer. Reads JSON, runs nothing.

Where cells carry the tag `gradus`, those count. Else cells count that import, define a function or
a class, or set a constant in capitals; what only calls, plots or prints is left out. A student can
choose otherwise. Magics and shell lines become comments, so that line numbers stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from gradus.submissions.errors import PartsRefused
from gradus.web import numbers
from gradus.web.cell_lines import Line, cell_lines, is_foreign
from gradus.web.text import visible

MOST_BYTES = 2 << 20  # of the file
MOST_CELLS = 1000
MOST_CODE_CELLS = 200
MOST_CODE_BYTES = 1 << 20  # of all code cells
TAG = "gradus"
_DEFINES = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
_IMPORTS = re.compile(r"(?:import|from)\s+[\w.]")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*\s*(?::[^=]*)?=(?!=)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell as it would be in the answer."""

    number: int  # place among all cells, from 1
    lines: list[Line]
    is_tagged: bool
    names: frozenset[str]  # functions and classes that it defines
    is_setting: bool  # it imports something, or sets a constant
    is_python: bool
    counts: bool = False
    reason: str = ""

    @property
    def text(self) -> str:
        """For solution.py, under a line that names the cell."""
        return "\n".join([f"# %% cell {self.number}", *(line.kept for line in self.lines)])

    @property
    def left_out(self) -> int:
        return sum(line.is_left_out for line in self.lines)


def defined_names(source: str) -> frozenset[str]:
    """Functions and classes at the top of a file."""
    return _names(cell_lines(source))


def read_notebook(data: bytes, wanted: Collection[str]) -> list[Cell]:
    """The code cells, marked with whether they count; `wanted` are the names that are asked for.

    Raises: PartsRefused, with the number of the cell where one is at fault.
    """
    cells = [
        _cell(number, raw)
        for number, raw in enumerate(_raw_cells(data), start=1)
        if raw.get("cell_type") == "code"
    ]
    cells = [cell for cell in cells if any(line.text.strip() for line in cell.lines)]
    if not cells:
        raise PartsRefused("This notebook has no cell with code.")
    if len(cells) > MOST_CODE_CELLS:
        raise PartsRefused(
            f"This notebook has {len(cells)} code cells; at most {MOST_CODE_CELLS} can be shown."
        )
    total = sum(len(cell.text.encode()) for cell in cells)
    if total > MOST_CODE_BYTES:
        raise PartsRefused(
            f"The code cells have {numbers.size(total)}; at most {numbers.size(MOST_CODE_BYTES)}"
            " can be shown."
        )
    return _chosen(cells, frozenset(wanted))


def missing_names(cells: Sequence[Cell], wanted: Collection[str]) -> list[str]:
    """What is asked for and no cell that counts defines."""
    there = {name for cell in cells if cell.counts for name in cell.names}
    return [name for name in wanted if name not in there]


def _raw_cells(data: bytes) -> list[dict[str, Any]]:
    if len(data) > MOST_BYTES:
        raise PartsRefused(
            f"The notebook has {numbers.size(len(data))}; at most {numbers.size(MOST_BYTES)} are"
            " read. Clear its outputs (in Jupyter: Edit, Clear Outputs of All Cells), save it, and"
            " upload it again."
        )
    try:
        book = json.loads(data, parse_int=_unread, parse_float=_unread)
    except RecursionError as error:
        raise PartsRefused("This is no notebook: its JSON is nested too deeply.") from error
    except UnicodeDecodeError as error:
        raise PartsRefused(f"This is no notebook: byte {error.start} is no text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise PartsRefused(f"This is no notebook: its JSON breaks at {where}.") from error
    if isinstance(book, dict) and "worksheets" in book:
        raise PartsRefused(
            "This notebook has an old format. Open it in Jupyter, save it, and upload it again."
        )
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise PartsRefused("This is no notebook: it has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise PartsRefused(
            f"This notebook has {len(cells)} cells; at most {MOST_CELLS} can be read."
        )
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            raise PartsRefused(f"Cell {number} cannot be read: it is no object.")
    _refuse_other_language(book)
    return cells


def _refuse_other_language(book: dict[str, Any]) -> None:
    info = _dict(_dict(book.get("metadata")).get("language_info"))
    language = info.get("name")
    if isinstance(language, str) and language.lower() not in ("python", "ipython", ""):
        raise PartsRefused(
            f"This notebook is written in {visible(language[:40])}; Python is asked for."
        )


def _cell(number: int, raw: dict[str, Any]) -> Cell:
    text = _source(number, raw.get("source", ""))
    tags = _dict(raw.get("metadata")).get("tags")
    lines = cell_lines(text)
    begins = [line.text for line in lines if line.begins and not line.is_left_out]
    return Cell(
        number=number,
        lines=lines,
        is_tagged=isinstance(tags, list) and TAG in tags,
        names=_names(lines),
        is_setting=any(_IMPORTS.match(t) or _CONSTANT.match(t) for t in begins),
        is_python=not is_foreign(lines),
    )


def _source(number: int, source: Any) -> str:
    if isinstance(source, list) and all(isinstance(piece, str) for piece in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise PartsRefused(f"Cell {number} cannot be read: its source is no text.")
    try:
        size_bytes = len(source.encode())
    except UnicodeEncodeError as error:
        raise PartsRefused(f"Cell {number} has half of a character.") from error
    if "\0" in source:
        raise PartsRefused(f"Cell {number} has a NUL character.")
    if size_bytes > settings.MAX_PART_BYTES:
        raise PartsRefused(
            f"Cell {number} has {numbers.size(size_bytes)}; at most"
            f" {numbers.size(settings.MAX_PART_BYTES)} are allowed."
        )
    return source


def _chosen(cells: list[Cell], wanted: frozenset[str]) -> list[Cell]:
    by_tag = any(cell.is_tagged for cell in cells)
    return [_marked(cell, wanted, by_tag=by_tag) for cell in cells]


def _marked(cell: Cell, wanted: frozenset[str], *, by_tag: bool) -> Cell:
    asked = sorted(cell.names & wanted)
    if not cell.is_python:
        return replace(cell, reason="No Python: its first line gives it to another program.")
    if by_tag:
        reason = f"Tagged {TAG}." if cell.is_tagged else f"Other cells are tagged {TAG}."
        return replace(cell, counts=cell.is_tagged, reason=reason)
    if asked:
        return replace(cell, counts=True, reason=f"Defines {_listed(asked)}, as the exercise asks.")
    if cell.names:
        return replace(cell, counts=True, reason=f"Defines {_listed(sorted(cell.names))}.")
    if cell.is_setting:
        return replace(cell, counts=True, reason="Imports something, or sets a constant.")
    return replace(cell, reason="It defines nothing: it only runs something.")


def _listed(names: list[str]) -> str:
    shown = ", ".join(visible(name[:60]) for name in names[:6])
    return shown if len(names) <= 6 else f"{shown} and {len(names) - 6} more"


def _names(lines: Sequence[Line]) -> frozenset[str]:
    found = (_DEFINES.match(line.text) for line in lines if line.begins)
    return frozenset(match.group(1) for match in found if match)


def _unread(digits: str) -> int:
    """No number of a notebook is looked at, and one of many digits would cost."""
    return 0


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
