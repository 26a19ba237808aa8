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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        raise PartsRefused(_("This notebook has no cell with code."))
    if len(cells) > MOST_CODE_CELLS:
        raise PartsRefused(
            _("This notebook has {count} code cells; at most {most} can be shown.").format(
                count=len(cells), most=MOST_CODE_CELLS
            )
        )
    total = sum(len(cell.text.encode()) for cell in cells)
    if total > MOST_CODE_BYTES:
        raise PartsRefused(
            _("The code cells have {size}; at most {most} can be shown.").format(
                size=numbers.size(total), most=numbers.size(MOST_CODE_BYTES)
            )
        )
    return _chosen(cells, frozenset(wanted))


def missing_names(cells: Sequence[Cell], wanted: Collection[str]) -> list[str]:
    """What is asked for and no cell that counts defines."""
    there = {name for cell in cells if cell.counts for name in cell.names}
    return [name for name in wanted if name not in there]


def _raw_cells(data: bytes) -> list[dict[str, Any]]:
    if len(data) > MOST_BYTES:
        raise PartsRefused(
            _(
                "The notebook has {size}; at most {most} are read. Clear its outputs (in Jupyter:"
                " Edit, Clear Outputs of All Cells), save it, and upload it again."
            ).format(size=numbers.size(len(data)), most=numbers.size(MOST_BYTES))
        )
    try:
        book = json.loads(data, parse_int=_unread, parse_float=_unread)
    except RecursionError as error:
        raise PartsRefused(_("This is no notebook: its JSON is nested too deeply.")) from error
    except UnicodeDecodeError as error:
        said = _("This is no notebook: byte {place} is no text.")
        raise PartsRefused(said.format(place=error.start)) from error
    except json.JSONDecodeError as error:
        said = _("This is no notebook: its JSON breaks at line {line}, column {column}.")
        raise PartsRefused(said.format(line=error.lineno, column=error.colno)) from error
    if isinstance(book, dict) and "worksheets" in book:
        raise PartsRefused(
            _("This notebook has an old format. Open it in Jupyter, save it, and upload it again.")
        )
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise PartsRefused(_("This is no notebook: it has no list of cells."))
    if len(cells) > MOST_CELLS:
        raise PartsRefused(
            _("This notebook has {count} cells; at most {most} can be read.").format(
                count=len(cells), most=MOST_CELLS
            )
        )
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            said = _("Cell {number} cannot be read: it is no object.")
            raise PartsRefused(said.format(number=number))
    _refuse_other_language(book)
    return cells


def _refuse_other_language(book: dict[str, Any]) -> None:
    info = _dict(_dict(book.get("metadata")).get("language_info"))
    language = info.get("name")
    if isinstance(language, str) and language.lower() not in ("python", "ipython", ""):
        raise PartsRefused(
            _("This notebook is written in {language}; Python is asked for.").format(
                language=visible(language[:40])
            )
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
        said = _("Cell {number} cannot be read: its source is no text.")
        raise PartsRefused(said.format(number=number))
    try:
        size_bytes = len(source.encode())
    except UnicodeEncodeError as error:
        said = _("Cell {number} has half of a character.")
        raise PartsRefused(said.format(number=number)) from error
    if "\0" in source:
        raise PartsRefused(_("Cell {number} has a NUL character.").format(number=number))
    if size_bytes > settings.MAX_PART_BYTES:
        raise PartsRefused(
            _("Cell {number} has {size}; at most {most} are allowed.").format(
                number=number,
                size=numbers.size(size_bytes),
                most=numbers.size(settings.MAX_PART_BYTES),
            )
        )
    return source


def _chosen(cells: list[Cell], wanted: frozenset[str]) -> list[Cell]:
    by_tag = any(cell.is_tagged for cell in cells)
    return [_marked(cell, wanted, by_tag=by_tag) for cell in cells]


def _marked(cell: Cell, wanted: frozenset[str], *, by_tag: bool) -> Cell:
    asked = sorted(cell.names & wanted)
    if not cell.is_python:
        reason = _("No Python: its first line gives it to another program.")
        return replace(cell, reason=reason)
    if by_tag:
        said = _("Tagged {tag}.") if cell.is_tagged else _("Other cells are tagged {tag}.")
        return replace(cell, counts=cell.is_tagged, reason=said.format(tag=TAG))
    if asked:
        reason = _("Defines {names}, as the exercise asks.").format(names=_listed(asked))
        return replace(cell, counts=True, reason=reason)
    if cell.names:
        reason = _("Defines {names}.").format(names=_listed(sorted(cell.names)))
        return replace(cell, counts=True, reason=reason)
    if cell.is_setting:
        return replace(cell, counts=True, reason=_("Imports something, or sets a constant."))
    return replace(cell, reason=_("It defines nothing: it only runs something."))


def _listed(names: list[str]) -> str:
    shown = ", ".join(visible(name[:60]) for name in names[:6])
    more = len(names) - 6
    if more <= 0:
        return shown
    said = ngettext("{names} and {count} more", "{names} and {count} more", more)
    return said.format(names=shown, count=more)


def _names(lines: Sequence[Line]) -> frozenset[str]:
    found = (_DEFINES.match(line.text) for line in lines if line.begins)
    return frozenset(match.group(1) for match in found if match)


def _unread(digits: str) -> int:
    """No number of a notebook is looked at, and one of many digits would cost."""
    return 0


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
