"""CSV files that spreadsheets open: text that strangers chose must not become a formula (CWE-1236).

A spreadsheet runs a cell that begins with = + - @, their full-width forms, or one of them after
blanks; and where it splits at semicolons, also what follows one inside a cell of ours.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

_SIGNS = "=+-@"
_CONTROLS = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029]+")


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet could run this cell, or skip its first character to run the rest."""
    for character in text:
        if character in "\t\r\n\0" or unicodedata.normalize("NFKC", character) in _SIGNS:
            return True
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return False
    return False


def guarded(text: str) -> str:
    """One line of text with an apostrophe before each place where a formula could begin."""
    line = _CONTROLS.sub(" ", text.replace("\0", ""))
    return ";".join("'" + piece if begins_formula(piece) else piece for piece in line.split(";"))


def csv_bytes(rows: Iterable[Sequence[str]], *, for_excel: bool = False) -> bytes:
    """Rows as CSV with commas and CRLF; cells as they are: guard what strangers chose before.

    `for_excel` puts a mark in front, without which Excel reads UTF-8 as something else.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig" if for_excel else "utf-8")
