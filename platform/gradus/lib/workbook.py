"""The first sheet of an Excel workbook (ECMA-376), from bytes of a stranger.

A workbook is a zip of XML files. Nothing is extracted, no file is read beyond a limit, and a
document type, by which XML can grow without end, is refused. Formulas are never computed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat  # every document type is refused, and sizes are bounded

from django.utils.translation import gettext

from gradus.lib.workbook_cells import Cells, Sheet, Strings, Styles, WorkbookRefused

__all__ = ["Sheet", "WorkbookRefused", "first_sheet", "is_zip", "reference"]

MOST_XML_BYTES = 24 << 20  # of one file inside, unpacked
MOST_FILES = 2_000

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def reference(row: int, column: int) -> str:
    """As a spreadsheet names a cell: B3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def first_sheet(data: bytes) -> Sheet:
    """The first sheet that is not hidden. Raises: WorkbookRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(_Files(archive))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise WorkbookRefused(gettext("The file is damaged: it cannot be unpacked.")) from error
    except expat.ExpatError as error:
        told = gettext("The file is damaged: {why}.")
        raise WorkbookRefused(told.format(why=expat.ErrorString(error.code))) from error
    except (ValueError, OverflowError) as error:
        raise WorkbookRefused(gettext("The file is damaged: a number in it is none.")) from error


class _Files:
    """The files inside, each read up to a limit."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._known = {info.filename: info for info in archive.infolist()}
        if len(self._known) > MOST_FILES:
            told = gettext("The file holds more than {most:,} files.")
            raise WorkbookRefused(told.format(most=MOST_FILES))
        if "xl/workbook.xml" not in self._known:
            raise WorkbookRefused(
                gettext(
                    "This is no Excel workbook."
                    " In the spreadsheet, save it as .xlsx or “CSV UTF-8”."
                )
            )

    def has(self, name: str) -> bool:
        return name in self._known

    def read(self, name: str) -> bytes:
        info = self._known.get(name)
        if info is None:
            told = gettext("The file is damaged: it lacks {name}.")
            raise WorkbookRefused(told.format(name=name))
        if info.flag_bits & 1:
            raise WorkbookRefused(gettext("The file is encrypted. Save it without a password."))
        with self._archive.open(info) as file:
            data = file.read(MOST_XML_BYTES + 1)
        if len(data) > MOST_XML_BYTES:
            told = gettext(
                "{name} would unpack to more than {most} MiB."
                " Put the roster alone into a new workbook."
            )
            raise WorkbookRefused(told.format(name=name, most=MOST_XML_BYTES >> 20))
        return data


def _read(files: _Files) -> Sheet:
    book = _Book()
    _parse(files.read("xl/workbook.xml"), book.start, lambda _: None, lambda _: None)
    if not book.sheets:
        raise WorkbookRefused(gettext("The workbook has no sheet that is shown."))
    targets = _Targets()
    _parse(files.read("xl/_rels/workbook.xml.rels"), targets.start, lambda _: None, lambda _: None)
    name, relation = book.sheets[0]
    path = posixpath.normpath(posixpath.join("/xl", targets.of.get(relation, ""))).lstrip("/")
    strings, styles = Strings(), Styles()
    if files.has("xl/sharedStrings.xml"):
        _parse(files.read("xl/sharedStrings.xml"), strings.start, strings.end, strings.text)
    if files.has("xl/styles.xml"):
        _parse(files.read("xl/styles.xml"), styles.start, styles.end, lambda _: None)
    cells = Cells(Sheet(name), strings.found, styles)
    _parse(files.read(path), cells.start, cells.end, cells.text)
    return cells.sheet


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Names without their name space, where it is that of spreadsheets; others are kept whole."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise WorkbookRefused(
            gettext("The file holds a document type, which no spreadsheet writes.")
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, given: start(_local(name), given)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _local(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return local if space in (_MAIN, _STRICT, "") or "package" in space else name


class _Book:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []  # name, relation

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "sheet" and given.get("state", "visible") == "visible":
            relation = next((v for k, v in given.items() if k.endswith(" id")), "")
            self.sheets.append((given.get("name", ""), relation))


class _Targets:
    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            self.of[given.get("Id", "")] = given.get("Target", "")
