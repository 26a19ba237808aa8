"""A roster as an Excel workbook: turned into the text of a CSV file, line by line.

What a spreadsheet changed without being asked (dates, long numbers) and what it would compute is
refused with the name of the cell: a wrong identifier would find the wrong student.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from gradus.courses.errors import RosterRefused
from gradus.courses.roster.file import MOST_BYTES, MOST_COLUMNS, MOST_LINES, known_columns
from gradus.lib.workbook import WorkbookRefused, first_sheet, reference
from gradus.lib.workbook_cells import Cell, Sheet

MOST_TOLD = 5


def as_text(data: bytes) -> str:
    """The CSV of the first sheet. Raises: RosterRefused."""
    if len(data) > MOST_BYTES:
        told = _("The file has {count:,} bytes; at most {most:,} are read.")
        raise RosterRefused(told.format(count=len(data), most=MOST_BYTES))
    try:
        sheet = first_sheet(data)
    except WorkbookRefused as refusal:
        raise RosterRefused(refusal.message) from refusal
    if not any(row == 1 for row, _column in sheet.cells):
        told = _("The first row of the sheet “{sheet}” is empty: a header belongs there.")
        raise RosterRefused(told.format(sheet=sheet.name[:60]))
    last = max(row for row, _column in sheet.cells)
    if last > MOST_LINES + 1:
        told = _(
            "The sheet goes on to row {row:,}; at most {most:,} students are read."
            " Split it, or delete what lies below."
        )
        raise RosterRefused(told.format(row=last, most=MOST_LINES))
    header = _header(sheet)
    used = {place + 1: header[place] for place in known_columns(header).values()}
    _refuse_cells(sheet, used)
    return _csv(sheet, header, used, last)


def _header(sheet: Sheet) -> list[str]:
    width = max(column for row, column in sheet.cells if row == 1)
    if width > MOST_COLUMNS:
        told = _("Row 1 has {count} columns; at most {most} are read.")
        raise RosterRefused(told.format(count=width, most=MOST_COLUMNS))
    cells = [sheet.cells.get((1, column)) for column in range(1, width + 1)]
    return [_one_line(cell.text) if cell and cell.kind == "text" else "" for cell in cells]


def _refuse_cells(sheet: Sheet, used: Mapping[int, str]) -> None:
    wrong = [
        why.format(
            cell=f"{reference(row, column)} ({used[column].strip()})",
            text=_one_line(cell.text)[:60],
        )
        for (row, column), cell in sorted(sheet.cells.items())
        if column in used and row > 1 and (why := _why_not(cell))
    ]
    merged = _("Cell {cells} are merged. Split them.")
    wrong += [
        merged.format(cells=f"{reference(a, b)}:{reference(c, d)}")
        for a, b, c, d in sheet.merged
        if any(b <= column <= d for column in used) and (a, b) != (c, d)
    ]
    more = len(wrong) - MOST_TOLD
    if more > 0:
        wrong[MOST_TOLD:] = [_("And {count} more.").format(count=more)]
    if wrong:
        raise RosterRefused(" ".join(wrong))


def _why_not(cell: Cell) -> str:
    """A sentence with places for the cell and its text; empty where it can be read."""
    if cell.kind == "formula":
        return _("Cell {cell} holds the formula {text}. Paste its value instead.")
    if cell.kind == "date":
        return _(
            "Cell {cell} holds a date, into which the spreadsheet turned what was typed."
            " Format the column as text and type it again."
        )
    if cell.kind in ("boolean", "error"):
        return _(
            "Cell {cell} holds {text}, which is no text."
            " Format the column as text and type it again."
        )
    if cell.kind == "number" and _whole(cell) is None:
        return _(
            "Cell {cell} holds the number {text}, which is not exact."
            " Format the column as text and type it again."
        )
    return ""


def _whole(cell: Cell) -> str | None:
    """The digits that the spreadsheet shows; none for a fraction, or more than it keeps exactly."""
    try:
        number = Decimal(cell.text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0 or number >= 10**15 or number != int(number):
        return None
    zeros = len(cell.format) if re.fullmatch("0+", cell.format) else 0
    return str(int(number)).zfill(zeros)


def _csv(sheet: Sheet, header: list[str], used: Mapping[int, str], last: int) -> str:
    """One line for each row, so that the numbers of lines are those of rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in range(2, last + 1):
        cells = [""] * len(header)
        for column in used:
            cell = sheet.cells.get((row, column))
            if cell is not None:
                whole = _whole(cell) if cell.kind == "number" else None
                cells[column - 1] = _one_line(cell.text) if whole is None else whole
        writer.writerow(cells)
    return text.getvalue()


def _one_line(text: str) -> str:
    """A line break becomes a character that `file.parse` refuses in the cell where it stands."""
    return text.replace("\r", "\v").replace("\n", "\v").replace("\0", "\v")
