"""The file that Canvas' “Grades, Import” takes; an empty cell is no score, EX excuses.

Canvas finds a student by ID (its own, which only it knows: left empty), then SIS User ID, SIS Login
ID, then name. The second row holds the points. A title that ends in a number in brackets would name
one of its assignments by id; any other unknown title makes a new assignment.
Source: canvas-lms, lib/gradebook_importer.rb and gradebook_exporter.rb.
"""

from __future__ import annotations

import re

from gradus.gradebook.exports.table import GradeTable, cell_or_ex
from gradus.lib.spreadsheets import csv_bytes, guarded

TITLE = "Canvas CSV"
SUFFIX = "csv"
_HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
_NAMES_AN_ID = re.compile(r"\s\((\d+)\)$")


def write(table: GradeTable) -> bytes:
    titles = [guarded(_NAMES_AN_ID.sub(r" [\1]", column.title)) for column in table.columns]
    points = [str(column.max_points) for column in table.columns]
    rows = [[*_HEAD, *titles], ["    Points Possible", "", "", "", "", *points]]
    for row in table.rows:
        s = row.student
        who = [s.sorted_name, "", s.id_number, s.username, s.section]
        rows.append([*map(guarded, who), *map(cell_or_ex, row.scores)])
    return csv_bytes(rows)
