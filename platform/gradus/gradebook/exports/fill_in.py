"""Scores written into a file that a learning platform exported itself.

A student is matched by the identifiers that the file has, never by name, and nobody is left out
silently: the result names who is only in the file and who is only in the course.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gradus.gradebook.exports.lms_file import (
    IDENTIFIERS,
    KNOWS_EX,
    FillInRefused,
    Sheet,
    value,
)
from gradus.gradebook.exports.table import GradeTable, Student, cell, cell_or_ex


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written, and whom the file and the course do not have in common."""

    data: bytes
    written: int  # cells
    changed: int  # of these, cells that held another score
    not_in_course: tuple[str, ...]  # lines of the file without a student of ours
    not_in_file: tuple[Student, ...]


def proposed(sheet: Sheet, table: GradeTable) -> dict[int, str]:
    """Columns of the file that are ours by their title: number to key of the score column."""
    ours = {_folded(column.title): column.key for column in table.columns}
    ours |= {
        _folded(column.title.partition(": ")[2]): column.key for column in table.columns
    } | ours
    found: dict[int, str] = {}
    for number, title in sheet.score_columns().items():
        key = ours.get(_folded(title))
        if key is not None and key not in found.values():
            found[number] = key
    return found


def fill(sheet: Sheet, table: GradeTable, columns: Mapping[int, str]) -> Filled:
    """Write scores into the chosen columns; a student without a score keeps what is there.

    Raises: FillInRefused, for a column that holds no scores or is chosen twice.
    """
    places = {column.key: k for k, column in enumerate(table.columns)}
    _refuse_columns(sheet, columns, places)
    find = _Finder(sheet, [row.student for row in table.rows])
    lines = [list(line) for line in sheet.cells]
    written = changed = 0
    strangers, seen = [], set()
    for number in sheet.students:
        line = lines[number]
        at = find.student(line)
        if at is None:
            strangers.append(find.shown(line) or _("row {row}").format(row=number + 1))
            continue
        if at in seen:
            raise FillInRefused(
                _("Row {row}: {student} is there twice.").format(
                    row=number + 1, student=find.shown(line)
                )
            )
        seen.add(at)
        for column, key in columns.items():
            score = table.rows[at].scores[places[key]]
            new = cell_or_ex(score) if sheet.platform in KNOWS_EX else cell(score)
            if new:
                changed += value(line[column]).strip() not in ("", "-", new)
                written += 1
                line[column] = _as(line[column], new)
    absent = [row.student for at, row in enumerate(table.rows) if at not in seen]
    return Filled(sheet.with_cells(lines), written, changed, tuple(strangers), tuple(absent))


_NAMES = ("student", "last name", "first name")


class _Finder:
    """Finds the student of a line by the identifiers that the file has."""

    def __init__(self, sheet: Sheet, students: Sequence[Student]) -> None:
        kinds = IDENTIFIERS[sheet.platform]
        heads = [text.strip().lstrip("#").casefold() for text in sheet.heading]
        self._columns = [(k, kinds[head]) for k, head in enumerate(heads) if head in kinds]
        self._names = [k for k, head in enumerate(heads) if head in _NAMES]
        self._known: dict[str, dict[str, int]] = {"id_number": {}, "login": {}, "email": {}}
        for at, one in enumerate(students):
            for kind, text in (
                ("id_number", one.id_number), ("login", one.email), ("login", one.username),
                ("email", one.email),
            ):  # fmt: skip
                if text:
                    self._known[kind][text.casefold()] = at

    def student(self, line: Sequence[str]) -> int | None:
        """Place of the student in the table; none where identifiers name nobody, or two people."""
        found = set()
        for column, kind in self._columns:
            text = value(line[column]).strip().lstrip("#").casefold()
            at = self._known[kind].get(text) if text else None
            if at is not None:
                found.add(at)
        return found.pop() if len(found) == 1 else None

    def shown(self, line: Sequence[str]) -> str:
        columns = [*self._names, *(column for column, _ in self._columns)]
        return ", ".join(text for column in columns if (text := value(line[column]).strip()))[:120]


def _refuse_columns(sheet: Sheet, columns: Mapping[int, str], places: Mapping[str, int]) -> None:
    possible = sheet.score_columns()
    if not columns:
        raise FillInRefused(_("Choose a column to fill in."))
    if len(set(columns.values())) < len(columns):
        raise FillInRefused(_("Each of your columns can go into one column of the file."))
    for number, key in columns.items():
        if number not in possible or key not in places:
            raise FillInRefused(_("Column {column} cannot be filled in.").format(column=number + 1))


def _as(old: str, new: str) -> str:
    """A score with the quotes that the cell had."""
    return f'"{new}"' if old.startswith('"') else new


def _folded(title: str) -> str:
    return re.sub(r"\W+", " ", title).strip().casefold()
