"""Exports of the gradebook: what will be in the file, with what an importer may stumble over."""

from __future__ import annotations

import re
from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gradus.courses.models import Course, Enrolment
from gradus.gradebook import policy
from gradus.gradebook.exports import canvas, moodle, plain
from gradus.gradebook.exports.table import grade_table
from gradus.gradebook.grid import Grid, State, make_grid
from gradus.lib.spreadsheets import begins_formula
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around
from gradus.web.text import visible

log = structlog.get_logger(__name__)

FORMS = {"plain": plain, "moodle": moodle, "canvas": canvas}
MOST_NAMES = 20


@login_required
@require_GET
def exports(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = _exporter_or_refused(request, course_id)
    grid = make_grid(enrolment.course, timezone.now())
    context = {
        **around(enrolment),
        "tab": "gradebook",
        "forms": [(name, module.TITLE) for name, module in FORMS.items()],
        "rows": len(grid.rows),
        "columns": len(grid.columns),
        "assignments": len({column.assignment_id for column in grid.columns}),
        "hidden_count": grid.hidden_count,
        **_warnings(grid),
    }
    return render(request, "web/exports.html", context)


@login_required
@require_GET
def export_file(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = _exporter_or_refused(request, course_id)
    form = request.GET.get("form", "")
    form = form if form in FORMS else "plain"
    table = grade_table(
        make_grid(enrolment.course, timezone.now()),
        by_assignment=request.GET.get("columns") == "assignments",
        missing_is_zero=request.GET.get("missing") == "zero",
    )
    log.info("marks exported", course_id=course_id, user_id=request.user.pk, form=form)
    name = _file_name(enrolment.course, form)
    return HttpResponse(
        FORMS[form].write(table),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _exporter_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_export(enrolment):
        raise PermissionDenied
    return enrolment


def _file_name(course: Course, form: str) -> str:
    title = re.sub(r"[^a-z0-9]+", "-", course.title.lower()).strip("-")[:60] or "course"
    return f"{title}-{form}-{timezone.localdate():%Y-%m-%d}.csv"


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
        "without_id": len(without),
        "without_id_names": _names(without),
        "guarded_names": _names(guarded),
    }


def _names(enrolments: list[Enrolment]) -> str:
    shown = ", ".join(visible(e.user.shown_name) for e in enrolments[:MOST_NAMES])
    return f"{shown} and {len(enrolments) - MOST_NAMES} more" if enrolments[MOST_NAMES:] else shown
