"""A roster file is read in every shape that spreadsheets write, and refused with the line."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.courses.errors import RosterRefused
from gradus.courses.roster.file import MOST_BYTES, MOST_LINES, decode, parse

PLAIN = "email,first name,last name,section\nada@example.org,Ada,Okafor,A\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.upper().replace("ADA,OKAFOR", "Ada,Okafor"),
        PLAIN.replace("email", "E-Mail Address").replace("first name", "First_Name"),
        PLAIN + "\n,,,\n\n",
        "\ufeff" + PLAIN,
        'section,"last name",phone,first name,mail\nA,Okafor,1,Ada,ada@example.org\n',
        "Student,Email,Section\n" + '"Okafor, Ada",ada@example.org,A\n',
        "name,email,group\nAda Okafor,ada@example.org,A\n",
    ],
)
def test_reads_every_shape(text: str) -> None:
    file = parse(decode(text.encode()))
    assert not file.errors
    (line,) = file.lines
    assert (line.email, line.first_name, line.last_name) == ("ada@example.org", "Ada", "Okafor")
    assert line.section == "A"
    assert line.number == 2


def test_names_the_columns_that_it_does_not_use() -> None:
    assert parse("email,Phone,\nada@example.org,1,\n").unused == ("Phone",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"email\n" + b"a" * MOST_BYTES, "at most 2,097,152"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (b"email,name\nada@example.org,Ada\nx@example.org,Ren\xe9\n", "Line 3: byte 0xe9"),
        (b"email\nada@example.org\nx\0y\n", "Line 3 holds a null"),
        (b"\x89PNG\r\n", "Line 1: byte 0x89"),
    ],
)
def test_refuses_bytes_that_are_no_text(data: bytes, message: str) -> None:
    with pytest.raises(RosterRefused, match=message):
        decode(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("one,two\nx,y\n", "names no column"),
        ("name,section\nAda,A\n", "no column by which"),
        ("email,e-mail\nx@example.org,y@example.org\n", "two columns for the email"),
        ("email\n", "no students"),
        ('email\n"ada@example.org\n', "Line 2 cannot be read as CSV"),
        ('email\nok@example.org\n"a"b@example.org\n', "Line 3 cannot be read as CSV"),
        ("email\n" + "x" * 140_000 + "\n", "Line 2 cannot be read as CSV"),
        ("email" + ",x" * 100 + "\na@example.org\n", "101 columns"),
        ("email\n" + "".join(f"s{k}@example.org\n" for k in range(MOST_LINES + 1)), "5,000"),
    ],
)
def test_refuses_a_file_that_is_no_roster(text: str, message: str) -> None:
    with pytest.raises(RosterRefused, match=message):
        parse(text)


def test_the_most_lines_are_read() -> None:
    text = "email\n" + "".join(f"s{k}@example.org\n" for k in range(MOST_LINES))
    assert len(parse(text).lines) == MOST_LINES


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("not-an-address,,,", "“not-an-address” is no email"),
        ("@SUM(A1),,,", "email address begins with “@”"),
        (",Ada,,", "neither email address nor username"),
        ('a@example.org,"=HYPERLINK(""http://x"")",,', "first name begins with “=”"),
        ("a@example.org,+1,,", "begins with “\\+”"),
        ("a@example.org,,-1,", "last name begins with “-”"),
        ("a@example.org,,,\uff1dA", "section begins with"),
        ('a@example.org,"Ada\nEve",,', "first name holds a line break"),
        ("a@example.org,Ada\u202e,,", "invisible character"),
        ("a@example.org," + "x" * 151 + ",,", "151 characters; at most 150"),
        ("a@example.org,,," + "x" * 81, "section has 81 characters"),
        ("a@example.org,,,,,surplus", "6 cells"),
        ("\u00e4@example.org,,,", "is no email"),
        ("a@ex\u00e4mple.org,,,", "beyond a to z"),
    ],
)
def test_a_bad_line_is_an_error_beside_the_good_ones(cells: str, message: str) -> None:
    text = f"email,first name,last name,section\nok@example.org,,,\n{cells}\nfine@example.org,,,\n"
    file = parse(text)
    assert [line.email for line in file.lines] == ["ok@example.org", "fine@example.org"]
    (error,) = file.errors
    assert error.number == 3
    assert re.search(message, error.message)


def test_a_line_number_is_where_the_line_begins_though_cells_span_lines() -> None:
    file = parse('email,note\na@example.org,"x\ny\nz"\nbad,\n')
    assert [line.number for line in file.lines] == [2]
    assert [error.number for error in file.errors] == [5]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(RosterRefused):
        assert parse(decode(b"email,name\n" + data))
