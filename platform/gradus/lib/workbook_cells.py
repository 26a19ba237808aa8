"""Texts, styles and cells of a workbook, from the elements of its files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from gradus.lib.refusal import Refused

MOST_STRINGS = 400_000
MOST_CELLS = 400_000

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NO_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # of a number format: texts, colours
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class WorkbookRefused(Refused):
    message = gettext_noop("This file cannot be read as an Excel workbook.")


@dataclass(frozen=True, slots=True)
class Cell:
    kind: str  # text, number, date, formula, boolean, error
    text: str
    format: str = ""  # of a number, as "00000"


@dataclass(slots=True)
class Sheet:
    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)  # by row and column, from 1
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # two corners


class Strings:
    """Texts that cells share; what says how a text is spoken is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._in_text = self._is_spoken = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._is_spoken = True
        elif name == "t":
            self._in_text = not self._is_spoken

    def text(self, data: str) -> None:
        if self._in_text:
            self._parts.append(data)

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._is_spoken = False
        elif name == "si":
            if len(self.found) >= MOST_STRINGS:
                told = gettext("The workbook holds more than {most:,} texts.")
                raise WorkbookRefused(told.format(most=MOST_STRINGS))
            self.found.append("".join(self._parts))


class Styles:
    """Which styles of cells show a number as a date, or with leading zeros."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._ids: list[int] = []
        self._in_cells = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._ids.append(int(given.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def code(self, style: int) -> str:
        return self._codes.get(self._id(style), "")

    def is_date(self, style: int) -> bool:
        code = _NO_CODE.sub("", self.code(style)).lower()
        return self._id(style) in _DATES or (code != "general" and bool(re.search("[dmyhs]", code)))

    def _id(self, style: int) -> int:
        return self._ids[style] if 0 <= style < len(self._ids) else 0


class Cells:
    """The sheet itself."""

    def __init__(self, sheet: Sheet, strings: list[str], styles: Styles) -> None:
        self.sheet = sheet
        self._strings, self._styles = strings, styles
        self._row = self._column = self._style = 0
        self._kind = ""
        self._parts: dict[str, list[str]] = {}
        self._part = ""
        self._is_spoken = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column = 0
        elif name == "c":
            self._begin(given)
        elif name == "rPh":
            self._is_spoken = True
        elif name in ("v", "f", "t"):
            self._part = "" if self._is_spoken else name
            self._parts.setdefault(name, [])
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def text(self, data: str) -> None:
        if self._part:
            self._parts[self._part].append(data)

    def end(self, name: str) -> None:
        if name == "rPh":
            self._is_spoken = False
        elif name in ("v", "f", "t"):
            self._part = ""
        elif name == "c":
            self._keep()

    def _begin(self, given: dict[str, str]) -> None:
        self._column += 1
        at = _REFERENCE.fullmatch(given.get("r", ""))
        if at is not None:
            self._row, self._column = int(at[2]), _column(at[1])
        self._kind, self._style = given.get("t", "n"), int(given.get("s", "0"))
        self._parts = {}

    def _keep(self) -> None:
        cell = self._cell({name: "".join(parts) for name, parts in self._parts.items()})
        if cell is None:
            return
        if len(self.sheet.cells) >= MOST_CELLS:
            told = gettext("The sheet holds more than {most:,} cells.")
            raise WorkbookRefused(told.format(most=MOST_CELLS))
        self.sheet.cells[self._row, self._column] = cell

    def _cell(self, found: dict[str, str]) -> Cell | None:
        value = found.get("v", "")
        if "f" in found:
            return Cell("formula", f"={found['f']}")
        if self._kind == "s":
            number = int(value or "-1")
            if not 0 <= number < len(self._strings):
                raise WorkbookRefused(
                    gettext("The file is damaged: a cell names a text that is not there.")
                )
            value = self._strings[number]
        if self._kind == "inlineStr":
            value = found.get("t", "")
        if not value.strip():
            return None
        if self._kind in ("s", "str", "inlineStr"):
            return Cell("text", value)
        if self._kind in ("b", "e", "d"):
            return Cell({"b": "boolean", "e": "error", "d": "date"}[self._kind], value)
        kind = "date" if self._styles.is_date(self._style) else "number"
        return Cell(kind, value, self._styles.code(self._style))

    def _merge(self, text: str) -> None:
        corners = [_REFERENCE.fullmatch(one) for one in text.split(":")]
        if len(corners) == 2 and corners[0] and corners[1] and len(self.sheet.merged) < 10_000:
            (a, b), (c, d) = ((int(at[2]), _column(at[1])) for at in corners if at)
            self.sheet.merged.append((a, b, c, d))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
