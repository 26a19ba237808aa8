"""A roster as a CSV file: bytes of a stranger to lines that can be trusted, or errors by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from gradus.courses.errors import RosterRefused
from gradus.lib.spreadsheets import begins_formula

MOST_BYTES = 2 << 20
MOST_LINES = 5_000
MOST_COLUMNS = 100
MOST_USERNAME = 150
_LENGTHS = {
    "email": 254, "username": MOST_USERNAME, "id_number": 64, "first_name": 150, "last_name": 150,
    "name": 300, "section": 80,
}  # fmt: skip
_HEADERS = {
    "email": ("email", "emailaddress", "mail"),
    "username": ("username", "login", "user", "sisloginid", "loginid"),
    "id_number": (
        "idnumber", "id", "studentid", "studentnumber", "sid", "sisuserid", "orgdefinedid",
        "matriculationnumber",
    ),
    "first_name": ("firstname", "givenname", "forename"),
    "last_name": ("lastname", "surname", "familyname"),
    "name": ("name", "fullname", "student", "studentname"),
    "section": ("section", "sections", "group"),
}  # fmt: skip
_FIELD_OF = {alias: field for field, aliases in _HEADERS.items() for alias in aliases}
_WORDS = {
    "email": gettext_noop("email address"),
    "username": gettext_noop("username"),
    "id_number": gettext_noop("id number"),
    "first_name": gettext_noop("first name"),
    "last_name": gettext_noop("last name"),
    "name": gettext_noop("name"),
    "section": gettext_noop("section"),
}
_NO_HEADER = gettext_noop(
    "Line 1 names no column that is known. Use a header such as"
    " “email, username, id number, first name, last name, section”."
)
_USERNAME = re.compile(r"[\w.@+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One student of a file. An empty text says nothing about that field."""

    number: int  # of the line in the file; the header is line 1
    email: str = ""
    username: str = ""
    id_number: str = ""
    first_name: str = ""
    last_name: str = ""
    section: str = ""

    @property
    def shown_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.username


@dataclass(frozen=True, slots=True)
class LineError:
    number: int
    message: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    lines: tuple[Line, ...]
    errors: tuple[LineError, ...]
    unused: tuple[str, ...]  # headers that say nothing to us


class _Unreadable(Exception):
    """What is wrong with one line."""


