"""A roster as an Excel workbook: what people write, and what attackers do."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gradus.courses.errors import RosterRefused
from gradus.courses.roster.file import MOST_BYTES, MOST_LINES, RosterFile, parse
from gradus.courses.roster.workbook import as_text

HEADER = ["email", "id number", "section"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows: list[Any], header: list[str] | None = None, change: Any = None) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("People")
        for number, row in enumerate([header or HEADER, *rows]):
            sheet.write_row(number, 0, row)
        if change is not None:
            change(book, sheet)
    return file.getvalue()


def read(data: bytes) -> RosterFile:
    return parse(as_text(data))


def refusal(data: bytes) -> str:
    with pytest.raises(RosterRefused) as refused:
        read(data)
    return refused.value.message


def packed(**files: str) -> bytes:
    """A workbook of exactly these files, with the usual ones where none is given."""
    usual = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="r"><sheets>'
        '<sheet name="P" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="package"><Relationship Id="rId1"'
        ' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_of('<c r="A1" t="inlineStr"><is><t>email</t></is></c>'),
    }
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (usual | named).items():
            archive.writestr(name, text)
    return file.getvalue()


def sheet_of(cells: str, more: str = "") -> str:
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row>{more}</sheetData>'
        "</worksheet>"
    )


def test_rows_are_students_and_numbers_are_text() -> None:
    file = read(workbook(["ada@example.org", 40021, "A"], ["ben@example.org", "007", "B"]))
    assert not file.errors
    assert [(line.number, line.id_number, line.section) for line in file.lines] == [
        (2, "40021", "A"), (3, "007", "B"),
    ]  # fmt: skip


def test_leading_zeros_that_are_shown_are_kept() -> None:
    def zeros(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 1, 421, book.add_format({"num_format": "00000"}))

    (line,) = read(workbook(["ada@example.org"], change=zeros)).lines
    assert line.id_number == "00421"


def test_empty_rows_keep_the_numbers_of_the_others() -> None:
    file = read(workbook(["ada@example.org"], [], ["no address"]))
    assert [line.number for line in file.lines] == [2]
    assert [(error.number, "no email address" in error.message) for error in file.errors] == [
        (4, True)
    ]


def test_texts_in_pieces_and_in_place_are_read() -> None:
    def rich(book: Any, sheet: Any) -> None:
        sheet.write_rich_string(1, 0, "ada@", book.add_format({"bold": True}), "example.org")

    (line,) = read(workbook(["x"], change=rich)).lines
    assert line.email == "ada@example.org"


def test_the_first_sheet_that_is_shown_is_read() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        hidden, shown = book.add_worksheet("Notes"), book.add_worksheet("People")
        hidden.write_row(0, 0, ["nothing"])
        shown.write_row(0, 0, HEADER)
        shown.write_row(1, 0, ["ada@example.org"])
        shown.activate()
        hidden.hide()
        shown.set_first_sheet()
    assert len(read(file.getvalue()).lines) == 1


def formula(book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 2, '=HYPERLINK("http://evil")', None, "A")


def date(book: Any, sheet: Any) -> None:
    sheet.write_datetime(1, 2, datetime(2026, 3, 1), book.add_format({"num_format": "d-mmm"}))  # noqa: DTZ001


def long_number(book: Any, sheet: Any) -> None:
    sheet.write_number(1, 1, 1234567890123456)


def fraction(book: Any, sheet: Any) -> None:
    sheet.write_number(1, 1, 4.5)


def boolean(book: Any, sheet: Any) -> None:
    sheet.write_boolean(1, 2, True)


def merged(book: Any, sheet: Any) -> None:
    sheet.merge_range(1, 1, 2, 2, "A")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (formula, "C2 (section) holds the formula"),
        (date, "C2 (section) holds a date"),
        (long_number, "B2 (id number) holds the number"),
        (fraction, "B2 (id number) holds the number 4.5"),
        (boolean, "C2 (section) holds 1"),
        (merged, "B2:C3 are merged"),
    ],
)
def test_what_a_spreadsheet_made_of_it_is_refused_with_the_cell(change: Any, message: str) -> None:
    assert message in refusal(workbook(["ada@example.org"], change=change))


def test_a_column_that_is_not_used_may_hold_anything() -> None:
    def birthday(book: Any, sheet: Any) -> None:
        sheet.write_datetime(1, 3, datetime(2000, 1, 1), book.add_format({"num_format": 14}))  # noqa: DTZ001

    file = read(workbook(["ada@example.org"], header=[*HEADER, "born"], change=birthday))
    assert len(file.lines) == 1
    assert file.unused == ("born",)


def test_a_text_that_a_spreadsheet_would_run_is_an_error_of_its_line() -> None:
    (error,) = read(workbook(["ada@example.org", "1", "@SUM(1)"])).errors
    assert error.number == 2
    assert "section begins with “@”" in error.message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "cannot be unpacked"),
        (b"PK\x03\x04" + b"\0" * 500, "cannot be unpacked"),
        (b"PK\x03\x04" + b"\0" * MOST_BYTES, "at most 2,097,152"),
        (packed()[:-30], "cannot be unpacked"),
        (packed(xl__worksheets__sheet1_dot_xml="<a>"), "damaged"),
        (packed(xl__worksheets__sheet1_dot_xml=sheet_of("")), "first row"),
        (packed(xl__sharedStrings_dot_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><sst/>"), "document type"),
        (packed(xl__workbook_dot_xml=f'<workbook xmlns="{MAIN}"/>'), "no sheet"),
        (packed(xl__worksheets__sheet1_dot_xml=sheet_of('<c r="A1" t="s"><v>9</v></c>')), "text"),
        (packed(xl__worksheets__sheet1_dot_xml=sheet_of('<c r="A1" s="x"/>')), "number"),
        (workbook([], header=["a", "b"]), "names no column"),
        (workbook([]), "no students below"),
        (workbook(header=["email"] * 200), "at most 100"),
        (workbook(header=["email", "mail"]), "two columns"),
    ],
    ids=range(14),
)
def test_a_file_that_is_none_is_refused_in_plain_words(data: bytes, message: str) -> None:
    assert message in refusal(data)


def test_another_office_file_is_refused_by_name() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no Excel workbook" in refusal(file.getvalue())


def test_a_row_far_below_is_refused_before_lines_are_made_of_it() -> None:
    more = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    cells = '<c r="A1" t="inlineStr"><is><t>email</t></is></c>'
    data = packed(xl__worksheets__sheet1_dot_xml=sheet_of(cells, more))
    assert "goes on to row 1,048,576" in refusal(data)


def test_too_many_students_are_refused() -> None:
    rows = [[f"s{n}@example.org"] for n in range(MOST_LINES + 1)]
    assert "at most 5,000" in refusal(workbook(*rows))


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_bomb_is_not_unpacked(name: str) -> None:
    data = packed(**{name.replace("/", "__").replace(".", "_dot_"): " " * (200 << 20)})
    tracemalloc.start()
    assert "would unpack" in refusal(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 80 << 20  # of 200 MiB


def test_the_target_of_a_sheet_cannot_leave_the_archive() -> None:
    rels = (
        '<Relationships xmlns="package"><Relationship Id="rId1"'
        ' Target="../../../../etc/passwd"/></Relationships>'
    )
    assert "lacks etc/passwd" in refusal(packed(**{"xl___rels__workbook_dot_xml_dot_rels": rels}))


@given(st.binary(max_size=400), st.integers(0, 3000))
def test_damage_anywhere_is_a_refusal_and_no_fault(noise: bytes, at: int) -> None:
    whole = workbook(["ada@example.org", 1, "A"])
    at %= len(whole)
    with suppress(RosterRefused):
        read(whole[:at] + noise + whole[at + len(noise) :])


@given(st.text(max_size=300))
def test_any_xml_in_a_cell_is_a_refusal_and_no_fault(text: str) -> None:
    cleaned = re.sub(r"[\ud800-\udfff]", "", text)
    with suppress(RosterRefused):
        read(packed(xl__worksheets__sheet1_dot_xml=sheet_of(cleaned)))
