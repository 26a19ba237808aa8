"""Each export byte for byte, and again as its importer reads it."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.gradebook.exports import brightspace, canvas, moodle, plain
from gradus.gradebook.exports.table import GradeTable, ScoreColumn, ScoreRow, Student
from gradus.lib.spreadsheets import begins_formula

GOLDEN = Path(__file__).parent / "golden"
TARGETS = {"plain": plain, "moodle": moodle, "canvas": canvas, "brightspace": brightspace}


def student(**fields: str) -> Student:
    known = {
        "first_name": "Ada", "last_name": "Okafor", "username": "ada", "email": "ada@example.org",
        "id_number": "40021", "section": "A",
    }  # fmt: skip
    return Student(**(known | fields))


def table(*students: Student, titles: tuple[str, ...] = ("Week 1: Neuron",)) -> GradeTable:
    columns = tuple(
        ScoreColumn(f"item-{k}", title, Decimal("10.00")) for k, title in enumerate(titles)
    )
    scores = (Decimal("8.50"),) + (None,) * (len(titles) - 1)
    rows = (ScoreRow(s, scores, Decimal("85.00"), Decimal("42.50")) for s in students)
    return GradeTable(columns, tuple(rows))


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("name", TARGETS)
def test_the_file_is_the_golden_one(name: str) -> None:
    people = (
        student(),
        student(first_name="Ren\u00e9", last_name='O"Neil, Jr', username="rene", id_number=""),
    )
    made = TARGETS[name].write(table(*people, titles=("Week 1: Neuron", "Week 1: Sum, by hand")))
    assert made == (GOLDEN / f"{name}.csv").read_bytes()


ATTACKS = ['=HYPERLINK("http://evil","x")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "a;=1"]


@pytest.mark.parametrize("module", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize(
    "field", ["first_name", "last_name", "username", "email", "id_number", "section", "title"]
)
def test_no_text_of_people_becomes_a_formula(module: Any, text: str, field: str) -> None:
    if field == "title":
        made = module.write(table(student(), titles=(text,)))
    else:
        made = module.write(table(student(**{field: text})))
    cells = [cell for line in read(made) for cell in line]
    assert not [c for c in cells for piece in c.split(";") if begins_formula(piece)]


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_name_leaves_the_shape_of_the_file(text: str) -> None:
    for module in TARGETS.values():
        lines = read(module.write(table(student(last_name=text), titles=(text or "x", "b"))))
        assert len({len(line) for line in lines}) == 1


def test_canvas_finds_its_head_its_points_and_its_students() -> None:
    head, points, row = read(canvas.write(table(student(), titles=("One", "Two"))))
    last_of_student = max(k for k, cell in enumerate(head) if "Section" in cell)
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert last_of_student == 4
    assert "Points Possible" in points[0]
    assert [Decimal(cell) for cell in points[5:]] == [10, 10]
    assert row == ["Okafor, Ada", "", "40021", "ada", "A", "8.50", ""]


def test_canvas_takes_no_title_of_ours_for_the_id_of_an_assignment() -> None:
    (head, *_) = read(canvas.write(table(student(), titles=("Sums (12)",))))
    assert head[-1] == "Sums [12]"


def test_moodle_can_map_a_user_and_gets_no_grade_above_the_most() -> None:
    head, row = read(moodle.write(table(student())))
    assert head[:3] == ["Username", "ID number", "Email address"]
    assert row == ["ada", "40021", "ada@example.org", "8.50"]


def test_brightspace_finds_its_head_and_the_end_of_each_line() -> None:
    head, row = read(brightspace.write(table(student(), titles=("One", "Two"))))
    assert head[:2] == ["OrgDefinedId", "Username"]
    assert head[-1] == "End-of-Line Indicator"
    assert all(re.fullmatch(r".+ Points Grade", title) for title in head[2:-1])
    assert row == ["40021", "ada", "8.50", "", "#"]


@pytest.mark.parametrize(
    ("name", "marked"),
    [("plain", True), ("moodle", False), ("canvas", False), ("brightspace", False)],
)
def test_only_the_file_for_spreadsheets_has_the_mark_of_excel(name: str, marked: bool) -> None:
    assert TARGETS[name].write(table(student())).startswith(b"\xef\xbb\xbf") is marked
