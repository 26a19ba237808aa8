"""The file that Moodle's “Grades, Import, XML file” takes.

It finds an item and a student by their *ID number* in Moodle, and refuses the whole file where one
is not there. A student without an id number cannot be named in it; `left_out` tells who they are.
Source: moodle, grade/import/xml/lib.php.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from gradus.gradebook.exports.table import GradeTable, ScoreRow, cell

TITLE = "Moodle XML"
SUFFIX = "xml"
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # section 2.2 of XML 1.0


def write(table: GradeTable) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<results batch="gradus">']
    for row in table.rows:
        if left_out(row):
            continue
        for column, score in zip(table.columns, row.scores, strict=True):
            if text := cell(score):
                lines.append(_result(column.key, row.student.id_number, text))
    return "\n".join([*lines, "</results>", ""]).encode()


def left_out(row: ScoreRow) -> bool:
    """Whether this student cannot be in the file."""
    return not _text(row.student.id_number)


def _result(item: str, student: str, score: str) -> str:
    return (
        f"<result><state>new</state><assignment>{_text(item)}</assignment>"
        f"<student>{_text(student)}</student><score>{score}</score></result>"
    )


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text).strip())
