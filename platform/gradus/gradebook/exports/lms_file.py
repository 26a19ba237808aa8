"""A gradebook file as Canvas, Moodle, Brightspace or Blackboard export it.

Every cell is kept as it is written, and so are encoding, delimiter and line ends: what a platform
needs to recognise its own rows and columns is what it wrote there.
Sources: canvas-lms, lib/gradebook_importer.rb; Moodle, grade/import/csv/classes/load_data.php;
Brightspace's and Blackboard's help on importing grades.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from gradus.lib.refusal import Refused

MAX_BYTES = 4 << 20
MAX_ROWS = 20_000
MAX_COLUMNS = 1_000
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))


class FillInRefused(Refused):
    """A file that cannot be filled in; the message names the line."""


class Platform(StrEnum):
    """Whose file it is."""

    CANVAS = "Canvas"
    BLACKBOARD = "Blackboard"
    BRIGHTSPACE = "Brightspace"
    MOODLE = "Moodle"


KNOWS_EX = frozenset({Platform.CANVAS})  # an importer that excuses where a cell says EX
IDENTIFIERS: dict[Platform, dict[str, str]] = {  # heading: what it identifies a student by
    Platform.CANVAS: {"sis user id": "id_number", "sis login id": "login"},
    Platform.BLACKBOARD: {"username": "login", "student id": "id_number"},
    Platform.BRIGHTSPACE: {"orgdefinedid": "id_number", "username": "login"},
    Platform.MOODLE: {"id number": "id_number", "username": "login", "email address": "email"},
}
_NO_SCORE: dict[Platform, frozenset[str]] = {  # other columns of students, and totals
    Platform.CANVAS: frozenset({"student", "id", "section", "integration id", "root account"}),
    Platform.BLACKBOARD: frozenset({"last name", "first name", "last access", "availability"}),
    Platform.BRIGHTSPACE: frozenset({"end-of-line indicator", "last name", "first name", "email"}),
    Platform.MOODLE: frozenset(
        {"first name", "last name", "surname", "institution", "department",
         "last downloaded from this course", "course total (real)"}
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A platform's file, cell by cell as it was written."""

    platform: Platform
    encoding: str
    bom: bytes
    cells: tuple[tuple[str, ...], ...]  # as in the file, with their quotes
    delimiter: str
    newline: str
    ends_with_newline: bool

    @property
    def heading(self) -> list[str]:
        return [value(cell) for cell in self.cells[0]]

    @property
    def students(self) -> range:
        """Numbers of the lines that stand for a student."""
        first = 1
        while first < len(self.cells) and self._is_about_columns(self.cells[first]):
            first += 1
        return range(first, len(self.cells))

    def _is_about_columns(self, line: Sequence[str]) -> bool:
        lead = value(line[0]).strip().casefold()
        return self.platform is Platform.CANVAS and (
            "points possible" in lead or lead == "manual posting" or not any(map(value, line[:4]))
        )

    def score_columns(self) -> dict[int, str]:
        """Columns that may hold a score: number and name without the platform's marks."""
        taken = IDENTIFIERS[self.platform].keys() | _NO_SCORE[self.platform]
        found = {}
        for number, text in enumerate(self.heading):
            name = text.strip().lstrip("#").casefold()
            if name and name not in taken and not self._is_computed(number):
                found[number] = plain_title(text)
        return found

    def _is_computed(self, number: int) -> bool:
        lines = self.cells[1 : self.students.start]
        return any("(read only)" in value(line[number]) for line in lines)

    def with_cells(self, cells: Iterable[Sequence[str]]) -> bytes:
        """The file again, with other cells."""
        text = self.newline.join(self.delimiter.join(line) for line in cells)
        end = self.newline if self.ends_with_newline else ""
        return self.bom + (text + end).encode(self.encoding)


def read(data: bytes) -> Sheet:
    """Take a file apart. Raises: FillInRefused."""
    if len(data) > MAX_BYTES:
        raise FillInRefused(_("The file has more than {count} MiB.").format(count=MAX_BYTES >> 20))
    bom, encoding = next(((b, e) for b, e in _BOMS if data.startswith(b)), (b"", "utf-8"))
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        told = _(
            "The file is no text in {encoding}: byte {byte} cannot be read."
            " Upload the file as the platform exported it."
        )
        raise FillInRefused(told.format(encoding=encoding.upper(), byte=error.start)) from error
    if "\0" in text:
        raise FillInRefused(_("The file is no text; a workbook must be exported as CSV."))
    newline = "\r\n" if "\r\n" in text else "\n"
    delimiter = _delimiter(text.partition("\n")[0])
    cells = tuple(tuple(line) for line in _lines(text, delimiter))
    if len(cells) < 2:
        raise FillInRefused(_("The file has no line for a student."))
    for number, line in enumerate(cells, start=1):
        if len(line) != len(cells[0]):
            told = _("Row {row} has {count} cells, the first row {expected}.")
            raise FillInRefused(told.format(row=number, count=len(line), expected=len(cells[0])))
    platform = _platform([value(cell) for cell in cells[0]])
    return Sheet(platform, encoding, bom, cells, delimiter, newline, text.endswith(("\n", "\r\n")))


def plain_title(heading: str) -> str:
    """The name of an item in a heading, without what the platform adds to it."""
    text = re.sub(r"\s*\[Total Pts:.*$", "", heading)  # Blackboard
    text = re.sub(r"\s*<Numeric MaxPoints:.*$", "", text)  # Brightspace
    text = re.sub(r"\s+Points Grade$", "", text)
    text = re.sub(r"\s*\(\d+\)$", "", text)  # Canvas
    text = re.sub(r"\s*\(Real\)$", "", text)  # Moodle
    return re.sub(r"^(Assignment|Quiz|External tool|Manual item):\s*", "", text).strip()


def value(cell: str) -> str:
    """The text of a cell as it stands in the file."""
    if len(cell) >= 2 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def _platform(heading: Sequence[str]) -> Platform:
    heads = [text.strip().lstrip("#").casefold() for text in heading]
    if len(heads) > 1 and "student" in heads[0] and "id" in heads[1]:
        return Platform.CANVAS
    if "orgdefinedid" in heads or "end-of-line indicator" in heads:
        return Platform.BRIGHTSPACE
    if any(re.search(r"\|\d+$", head) for head in heads) and "username" in heads:
        return Platform.BLACKBOARD
    if {"email address", "id number", "username"} & set(heads):
        return Platform.MOODLE
    raise FillInRefused(
        _(
            "This is no export of Canvas, Moodle, Brightspace or Blackboard: its first row names no"
            " column of theirs. Export the gradebook there, and upload that file unchanged."
        )
    )


def _delimiter(first: str) -> str:
    counts = {sign: first.count(sign) for sign in ("\t", ",", ";")}
    return max(counts, key=lambda sign: counts[sign])


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each line as they are written. Raises: FillInRefused."""
    quoted = rf'"(?:[^"]|"")*"(?=[{delimiter}\r\n]|\Z)'
    plain = rf"[^{delimiter}\r\n]*"
    line: list[str] = []
    number = 1
    for found in re.finditer(rf"({quoted}|{plain})({delimiter}|\r?\n|\Z)", text):
        line.append(found[1])
        if len(line) > MAX_COLUMNS:
            raise FillInRefused(
                _("Row {row} has more than {count} cells.").format(row=number, count=MAX_COLUMNS)
            )
        if found[2] == delimiter:
            continue
        if line != [""]:
            yield line
        line = []
        number += 1
        if number > MAX_ROWS:
            raise FillInRefused(_("The file has more than {count} rows.").format(count=MAX_ROWS))
