"""The file that Brightspace (D2L) takes under “Grades, Enter Grades, Import”.

It finds a student by OrgDefinedId or Username and an item by its name, which must be there. The
last cell of each line is a number sign.
Source: Brightspace's help, “Import grades” (knowledge base 3538).
"""

from __future__ import annotations

from gradus.gradebook.exports.table import GradeTable, cell
from gradus.lib.spreadsheets import csv_bytes, guarded

TITLE = "Brightspace CSV"
SUFFIX = "csv"
_END = "End-of-Line Indicator"


def write(table: GradeTable) -> bytes:
    titles = [f"{guarded(column.title)} Points Grade" for column in table.columns]
    rows = [["OrgDefinedId", "Username", *titles, _END]]
    for row in table.rows:
        s = row.student
        rows.append([guarded(s.id_number), guarded(s.username), *map(cell, row.scores), "#"])
    return csv_bytes(rows)
