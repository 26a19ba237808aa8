"""What a student typed, as numbers and choices. The form's own check and the marking both use it.

A number is written `0.6781` or `0,6781` (one decimal sign: comma or point), `-0.5` with any minus
sign, `3/4`, `1,5e-3`, `1.5*10^-3` (also with a multiplication sign, a dot or an x, and with
superscripts), `3 499 200` (spaces between groups of three digits). A comma is always the decimal
sign: `1,234` is a little more than one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction

MAX_LENGTH = 64  # characters of one number
MAX_DIGITS = 40
MAX_EXPONENT = 30
MAX_SHEET_BYTES = 64 * 1024
MAX_ANSWERS = 500
MAX_ANSWER = 400  # characters of any answer

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2013\u2010\u2011\ufe63\uff0d", "-") | {"\uff0b": "+"})
_MARKS = str.maketrans(  # full-width and Arabic marks, fraction slashes, signs of multiplication
    {"\uff0c": ",", "\uff0e": ".", "\u066b": ".", "\u00f7": "/"}
    | dict.fromkeys("\u2044\u2215", "/")
    | dict.fromkeys("\u00d7\u00b7\u22c5x", "*")
)
_TEN = re.compile(r"\s*\*\s*10\s*(?:\^|\*\*)?\s*([-+]?[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)$")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_GROUPS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_DECIMAL = re.compile(r"([-+]?)\s*([0-9]*)(?:[.,]([0-9]*))?(?:[eE]([-+]?[0-9]{1,4}))?")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_OPTION = re.compile(r"[0-9a-z]{1,32}")


class AnswerError(ValueError):
    """What was typed cannot be read; the message is complete and fit for the student."""


def parse_number(text: str) -> float:
    """The number that a text stands for.

    Raises: AnswerError that says what is wrong with the text.
    """
    if len(text) > MAX_LENGTH:
        raise AnswerError(f"The answer has {len(text)} characters; at most {MAX_LENGTH} are read.")
    plain = _plain(text)
    if not plain:
        raise AnswerError("There is no answer.")
    parts = plain.split("/")
    if len(parts) > 2:
        raise AnswerError(f"{_quoted(text)} has more than one fraction bar.")
    values = [_decimal(part.strip(), text) for part in parts]
    if len(values) == 2 and values[1] == 0:
        raise AnswerError(f"{_quoted(text)} divides by zero.")
    value = values[0] / values[1] if len(values) == 2 else values[0]
    if abs(value) > 10**MAX_EXPONENT:
        raise AnswerError(f"{_quoted(text)} is too large: at most 10^{MAX_EXPONENT} is read.")
    return float(value)


def parse_integer(text: str) -> int:
    """The whole number that a text stands for (`12`, `12.0`, `24/2`).

    Raises: AnswerError.
    """
    value = parse_number(text)
    if not value.is_integer():
        raise AnswerError(f"{_quoted(text)} is no whole number; one is asked for here.")
    return int(value)


def parse_choice(text: str) -> frozenset[str]:
    """The option keys that were chosen, separated by spaces or commas.

    Raises: AnswerError.
    """
    keys = [key for key in re.split(r"[\s,]+", text) if key]
    if not keys:
        raise AnswerError("Nothing is chosen.")
    for key in keys:
        if len(keys) > 32 or not _OPTION.fullmatch(key):
            raise AnswerError(f"{_quoted(key)} is no option of this item.")
    return frozenset(keys)


def parse_sheet(data: bytes) -> dict[str, str]:
    """The answers of an `answers.json`: an object of strings. Numbers are kept as they are written,
    a list of option keys becomes one string.

    Raises: AnswerError that names the entry.
    """
    if len(data) > MAX_SHEET_BYTES:
        raise AnswerError(
            f"The answers have {len(data)} bytes; at most {MAX_SHEET_BYTES} are allowed."
        )
    try:
        sheet = json.loads(
            data, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
        )
    except AnswerError:
        raise
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"The answers are no JSON text: {error}.") from error
    if not isinstance(sheet, dict):
        raise AnswerError('The answers are one object, such as {"z": "0,6781"}.')
    return check_sheet(sheet)


def check_sheet(sheet: Mapping[str, object]) -> dict[str, str]:
    """The same for answers that are data already, such as the fields of a form.

    Raises: AnswerError that names the entry.
    """
    if len(sheet) > MAX_ANSWERS:
        raise AnswerError(f"There are {len(sheet)} answers; at most {MAX_ANSWERS} are allowed.")
    return {_field(key): _answer(key, value) for key, value in sheet.items()}


def _field(key: object) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise AnswerError(f"{_quoted(str(key))} is no name of an answer.")
    return key


def _answer(key: str, value: object) -> str:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        value = " ".join(value)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise AnswerError(f"{key}: an answer is a text, such as {key} = 0,6781.")
    if len(value) > MAX_ANSWER:
        raise AnswerError(f"{key}: the answer has {len(value)} characters; at most {MAX_ANSWER}.")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    sheet = dict(pairs)
    if len(sheet) != len(pairs):
        raise AnswerError("An answer is there twice.")
    return sheet


def _plain(text: str) -> str:
    """The text with one kind of digit, minus, point, fraction bar, exponent and space."""
    text = text.translate(_SIGNS).translate(_MARKS)
    text = _SPACES.sub(" ", text).strip()
    if found := _TEN.search(text):
        text = f"{text[: found.start()]}e{found.group(1).translate(_SUPERSCRIPT)}"
    text = "".join(str(unicodedata.decimal(c, c)) for c in text)
    return _GROUPS.sub(lambda group: group.group(0).replace(" ", ""), text)


def _decimal(part: str, text: str) -> Fraction:
    found = _DECIMAL.fullmatch(part)
    if found is None or not (found.group(2) or found.group(3)):
        raise AnswerError(_why_unreadable(part, text))
    sign, whole, decimals, exponent = found.groups(default="")
    if len(whole) + len(decimals) > MAX_DIGITS:
        raise AnswerError(f"{_quoted(text)} has more than {MAX_DIGITS} digits.")
    if abs(int(exponent or 0)) > MAX_EXPONENT:
        raise AnswerError(f"{_quoted(text)}: exponents go from -{MAX_EXPONENT} to {MAX_EXPONENT}.")
    return Fraction(f"{sign}{whole or 0}.{decimals or 0}e{exponent or 0}")


def _why_unreadable(part: str, text: str) -> str:
    lower = part.lower().lstrip("+-")
    reasons = (
        (not part, "has nothing on one side of the fraction bar."),
        ("," in part and "." in part, "has both a comma and a point; use one of them, once."),
        (part.count(",") + part.count(".") > 1, "has more than one decimal sign; use only one."),
        (lower.startswith(("nan", "inf", "∞")), "is no finite number; each answer is one."),
        ("_" in part or lower.startswith(("0*", "0b", "0o")), "is code; write decimal digits."),
        ("%" in part, "is a percentage; write 0.67 for 67 %."),
    )
    example = "is no number; write one such as 0.6781, 0,6781, -1.5e-3 or 3/8."
    return f"{_quoted(text)} {next((why for holds, why in reasons if holds), example)}"


def _quoted(text: str) -> str:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return f"'{shown}'"
