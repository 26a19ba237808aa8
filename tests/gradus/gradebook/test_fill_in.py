"""Scores in a platform's own file: the right cells change, every other one stays as it was."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.gradebook.exports import fill_in, lms_file
from gradus.gradebook.exports.lms_file import FillInRefused, Platform
from gradus.gradebook.exports.table import GradeTable, ScoreColumn, ScoreRow
from tests.gradus.gradebook.test_exports import student

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Neuron (7001),Sums (7002),Final Score\r\n"
    "    Points Possible,,,,,10.0,5.0,(read only)\r\n"
    '"Okafor, Ada",501,40021,ada,"A, B",,3,60.0\r\n'
    '"Kim, Ben",502,,ben@example.org,A,-,,0.0\r\n'
    '"Student, Test",503,,,A,,,\r\n'
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"'
    '\t"Neuron [Total Pts: 10 Score] |409586"\n'
    '"Okafor"\t"Ada"\t"ada"\t"40021"\t"2027-01-01"\t"Yes"\t""\n'
    '"Kim"\t"Ben"\t"ben"\t""\t""\t"Yes"\t"2.00"\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Neuron Points Grade <Numeric MaxPoints:10 Weight:5>,"
    "End-of-Line Indicator\n#40021,#ada,,#\n#40022,#ben,1,#\n"
)
MOODLE = (
    "First name,Surname,ID number,Email address,Assignment: Neuron (Real),Course total (Real)\n"
    'Ada,Okafor,40021,ada@example.org,-,-\nBen,"Kim",,ben@example.org,-,-\n'
)
FILES = {
    Platform.CANVAS: CANVAS.encode(),
    Platform.BLACKBOARD: b"\xff\xfe" + BLACKBOARD.encode("utf-16-le"),
    Platform.BRIGHTSPACE: b"\xef\xbb\xbf" + BRIGHTSPACE.encode(),
    Platform.MOODLE: MOODLE.encode(),
}


def table(**scores: str | None) -> GradeTable:
    people = {
        "ada": student(),
        "ben": student(username="ben", email="ben@example.org", id_number="", first_name="Ben"),
        "cleo": student(username="cleo", email="cleo@example.org", id_number="40023"),
    }
    rows = [
        ScoreRow(people[name], (Decimal(score) if score else None,), None, None)
        for name, score in scores.items()
    ]
    return GradeTable((ScoreColumn("item-1", "Week 1: Neuron", Decimal(10)),), tuple(rows))


def filled(data: bytes, made: GradeTable) -> fill_in.Filled:
    sheet = lms_file.read(data)
    return fill_in.fill(sheet, made, fill_in.proposed(sheet, made))


def text_of(data: bytes) -> str:
    return data.decode("utf-16") if data.startswith(b"\xff\xfe") else data.decode("utf-8-sig")


@pytest.mark.parametrize("platform", Platform)
def test_knows_whose_file_it_is_and_which_column_is_ours(platform: Platform) -> None:
    sheet = lms_file.read(FILES[platform])
    assert sheet.platform is platform
    assert list(fill_in.proposed(sheet, table()).values()) == ["item-1"]


@pytest.mark.parametrize("platform", Platform)
def test_only_the_scores_change(platform: Platform) -> None:
    before = FILES[platform]
    done = filled(before, table(ada="8.50", ben="10.00"))
    assert (done.written, done.not_in_file) == (2, ())
    old, new = text_of(before), text_of(done.data)
    delimiter = "\t" if platform is Platform.BLACKBOARD else ","
    read = [
        list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) for text in (old, new)
    ]
    differing = [
        (row, column)
        for row, lines in enumerate(zip(*read, strict=True))
        for column, pair in enumerate(zip(*lines, strict=True))
        if pair[0] != pair[1]
    ]
    (number,) = fill_in.proposed(lms_file.read(before), table())
    assert {column for _, column in differing} == {number}
    assert sorted(read[1][row][number] for row, _ in differing) == ["10.00", "8.50"]


@pytest.mark.parametrize("platform", Platform)
def test_without_a_score_the_file_comes_back_byte_for_byte(platform: Platform) -> None:
    assert filled(FILES[platform], table(ada=None, ben=None)).data == FILES[platform]


def test_who_is_on_one_side_only_is_told() -> None:
    done = filled(FILES[Platform.CANVAS], table(ada="1.00", cleo="2.00"))
    assert done.not_in_course == ("Kim, Ben, ben@example.org", "Student, Test")
    assert [one.username for one in done.not_in_file] == ["cleo"]


def test_replaced_scores_are_counted() -> None:
    assert filled(FILES[Platform.BLACKBOARD], table(ada="1.00", ben="3.00")).changed == 1


def test_the_rows_above_canvas_students_are_no_students() -> None:
    done = filled(FILES[Platform.CANVAS], table(ada="1.00"))
    assert "Points Possible" not in " ".join(done.not_in_course)
    assert "    Points Possible,,,,,10.0,5.0,(read only)\r\n" in done.data.decode()


def test_totals_and_identifiers_cannot_be_overwritten() -> None:
    sheet = lms_file.read(FILES[Platform.CANVAS])
    assert sheet.score_columns() == {5: "Neuron", 6: "Sums"}
    for column in (0, 2, 7, 99):
        with pytest.raises(FillInRefused, match="cannot be filled in"):
            fill_in.fill(sheet, table(ada="1.00"), {column: "item-1"})


def test_one_column_of_ours_goes_into_one_of_theirs() -> None:
    sheet = lms_file.read(FILES[Platform.CANVAS])
    with pytest.raises(FillInRefused, match="one column of the file"):
        fill_in.fill(sheet, table(ada="1.00"), {5: "item-1", 6: "item-1"})


def test_identifiers_that_name_two_people_match_nobody() -> None:
    text = "ID number,Username,Neuron\n40021,ben,\n"
    done = filled(text.encode(), table(ada="1.00", ben="2.00"))
    assert (done.written, done.not_in_course) == (0, ("40021, ben",))


def test_a_student_who_is_there_twice_stops_it() -> None:
    text = "Username,Neuron\nada,\nADA,\n"
    with pytest.raises(FillInRefused, match="Row 3: ADA is there twice"):
        filled(text.encode(), table(ada="1.00"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no line for a student"),
        (b"Username,Neuron\n", "no line for a student"),
        (b"a,b\n1,2\n", "no export of"),
        (b"Username,Neuron\nada\n", "Row 2 has 1 cells"),
        (b"PK\x03\x04\x00\x00", "no text"),
        (b"\xe4,b\n1,2\n", "byte 0"),
        (b"\xff\xfea", "UTF-16-LE"),
        (b"Username,Neuron\n" + b"a,1\n" * 20_001, "more than 20000 rows"),
        (b"Username" + b",x" * 1_001 + b"\n", "more than 1000 cells"),
        (b"x" * (lms_file.MAX_BYTES + 1), "more than 4 MiB"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_with_its_line(data: bytes, says: str) -> None:
    with pytest.raises(FillInRefused, match=says):
        lms_file.read(data)


def test_an_open_quote_is_text_of_its_cell() -> None:
    assert lms_file.read(b'Username,Neuron\n"ada,1\n').cells[1] == ('"ada', "1")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters='\r\n\0",;\t'), max_size=8)
QUOTED = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8)


@given(st.lists(st.tuples(CELLS, QUOTED), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_any_file_comes_back_as_it_was(lines: list[tuple[str, str]], delimiter: str) -> None:
    text = delimiter.join(("Username", "Neuron", "Note")) + "\n"
    for plain, quoted in lines:
        cells = (plain or "x", "", '"' + quoted.replace('"', '""') + '"')
        text += delimiter.join(cells) + "\n"
    assert filled(text.encode(), table(cleo=None)).data == text.encode()
