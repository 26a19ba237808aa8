"""What students type: every way of writing a number, and what is refused."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import answers
from grader.answers import AnswerError, parse_choice, parse_integer, parse_number, parse_sheet


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.6781", 0.6781),
        ("0,6781", 0.6781),
        ("  12 ", 12.0),
        ("+3", 3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0", 0.0),
        ("\u22121,58e-1", -0.158),
        ("\u20130.5", -0.5),
        ("- 0,5", -0.5),
        ("3/8", 0.375),
        ("-1 / 3", -1 / 3),
        ("0,5/2", 0.25),
        ("1/-4", -0.25),
        ("1.5E3", 1500.0),
        ("1,5\u00d710^-3", 0.0015),
        ("1,5 * 10**-3", 0.0015),
        ("1.5\u00b710\u207b\u00b3", 0.0015),
        ("2x10^3", 2000.0),
        ("3 499 200", 3499200.0),
        ("3\u202f499\u202f200,5", 3499200.5),
        ("1,234", 1.234),
        ("\u0663\u066b\u0665", 3.5),
        ("\uff11\uff12", 12.0),
    ],
)
def test_reads(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no answer"),
        ("   ", "no answer"),
        ("0,6.1", "both a comma and a point"),
        ("1.234,5", "both a comma and a point"),
        ("1,234,567", "more than one decimal sign"),
        ("1/2/3", "more than one fraction bar"),
        ("/3", "nothing on one side"),
        ("3/", "nothing on one side"),
        ("3/0", "divides by zero"),
        ("1/0e9", "divides by zero"),
        ("nan", "no finite number"),
        ("-Infinity", "no finite number"),
        ("0x10", "is code"),
        ("0b1", "is code"),
        ("1_000", "is code"),
        ("67 %", "percentage"),
        ("12 34", "no number"),
        ("--1", "no number"),
        ("1e", "no number"),
        ("e5", "no number"),
        (".", "no number"),
        ("-", "no number"),
        ("1+1", "no number"),
        ("2(3)", "no number"),
        ("\u00bd", "no number"),
        ("\u00b2", "no number"),
        ("1e99999", "no number"),
        ("1e400", "exponents go from"),
        ("1e-31", "exponents go from"),
        ("9e30", "too large"),
        ("1" * 41, "more than 40 digits"),
        ("1" * 65, "65 characters"),
        ("1\x00", "no number"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        parse_number(text)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e29, max_value=1e29))
def test_reads_back_what_python_prints(value: float) -> None:
    text = f"{value:.12g}"
    if abs(value) < 1e-29:
        text = "0"
    assert parse_number(text) == float(text)


@settings(deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 10**9),
    st.sampled_from([",", ".", "\uff0c", "\u066b"]),
    st.sampled_from(["", "e3", "E-4", "*10^2", " \u00d7 10\u00b2"]),
)
def test_every_decimal_sign_and_power_gives_the_same_number(
    whole: int, decimals: int, sign: str, power: str
) -> None:
    exponent = {"": 0, "e3": 3, "E-4": -4}.get(power, 2)
    exact = Fraction(f"{whole}.{decimals}") * Fraction(10) ** exponent
    assert parse_number(f"{whole}{sign}{decimals}{power}") == float(exact)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_finite_number_or_refused_with_a_sentence(text: str) -> None:
    try:
        readable = math.isfinite(parse_number(text))
    except AnswerError as error:
        readable = str(error).endswith(".")
    assert readable


def test_integers_may_be_written_as_decimals_or_fractions() -> None:
    assert [parse_integer(text) for text in ("12", "12,0", "24/2", "1.2e1")] == [12, 12, 12, 12]


def test_refuses_a_part_where_a_whole_number_is_asked() -> None:
    with pytest.raises(AnswerError, match="no whole number"):
        parse_integer("12,5")


def test_choices_are_keys_with_spaces_or_commas_between() -> None:
    assert parse_choice(" a1, b2\tc3 ") == {"a1", "b2", "c3"}


@pytest.mark.parametrize("text", ["", " , ", "<b>", "A1", "x" * 33, " ".join(["a"] * 33)])
def test_refuses_what_is_no_choice(text: str) -> None:
    with pytest.raises(AnswerError):
        parse_choice(text)


def test_a_sheet_keeps_numbers_as_they_were_written() -> None:
    data = b'{"a": 0.10, "b": -1e-3, "c": "0,5", "d": ["k1", "k2"], "e": null, "f": 7}'
    assert parse_sheet(data) == {
        "a": "0.10", "b": "-1e-3", "c": "0,5", "d": "k1 k2", "e": "", "f": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 60000, "no JSON"),
        (b"[]", "one object"),
        (b'"x"', "one object"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1}}', "a text"),
        (b'{"a": true}', "a text"),
        (b'{"a": [[1]]}', "a text"),
        (b'{"": "1"}', "no name"),
        (b'{"<script>": "1"}', "no name"),
        (json.dumps({"a": "1" * 401}).encode(), "401 characters"),
        (json.dumps({f"a{i}": "1" for i in range(501)}).encode(), "501 answers"),
        (b" " * (answers.MAX_SHEET_BYTES + 1), "bytes"),
    ],
)
def test_refuses_a_sheet(data: bytes, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        parse_sheet(data)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_refused(data: bytes) -> None:
    try:
        sheet = parse_sheet(data)
    except AnswerError:
        return
    assert all(isinstance(value, str) for value in sheet.values())
