"""The first page, one's own submissions over all courses, and one's preferences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gradus.courses import policy
from gradus.courses.models import Assignment, Course
from gradus.gradebook import selectors as gradebook
from gradus.gradebook.selectors import AssignmentRow, CourseRow
from gradus.submissions.models import Submission
from gradus.web import clock
from gradus.web.forms import PreferencesForm
from gradus.web.http import SignedInRequest, page_of
from gradus.web.rows import submission_rows

LATELY = 5


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
    due = sorted(
        _due(mine, now), key=lambda row: (row.assignment.due_at is None, row.assignment.due_at)
    )
    closed = [a for row in mine for a in row.assignments if a.assignment.is_past_due(now)]
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
    page = page_of(request, own.with_standing().order_by("-pk"))
    context = {
        "place": "submissions",
        "heading": "Your submissions",
        "empty": "They appear here with the first exercise that you submit.",
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
        messages.success(request, "Your preferences are stored.")
        return redirect("web:preferences")
    context = {"form": form, "heading": "Preferences", "verb": "Store"}
    status = 422 if form.errors else 200
    return render(request, "web/preferences.html", context, status=status)


def shape_of(row: AssignmentRow) -> str:
    """Passed with full marks, partly with some, open before the first."""
    if row.max_points and row.points >= row.max_points:
        return "passed"
    return "partial" if row.graded_count else "open"


def _due(rows: Iterable[CourseRow], now: datetime) -> list[DueRow]:
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
        if not row.course.is_archived and not a.assignment.is_past_due(now)
    ]


def _staff_sentence(rows: list[CourseRow]) -> str:
    return "You teach one course." if len(rows) == 1 else f"You teach {len(rows)} courses."


def _sentence(due: list[DueRow], now: datetime) -> str:
    dated = [row for row in due if row.assignment.due_at]
    if not due:
        return "Nothing is due."
    count = f"{len(due)} assignment{' is' if len(due) == 1 else 's are'} open."
    if not dated or dated[0].assignment.due_at is None:
        return f"{count} None has a deadline."
    return f"{count} The next deadline is {clock.moment(dated[0].assignment.due_at, now)}."
