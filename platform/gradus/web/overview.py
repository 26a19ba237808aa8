"""The first page, one's own submissions over all courses, and one's preferences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from gradus.courses import policy
from gradus.courses.models import Assignment, Course, Item
from gradus.gradebook import selectors as gradebook
from gradus.gradebook.grades import Grade
from gradus.gradebook.selectors import AssignmentRow, CourseRow
from gradus.submissions.models import Submission
from gradus.submissions.selectors import attempts_used
from gradus.web import clock
from gradus.web.advice import Advice, Open, next_exercise
from gradus.web.forms import PreferencesForm
from gradus.web.http import SignedInRequest, newest_first
from gradus.web.rows import submission_rows

LATELY = 5
SHOWN_DUE = 4  # the rest is folded


@dataclass(frozen=True, slots=True)
class DueRow:
    """An assignment in the list of what is due."""

    course: Course
    assignment: Assignment
    points: Decimal
    max_points: Decimal
    graded_count: int
    item_count: int
    shape: str


@dataclass(frozen=True, slots=True)
class ShownCourse:
    row: CourseRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def points(self) -> Decimal:
        return sum((a.points for a in self.row.assignments), Decimal(0))

    @property
    def max_points(self) -> Decimal:
        return sum((a.max_points for a in self.row.assignments), Decimal(0))


@login_required
@require_GET
def overview(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = gradebook.overview(request.user, now)
    mine = [row for row in rows if not row.enrolment.is_staff]
    open_rows = sorted(_rows(mine, now, past=False), key=_by_deadline)
    due = [row for row in open_rows if row.shape != "passed"]
    done = [row for row in open_rows if row.shape == "passed"] + _rows(mine, now, past=True)
    closed = [a for row in mine for a in row.assignments if a.assignment.has_closed(now)]
    every = [a for row in mine for a in row.assignments]
    own = Submission.objects.graded().filter(enrolment__user=request.user)
    lately = submission_rows(own.with_standing().order_by("-pk")[:LATELY], request.user, now)
    context = {
        "place": "overview",
        "today": clock.day(now),
        "sentence": _sentence(due, now) if mine or not rows else _staff_sentence(rows),
        "studies": bool(mine) or not rows,
        "courses": [ShownCourse(row) for row in rows],
        "due": due,
        "later": len(due) - SHOWN_DUE,
        "done": done,
        "advice": advice_for(mine, now),
        "lately": lately,
        "may_create": policy.may_create_course(request.user),
        "points": sum(a.points for a in every),
        "max_points": sum(a.max_points for a in every),
        "closed_points": sum(a.points for a in closed),
        "closed_max": sum(a.max_points for a in closed),
    }
    return render(request, "web/overview.html", context)


@login_required
@require_GET
def my_submissions(request: SignedInRequest) -> HttpResponse:
    own = Submission.objects.graded().filter(enrolment__user=request.user)
    page = newest_first(request, own)
    context = {
        "place": "submissions",
        "heading": _("Your submissions"),
        "empty": _("They appear here with the first exercise that you submit."),
        "page": page,
        "rows": submission_rows(page.object_list, request.user, timezone.now()),
        "show_items": True,
    }
    return render(request, "web/submissions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your preferences are stored."))
        return redirect("web:preferences")
    context = {"form": form, "heading": _("Preferences"), "verb": _("Store")}
    status = 422 if form.errors else 200
    return render(request, "web/preferences.html", context, status=status)


def shape_of(row: AssignmentRow) -> str:
    """Passed with full marks, partly with some, open before the first."""
    if row.max_points and row.points >= row.max_points:
        return "passed"
    return "partial" if row.graded_count else "open"


def advice_for(rows: Iterable[CourseRow], now: datetime) -> Advice | None:
    """The next exercise over all courses. Three queries."""
    mine = [row for row in rows if not row.course.is_archived]
    assignments = {a.assignment.pk: a.assignment for row in mine for a in row.assignments}
    items = list(
        Item.objects.filter(assignment__in=list(assignments))
        .select_related("exercise", "version")
        .defer("version__statement", "version__starter", "version__manifest")
        .annotate(prerequisites=F("version__manifest__prerequisites"))
    )
    for item in items:
        item.assignment = assignments[item.assignment_id]  # with this person's deadline
    points = gradebook.grades([row.enrolment for row in mine], now)
    used = attempts_used([row.enrolment for row in mine])
    known = [(item, _open(item, points.get(item.pk))) for item in items]
    reached = dict.fromkeys((one.slug for _, one in known if one.is_done), True)
    still = [
        one
        for item, one in known
        if not item.assignment.has_door  # its exercises are not named before it opens
        and (one.due_at is None or one.due_at >= now)
        and (item.max_attempts is None or used.get(item.pk, 0) < item.max_attempts)
    ]
    return next_exercise(still, reached)


def _open(item: Item, grade: Grade | None) -> Open:
    assignment = item.assignment
    return Open(
        item_id=item.pk,
        slug=item.exercise.slug,
        title=item.version.title,
        kind=item.version.kind,
        points=item.points,
        own=grade.points if grade else Decimal(0),
        is_begun=grade is not None,
        due_at=assignment.own_due_at,
        place=(assignment.order, assignment.pk, item.order, item.pk),
        prerequisites=tuple(getattr(item, "prerequisites", None) or ()),
    )


def _by_deadline(row: DueRow) -> tuple[bool, datetime | None]:
    return (row.assignment.due_at is None, row.assignment.own_due_at)


def _rows(rows: Iterable[CourseRow], now: datetime, *, past: bool) -> list[DueRow]:
    return [
        DueRow(
            row.course,
            a.assignment,
            a.points,
            a.max_points,
            a.graded_count,
            a.item_count,
            shape_of(a),
        )
        for row in rows
        for a in row.assignments
        if not row.course.is_archived and a.assignment.has_closed(now) == past
    ]


def _staff_sentence(rows: list[CourseRow]) -> str:
    said = ngettext("You teach one course.", "You teach {count} courses.", len(rows))
    return said.format(count=len(rows))


def _sentence(due: list[DueRow], now: datetime) -> str:
    if not due:
        return _("Nothing is due.")
    open_ones = ngettext("%d assignment is open.", "%d assignments are open.", len(due)) % len(due)
    dated = [row.assignment.own_due_at for row in due if row.assignment.own_due_at]
    coming = [due_at for due_at in dated if due_at >= now]
    if coming:
        said = _("The next deadline is {when}.").format(when=clock.moment(coming[0], now))
        return f"{open_ones} {said}"
    rest = _("Late work is still accepted.") if dated else _("None has a deadline.")
    return f"{open_ones} {rest}"
