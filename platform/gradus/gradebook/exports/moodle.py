"""The file that Moodle's “Grades, Import, CSV file” takes; an empty cell is no grade.

Moodle maps one column to its users (Username, ID number or Email address) and the others to grade
items. It refuses the whole file for one unknown user or one grade above an item's maximum.
Source: moodle, grade/import/csv/classes/load_data.php.
"""

from __future__ import annotations

from gradus.gradebook.exports.table import GradeTable, cell
from gradus.lib.spreadsheets import csv_bytes, guarded

TITLE = "Moodle CSV"
SUFFIX = "csv"


def write(table: GradeTable) -> bytes:
    titles = [guarded(column.title) for column in table.columns]
    rows = [["Username", "ID number", "Email address", *titles]]
    for row in table.rows:
        s = row.student
        who = [guarded(text) for text in (s.username, s.id_number, s.email)]
        rows.append([*who, *map(cell, row.scores)])
    return csv_bytes(rows)
