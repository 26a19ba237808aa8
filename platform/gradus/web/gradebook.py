"""The gradebook: the grid, and one mark with how it came about, changed and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from gradus.courses.models import Course, Enrolment, Item, Role
from gradus.courses.selectors import NO_SECTION
from gradus.gradebook import policy
from gradus.gradebook.errors import GradeChanged, GradeRefused
from gradus.gradebook.grid import Grid, Row, State, make_grid, students_of
from gradus.gradebook.history import History, history_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override, undo
from gradus.web.gradebook_forms import OverrideForm
from gradus.web.grid_html import body, head
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.numbers import points as written
from gradus.web.roster import around
from gradus.web.text import visible

ROWS = 30  # at once: more than a screen, and quick to read and to draw
LOOKED_AT = 4 * ROWS  # students at once, for the rows below of those with a certain mark
FILTERS = {  # value of ?state=: label, states of which a row must have one
    "": (gettext_lazy("All students"), ()),
    "missing": (gettext_lazy("Something missing"), (State.MISSING,)),
    "waiting": (gettext_lazy("Being graded"), (State.WAITING, State.PROVISIONAL)),
    "fault": (gettext_lazy("Stopped by a fault of ours"), (State.FAULT,)),
    "changed": (gettext_lazy("Changed by hand"), (State.CHANGED,)),
}


@login_required
@require_GET
def gradebook(request: SignedInRequest, course_id: int) -> HttpResponse:
    """The first rows; those below come when one scrolls to them, `part=rows` alone."""
    enrolment = seer_or_404(request, course_id)
    wanted = {name: request.GET.get(name, "")[:80] for name in ("q", "section", "state")}
    everybody = students_of(enrolment.course)
    is_part = request.GET.get("part") == "rows"
    start = _number(request.GET.get("from", ""))
    found = _found(enrolment.course, everybody, wanted, start, count_all=not is_part)
    after = "" if found.below is None else urlencode({**wanted, "from": found.below})
    context = {
        "body": body(found.grid.rows, found.grid.columns, everybody, after=after),
        "after": after,
        "rows": found.count,
    }
    if is_part:
        return render(request, "web/parts/gradebook_rows.html", context)
    context |= {
        **around(enrolment),
        "tab": "gradebook",
        "head": head(found.grid.columns, found.count, len(everybody)),
        "all_rows": len(everybody),
        "has_columns": bool(found.grid.columns),
        "hidden_count": found.grid.hidden_count,
        "sections": _sections(everybody),
        "filters": [(value, label) for value, (label, _) in FILTERS.items()],
        "wanted": wanted,
        "may_export": policy.may_export(enrolment),
    }
    return render(request, "web/gradebook.html", context)


@dataclass(frozen=True, slots=True)
class _Found:
    """Some rows of those that fit."""

    grid: Grid
    count: int  # of all that fit; below the first rows, of those that were looked at
    below: int | None  # where the next ones begin, among those whom names and section fit


def _found(
    course: Course,
    everybody: Sequence[Enrolment],
    wanted: dict[str, str],
    start: int,
    *,
    count_all: bool,
) -> _Found:
    """Only to count those with a certain mark needs the marks of everybody."""
    q = wanted["q"].strip().casefold()
    fitting = [one for one in everybody if _fits(one, q, wanted["section"])]
    states = FILTERS.get(wanted["state"], FILTERS[""])[1]
    if states:
        return _with_states(course, fitting, states, start, count_all=count_all)
    below = start + ROWS
    grid = make_grid(course, timezone.now(), fitting[start:below])
    return _Found(grid, len(fitting), below if below < len(fitting) else None)


def _with_states(
    course: Course,
    students: Sequence[Enrolment],
    states: Sequence[State],
    start: int,
    *,
    count_all: bool,
) -> _Found:
    now, step = timezone.now(), len(students) if count_all else LOOKED_AT
    found: list[tuple[int, Row]] = []
    first = 0 if count_all else start
    while True:
        grid = make_grid(course, now, students[first : first + step])
        found += [
            (place, row)
            for place, row in enumerate(grid.rows, start=first)
            if any(mark.state in states for mark in row.marks)
        ]
        first += step
        if first >= len(students) or len(found) > ROWS:
            break
    rest = [one for one in found if one[0] >= start]
    rows = tuple(row for _, row in rest[:ROWS])
    below = rest[ROWS][0] if len(rest) > ROWS else None
    return _Found(replace(grid, rows=rows), len(found), below)


def _number(text: str) -> int:
    return int(text[:9]) if text.isdecimal() else 0


@login_required
@require_GET
def mark(request: SignedInRequest, course_id: int, enrolment_id: int, item_id: int) -> HttpResponse:
    viewer = seer_or_404(request, course_id)
    student, item = _cell_or_404(viewer, enrolment_id, item_id)
    return _mark_page(request, viewer, student, item)


@login_required
@require_POST
def mark_override(
    request: SignedInRequest, course_id: int, enrolment_id: int, item_id: int
) -> HttpResponse:
    viewer, student, item = _changer_or_refused(request, course_id, enrolment_id, item_id)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _mark_page(request, viewer, student, item, form=form, status=422)
    try:
        event = override(
            student=student, item=item, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
    except GradeRefused as refusal:
        return _mark_page(request, viewer, student, item, form=form, refusal=refusal)
    messages.success(request, _told(student, event))
    return redirect("web:mark", course_id, enrolment_id, item_id)


@login_required
@require_POST
def mark_undo(
    request: SignedInRequest, course_id: int, enrolment_id: int, item_id: int
) -> HttpResponse:
    viewer, student, item = _changer_or_refused(request, course_id, enrolment_id, item_id)
    seen = request.POST.get("seen", "")
    try:
        event = undo(
            student=student, item=item, actor=request.user, now=timezone.now(),
            seen=int(seen[:18]) if seen.isdecimal() else -1,
        )  # fmt: skip
    except GradeRefused as refusal:
        return _mark_page(request, viewer, student, item, refusal=refusal)
    messages.success(request, _told(student, event))
    return redirect("web:mark", course_id, enrolment_id, item_id)


def seer_or_404(request: SignedInRequest, course_id: int) -> Enrolment:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_see_gradebook(enrolment):
        raise Http404
    return enrolment


def _changer_or_refused(
    request: SignedInRequest, course_id: int, enrolment_id: int, item_id: int
) -> tuple[Enrolment, Enrolment, Item]:
    viewer = seer_or_404(request, course_id)
    student, item = _cell_or_404(viewer, enrolment_id, item_id)
    if not policy.may_override(viewer, student):
        raise PermissionDenied
    return viewer, student, item


def _cell_or_404(viewer: Enrolment, enrolment_id: int, item_id: int) -> tuple[Enrolment, Item]:
    students = Enrolment.objects.filter(course=viewer.course, role=Role.STUDENT)
    items = Item.objects.filter(assignment__course=viewer.course).select_related(
        "assignment__course", "version", "exercise"
    )
    return (
        get_object_or_404(students.select_related("user", "section"), pk=enrolment_id),
        get_object_or_404(
            items.select_related("assignment__course", "version", "exercise"), pk=item_id
        ),
    )


def _mark_page(
    request: SignedInRequest,
    viewer: Enrolment,
    student: Enrolment,
    item: Item,
    *,
    form: OverrideForm | None = None,
    refusal: GradeRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    history = history_of(student, item, timezone.now())
    if isinstance(refusal, GradeChanged):
        form = None  # show the new mark, not what was meant for the old one
    context: dict[str, Any] = {
        **around(viewer),
        "tab": "gradebook",
        "student": student,
        "person": visible(student.user.shown_name),
        "item": item,
        "history": history,
        "rule": item.assignment.get_counting_display().lower(),
        "difference": _difference(history),
        "late_off": _late_off(history),
        "may_override": policy.may_override(viewer, student),
        "form": form or OverrideForm(initial={"seen": history.seen}),
        "refused": refusal.message if refusal else "",
    }
    if refusal is not None:
        status = 409
    return render(request, "web/mark.html", context, status=status)


def _difference(history: History) -> str:
    """What the override added to the submissions' mark, with its sign."""
    if history.override is None or history.override.points is None:
        return ""
    if history.by_submissions is None:
        return ""
    gap = history.override.points - history.by_submissions.points
    return f"+{written(gap)}" if gap >= 0 else written(gap)


def _late_off(history: History) -> str:
    """What was deducted, with its sign."""
    own = history.by_submissions
    if own is None:
        return ""
    return "0" if own.before is None else written(own.points - own.before)


def _told(student: Enrolment, event: GradeEvent) -> str:
    old = _("none") if event.old_points is None else written(event.old_points)
    new = _("none") if event.points is None else written(event.points)
    person = visible(student.user.shown_name)
    told = _("The mark of {person} changed from {old} to {new}.")
    return told.format(person=person, old=old, new=new)


def _fits(enrolment: Enrolment, q: str, section: str) -> bool:
    if section and section != str(enrolment.section_id or NO_SECTION):
        return False
    if not q:
        return True
    user = enrolment.user
    names = f"{user.last_name}, {user.first_name} {user.last_name}"  # either order is found
    text = f"{names} {user.username} {user.email} {enrolment.id_number}"
    return q in text.casefold()


def _sections(everybody: Sequence[Enrolment]) -> list[tuple[str, str]]:
    found = {one.section_id: one.section for one in everybody if one.section_id}
    named = sorted((section.name, str(pk)) for pk, section in found.items() if section)
    return [(value, name) for name, value in named]
