"""What a spreadsheet would run never leaves as it came."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.lib.spreadsheets import begins_formula, csv_bytes, guarded

FORMULAS = [
    '=HYPERLINK("http://example.org","x")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "  =1+1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_told_and_guarded(text: str) -> None:
    assert begins_formula(text)
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", ["Ada Okafor", "O'Sullivan", "a=b", "x@example.org", "", "12.5"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", ["a;=1+1", "a;\t=1", "a\n@x", "a; +1"])
def test_a_formula_behind_a_separator_of_another_country_is_guarded(text: str) -> None:
    for separator in ";\t\n":
        assert not any(begins_formula(piece.strip()) for piece in guarded(text).split(separator))


@given(st.text(st.sampled_from("=+-@;,\t\r\n\0 'ab\uff1d\ufeff"), max_size=12))
def test_no_cell_begins_a_formula_however_it_is_split(text: str) -> None:
    cell = guarded(text)
    assert not begins_formula(cell)
    assert not any(begins_formula(piece) for piece in cell.split(";"))
    assert not set(cell) & set("\t\r\n\0")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)))
def test_cells_come_back_as_they_were(cells: list[str]) -> None:
    text = csv_bytes([["head"], ["a", *cells]]).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ["a", *cells]


def test_the_mark_for_excel_is_there_where_asked() -> None:
    assert csv_bytes([["é"]], for_excel=True) == "\ufeffé\r\n".encode()
    assert csv_bytes([["é"]]) == "é\r\n".encode()
