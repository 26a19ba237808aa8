"""Exports that are no text in cells: Moodle's XML and the workbook, read by other people's code."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.gradebook.exports import moodle_xml, xlsx
from gradus.gradebook.exports.table import GradeTable
from tests.gradus.gradebook.test_exports import student, table

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


def results(made: GradeTable) -> list[dict[str, str | None]]:
    """What Moodle's importer reads, by its rules: state new, an item, a user, a score."""
    root = ET.fromstring(moodle_xml.write(made))
    assert root.tag == "results"
    assert root.get("batch")
    found = []
    for one in root:
        assert one.tag == "result"
        fields = {field.tag: field.text for field in one}
        assert fields.pop("state") == "new"
        found.append(fields)
    return found


def cells(data: bytes, number: int) -> list[list[str | float | None]]:
    """A sheet as a reader of workbooks sees it; a formula fails."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        assert not any("externalLink" in name for name in book.namelist())
    assert not list(sheet.iter(f"{SHEET}f"))
    assert not list(sheet.iter(f"{SHEET}hyperlink"))
    lines = []
    for row in sheet.iter(f"{SHEET}row"):
        line: list[str | float | None] = []
        for cell in row:
            text = "".join(t.text or "" for t in cell.iter(f"{SHEET}t"))
            found = cell.find(f"{SHEET}v")
            line.append(float(found.text) if found is not None and found.text else text)
        lines.append(line)
    return lines


def test_moodle_gets_item_student_and_score() -> None:
    assert results(table(student())) == [
        {"assignment": "item-0", "student": "40021", "score": "8.50"}
    ]


def test_who_has_no_id_number_is_left_out_and_told() -> None:
    made = table(student(), student(username="ben", id_number=" "))
    assert len(results(made)) == 1
    assert [moodle_xml.left_out(row) for row in made.rows] == [False, True]


@given(ANY_TEXT)
def test_any_id_number_keeps_the_document_well_formed(text: str) -> None:
    made = table(student(id_number=text))
    assert len(results(made)) == (0 if moodle_xml.left_out(made.rows[0]) else 1)


def test_the_workbook_has_totals_marks_and_policy() -> None:
    data = xlsx.write(table(student(), student(username="ben"), titles=("One", "Two")))
    head, ada, _ = cells(data, 1)
    assert head[-3:] == ["So far in %", "Of all in %", "Points"]
    assert ada == ["Okafor", "Ada", "ada", "ada@example.org", "40021", "A", 85.0, 42.5, 8.5]
    titles, points, row, _ = cells(data, 2)
    assert titles[6:] == ["One", "Two"]
    assert points[-2:] == [10.0, 10.0]
    assert row[6:] == [8.5]  # no mark: no cell


@pytest.mark.parametrize("text", ["=1+1", "https://evil.example", "@SUM(A1)", "+1", "7", "{=1}"])
def test_text_in_a_workbook_is_text(text: str) -> None:
    data = xlsx.write(table(student(last_name=text, id_number=text), titles=(text,)))
    assert cells(data, 1)[1][0] == text
    assert cells(data, 2)[0][-1] == text


@given(ANY_TEXT)
def test_any_name_leaves_the_workbook_readable(text: str) -> None:
    data = xlsx.write(table(student(first_name=text, section="x" * 40_000)))
    assert len(cells(data, 1)) == 2


def test_the_workbook_and_the_table_agree_on_every_number() -> None:
    made = table(*[student(username=f"s{k}") for k in range(50)])
    rows = cells(xlsx.write(made), 2)[2:]
    assert [Decimal(str(row[-1])) for row in rows] == [row.scores[0] for row in made.rows]
