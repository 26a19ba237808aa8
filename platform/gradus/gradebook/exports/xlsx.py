"""A workbook for people: totals, each exercise, each check, and what the numbers mean.

Every text is written as text: nothing that somebody chose becomes a formula or a link. Rows go to
disk as they are made, so that memory does not grow with the course.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_noop
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gradus.gradebook.exports.checks import CheckTable
from gradus.gradebook.exports.table import Excused, GradeTable, Score, Student

TITLE = gettext_noop("Excel workbook")
SUFFIX = "xlsx"
_OPTIONS = {
    "in_memory": False,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WHO = ("Last name", "First name", "Username", "Email address", "Id number", "Section")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767  # characters of a cell


def write(table: GradeTable) -> bytes:
    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        summary = book.add_worksheet("Summary")
        _line(summary, 0, [*_WHO, "So far in %", "Of all in %", "Points"], bold)
        for number, row in enumerate(table.rows, start=1):
            points = sum((one for one in row.scores if isinstance(one, Decimal)), Decimal(0))
            _line(summary, number, [*_who(row.student), row.so_far, row.of_all, points])
        marks = book.add_worksheet("Marks")
        _line(marks, 0, [*_WHO, *(column.title for column in table.columns)], bold)
        _line(marks, 1, [*[""] * (len(_WHO) - 1), "Points possible",
                         *(column.max_points for column in table.columns)], bold)  # fmt: skip
        for number, row in enumerate(table.rows, start=2):
            _line(marks, number, [*_who(row.student), *row.scores])
        if table.checks is not None:
            _checks(book, bold, table, table.checks)
        notes = book.add_worksheet("Policy")
        for number, line in enumerate(table.notes):
            _line(notes, number, line, bold if number == 0 else None)
        for sheet in (summary, marks):
            sheet.freeze_panes(1, 2)
    return file.getvalue()


def _checks(book: Workbook, bold: Format, table: GradeTable, checks: CheckTable) -> None:
    """A column for each check of an assignment, in points of the exercise."""
    sheet = book.add_worksheet("Checks")
    most = [column.max_points for column in checks.columns]
    gap = [""] * (len(_WHO) - 1)
    _line(sheet, 0, [*_WHO, *(column.exercise for column in checks.columns)], bold)
    _line(sheet, 1, [*gap, "Check", *(column.title for column in checks.columns)], bold)
    _line(sheet, 2, [*gap, "Points possible", *most], bold)
    for number, (row, points) in enumerate(zip(table.rows, checks.rows, strict=True), start=3):
        _line(sheet, number, [*_who(row.student), *points])
    sheet.freeze_panes(3, 2)


def _who(student: Student) -> list[str]:
    s = student
    return [s.last_name, s.first_name, s.username, s.email, s.id_number, s.section]


def _line(sheet: Worksheet, number: int, cells: Sequence[str | Score], form: object = None) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, Decimal):
            sheet.write_number(number, column, float(value), form)
        elif isinstance(value, Excused):
            sheet.write_string(number, column, value.value, form)
        elif value:
            sheet.write_string(number, column, _NO_XML.sub("", value)[:_LONGEST], form)
