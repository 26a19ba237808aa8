"""A CSV file for people and their spreadsheets."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from gradus.gradebook.exports.table import GradeTable, cell_or_ex
from gradus.lib.spreadsheets import csv_bytes, guarded

TITLE = gettext_noop("CSV for a spreadsheet")
SUFFIX = "csv"


def write(table: GradeTable) -> bytes:
    titles = [f"{guarded(column.title)} (of {column.max_points})" for column in table.columns]
    who = ["Last name", "First name", "Username", "Email address", "Id number", "Section"]
    rows = [[*who, *titles, "So far in %", "Of all in %"]]
    for row in table.rows:
        s = row.student
        names = [s.last_name, s.first_name, s.username, s.email, s.id_number, s.section]
        scores = [*row.scores, row.so_far, row.of_all]
        rows.append([*map(guarded, names), *map(cell_or_ex, scores)])
    return csv_bytes(rows, for_excel=True)