def decode(data: bytes) -> str:
    """The text of an uploaded file. Raises: RosterRefused, too large or no UTF-8, with the line."""
    if len(data) > MOST_BYTES:
        told = _("The file has {count:,} bytes; at most {most:,} (2 MiB) are read.")
        raise RosterRefused(told.format(count=len(data), most=MOST_BYTES))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterRefused(
            _(
                "This is an Excel workbook of the old kind, or one with a password."
                " Save it as .xlsx without a password, or as “CSV UTF-8”."
            )
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RosterRefused(
            _("The file is in UTF-16. In the spreadsheet, save it as “CSV UTF-8” and upload that.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = _(
            "Line {line}: byte 0x{byte:02x} is no UTF-8, so names would be garbled."
            " In the spreadsheet, save the file as “CSV UTF-8” and upload that."
        )
        raise RosterRefused(told.format(line=line, byte=data[error.start])) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        told = _("Line {line} holds a null character, so this is no CSV file.")
        raise RosterRefused(told.format(line=line))
    return text


def parse(text: str) -> RosterFile:
    """Read a roster; lines that cannot be read are errors beside those that can.

    Raises: RosterRefused, when there is no usable header, no line, or more lines than allowed.
    """
    header, delimiter = _header(text)
    columns = _columns(header)
    lines: list[Line] = []
    errors: list[LineError] = []
    for number, cells in _records(text, delimiter):
        if len(lines) + len(errors) >= MOST_LINES:
            told = _("The file has more than {most:,} students. Split it.")
            raise RosterRefused(told.format(most=MOST_LINES))
        try:
            lines.append(_line(number, cells, columns, len(header)))
        except _Unreadable as error:
            errors.append(LineError(number, str(error)))
    if not lines and not errors:
        raise RosterRefused(_("The file has a header but no students below it."))
    unused = tuple(cell.strip()[:60] for k, cell in enumerate(header) if k not in columns.values())
    return RosterFile(tuple(lines), tuple(errors), tuple(name for name in unused if name))


def students_by_hand(rows: Sequence[Mapping[str, str]]) -> RosterFile:
    """Students from a program, by the rules of a file; the first is line 1."""
    lines: list[Line] = []
    errors: list[LineError] = []
    for number, cells in enumerate(rows, start=1):
        try:
            lines.append(_student(number, cells))
        except _Unreadable as error:
            errors.append(LineError(number, str(error)))
    return RosterFile(tuple(lines), tuple(errors), ())


def student_by_hand(cells: Mapping[str, str]) -> Line:
    """One student from the fields of a form, by the rules of a file. Raises: RosterRefused."""
    try:
        return _student(1, cells)
    except _Unreadable as error:
        raise RosterRefused(sentence(str(error))) from error


def cell_by_hand(field: str, text: str) -> str:
    """One field from a form, by the rules of a file. Raises: RosterRefused."""
    try:
        return _clean(field, text) if text.strip() else ""
    except _Unreadable as error:
        raise RosterRefused(sentence(str(error))) from error


def sentence(message: str) -> str:
    """The error of a line, where no line number stands before it."""
    return _("{sentence}.").format(sentence=f"{message[0].upper()}{message[1:]}")


def _header(text: str) -> tuple[list[str], str]:
    """The first line, split by whichever delimiter gives most columns that we know."""
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise RosterRefused(_("The file is empty, or its first line is: a header belongs there."))
    splits = []
    for delimiter in ",;\t":
        try:
            cells = next(csv.reader([first], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        splits.append((len([c for c in cells if _key(c) in _FIELD_OF]), len(cells), delimiter))
    known, _width, delimiter = max(splits, default=(0, 0, ","))
    if not known:
        raise RosterRefused(_(_NO_HEADER))
    cells = next(csv.reader([first], delimiter=delimiter))
    if len(cells) > MOST_COLUMNS:
        told = _("Line 1 has {count} columns; at most {most} are read.")
        raise RosterRefused(told.format(count=len(cells), most=MOST_COLUMNS))
    return cells, delimiter


def known_columns(header: Sequence[str]) -> dict[str, int]:
    """Place of each field in a header. Raises: RosterRefused: two for one, or none to find by."""
    if not any(_key(cell) in _FIELD_OF for cell in header):
        raise RosterRefused(_(_NO_HEADER))
    return _columns(header)


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(header):
        field = _FIELD_OF.get(_key(cell))
        if field is None:
            continue
        if field in columns:
            told = _(
                "Line 1 has two columns for the {field}: “{first}” and “{second}”. Remove one."
            )
            first = header[columns[field]].strip()
            raise RosterRefused(
                told.format(field=_(_WORDS[field]), first=first, second=cell.strip())
            )
        columns[field] = place
    if not columns.keys() & {"email", "username", "id_number"}:
        raise RosterRefused(
            _(
                "Line 1 has no column by which a student can be found:"
                " email, username or id number is needed."
            )
        )
    return columns


def _key(cell: str) -> str:
    return re.sub(r"[\s_.\-]", "", cell.casefold())


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header with the line on which each begins; blank ones left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if begins > 1 and any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        told = _(
            "Line {line} cannot be read as CSV ({why}). Often a quotation mark is not closed there."
        )
        raise RosterRefused(told.format(line=begins, why=error)) from error


def _line(number: int, cells: Sequence[str], columns: Mapping[str, int], width: int) -> Line:
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        told = ngettext(
            "has {count} cell, but the header has {width}",
            "has {count} cells, but the header has {width}",
            len(cells),
        )
        raise _Unreadable(told.format(count=len(cells), width=width))
    return _student(
        number, {field: cells[place] for field, place in columns.items() if place < len(cells)}
    )


def _student(number: int, cells: Mapping[str, str]) -> Line:
    found = {field: _clean(field, cell) for field, cell in cells.items() if cell.strip()}
    whole = found.pop("name", "")
    if whole and not found.keys() & {"first_name", "last_name"}:
        found["first_name"], found["last_name"] = split_name(whole)
    if not found.keys() & {"email", "username", "id_number"}:
        raise _Unreadable(_("neither email address nor username nor id number is given"))
    return Line(number=number, **found)


def _clean(field: str, cell: str) -> str:
    text, word = cell.strip(), _(_WORDS[field])
    if len(text) > _LENGTHS[field]:
        told = _("the {field} has {count:,} characters; at most {most}")
        raise _Unreadable(told.format(field=word, count=len(text), most=_LENGTHS[field]))
    if begins_formula(text):
        told = _("the {field} begins with “{character}”, which a spreadsheet would run")
        raise _Unreadable(told.format(field=word, character=text[0]))
    if not text.isprintable():
        told = _("the {field} holds a line break or another invisible character")
        raise _Unreadable(told.format(field=word))
    if field == "email":
        _refuse_bad_email(text)
        return text.lower()
    if field == "username" and not _USERNAME.fullmatch(text):
        told = _("the username “{name}” may hold only letters, digits and . @ + - _")
        raise _Unreadable(told.format(name=text))
    return text


def _refuse_bad_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise _Unreadable(_("“{text}” is no email address").format(text=text)) from error
    if not text.isascii():
        told = _("the email address “{address}” holds letters beyond a to z")
        raise _Unreadable(told.format(address=text))


def split_name(whole: str) -> tuple[str, str]:
    """“Last, First” at the comma; else the last word is the last name."""
    if "," in whole:
        last, first = whole.split(",", 1)
        return first.strip()[:150], last.strip()[:150]
    first, _space, last = whole.rpartition(" ")
    return first.strip()[:150], last.strip()[:150]
