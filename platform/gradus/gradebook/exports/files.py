"""The marks of a course as one file, for pages and programs; each that is taken is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.models import Course
from gradus.gradebook.exports import brightspace, canvas, moodle, moodle_xml, plain, xlsx
from gradus.gradebook.exports.checks import check_table
from gradus.gradebook.exports.notes import policy_notes
from gradus.gradebook.exports.table import grade_table
from gradus.gradebook.grid import make_grid

log = structlog.get_logger(__name__)

FORMS = {
    "plain": plain,
    "xlsx": xlsx,
    "canvas": canvas,
    "moodle": moodle,
    "moodle-xml": moodle_xml,
    "brightspace": brightspace,
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class MarksFile:
    name: str
    media_type: str
    data: bytes
    left_out: int  # students whom the form cannot name


def take_marks(
    *,
    course: Course,
    form: str,
    by_assignment: bool,
    missing_is_zero: bool,
    now: datetime,
    checks_of: int | None = None,
) -> MarksFile:
    """Write the file; `form` is a key of FORMS. `checks_of`: an assignment, for the workbook."""
    grid = make_grid(course, now)
    is_book = form == "xlsx"
    table = grade_table(
        grid,
        by_assignment=by_assignment,
        missing_is_zero=missing_is_zero,
        notes=policy_notes(course, now) if is_book else (),
        checks=check_table(grid, checks_of) if is_book and checks_of is not None else None,
    )
    module = FORMS[form]
    data = module.write(table)
    left_out = sum(map(moodle_xml.left_out, table.rows)) if module is moodle_xml else 0
    facts = {"form": form, "by_assignment": by_assignment, "missing_is_zero": missing_is_zero}
    with transaction.atomic():  # not around the work: it takes seconds, and others wait
        record(
            Action.MARKS_TAKEN,
            course_id=course.pk,
            about=module.TITLE,
            new={**facts, "students": len(table.rows) - left_out, "left out": left_out},
        )
    log.info("marks exported", course_id=course.pk, form=form)
    return MarksFile(_name(course, form), TYPES[module.SUFFIX], data, left_out)


def record_filled(*, course: Course, name: str, platform: str, written: int) -> None:
    """Say that marks were written into a file of a learning platform, and taken away."""
    with transaction.atomic():
        new = {"platform": platform, "written": written}
        record(Action.FILE_FILLED, course_id=course.pk, about=name, new=new)


def course_stem(course: Course) -> str:
    """The title of a course as it may stand in the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", course.title.lower()).strip("-")[:60] or "course"


def _name(course: Course, form: str) -> str:
    return f"{course_stem(course)}-{form}-{timezone.localdate():%Y-%m-%d}.{FORMS[form].SUFFIX}"
