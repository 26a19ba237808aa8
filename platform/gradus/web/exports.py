"""Exports of the gradebook: what will be in the file, with what an importer may stumble over."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from gradus.courses.models import Enrolment
from gradus.gradebook import policy
from gradus.gradebook.exports.files import FORMS, take_marks
from gradus.gradebook.exports.table import score_columns
from gradus.gradebook.grid import Grid, Row, State, make_grid
from gradus.lib.downloads import download_headers
from gradus.lib.spreadsheets import begins_formula
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.large import frame_first
from gradus.web.roster import around
from gradus.web.text import visible

MOST_NAMES = 20


@login_required
@require_GET
def exports(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = exporter_or_refused(request, course_id)
    frame = frame_first(request, enrolment, heading=_("Export"), tab="gradebook")
    if frame is not None:
        return frame
    grid = make_grid(enrolment.course, timezone.now())
    context = {
        **around(enrolment),
        "tab": "gradebook",
        "forms": [(name, _(module.TITLE)) for name, module in FORMS.items()],
        "rows": len(grid.rows),
        "columns": len(grid.columns),
        "assignments": {c.assignment_id: c.assignment.title for c in grid.columns},
        "hidden_count": grid.hidden_count,
        "keys": _keys(grid),
        **_warnings(grid),
    }
    return render(request, "web/exports.html", context)


@login_required
@require_GET
def export_file(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = exporter_or_refused(request, course_id)
    form = request.GET.get("form", "")
    form = form if form in FORMS else "plain"
    checks = request.GET.get("checks", "")
    file = take_marks(
        course=enrolment.course,
        form=form,
        by_assignment=request.GET.get("columns") == "assignments",
        missing_is_zero=request.GET.get("missing") == "zero",
        now=timezone.now(),
        checks_of=int(checks[:18]) if checks.isdecimal() else None,
    )
    return HttpResponse(
        file.data, content_type=file.media_type, headers=download_headers(file.name)
    )


def exporter_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    """Who may take marks away in a file. Raises: Http404, PermissionDenied."""
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_export(enrolment):
        raise PermissionDenied
    return enrolment


def _keys(grid: Grid) -> list[tuple[str, str, str]]:
    """For each way to make columns: the id number that Moodle's items need, and their title."""
    ways = ((_("an exercise"), False), (_("an assignment"), True))
    return [
        (way, column.key, column.title)
        for way, by_assignment in ways
        for column in score_columns(grid, by_assignment=by_assignment)
    ]


def _warnings(grid: Grid) -> dict[str, Any]:
    states = [mark.state for row in grid.rows for mark in row.marks]
    without = [row.enrolment for row in grid.rows if not row.enrolment.id_number]
    guarded = [
        row.enrolment
        for row in grid.rows
        if begins_formula(row.enrolment.user.username) or begins_formula(row.enrolment.id_number)
    ]
    return {
        "waiting": states.count(State.WAITING) + states.count(State.PROVISIONAL),
        "faults": states.count(State.FAULT),
        "missing": states.count(State.MISSING),
        "above_names": _names([row.enrolment for row in grid.rows if _is_above(grid, row)]),
        "in_part_names": _names(_excused_in_part(grid)),
        "without_id": len(without),
        "without_id_names": _names(without),
        "guarded_names": _names(guarded),
    }


def _is_above(grid: Grid, row: Row) -> bool:
    """Whether a mark, or the sum of an assignment, is above full marks."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for column, mark in zip(grid.columns, row.marks, strict=True):
        points = mark.points or Decimal(0)
        if points > column.points:
            return True
        most = Decimal(0) if column.is_extra or mark.state is State.EXCUSED else column.points
        sums[column.assignment_id] += points - most
    return any(above > 0 for above in sums.values())


def _excused_in_part(grid: Grid) -> list[Enrolment]:
    """Of an assignment: what was withdrawn is nobody's excuse."""
    found = []
    for row in grid.rows:
        states: dict[int, set[bool]] = defaultdict(set)
        for column, mark in zip(grid.columns, row.marks, strict=True):
            if not column.is_withdrawn:
                states[column.assignment_id].add(mark.state is State.EXCUSED)
        if any(len(of) == 2 for of in states.values()):
            found.append(row.enrolment)
    return found


def _names(enrolments: list[Enrolment]) -> str:
    shown = ", ".join(visible(e.user.shown_name) for e in enrolments[:MOST_NAMES])
    left = len(enrolments) - MOST_NAMES
    if left <= 0:
        return shown
    said = ngettext("{names} and {count} more", "{names} and {count} more", left)
    return said.format(names=shown, count=left)
