"""Courses and assignments: read them, make them, and see everybody's submissions as staff."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses import policy, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Enrolment
from gradus.gradebook import selectors as gradebook
from gradus.gradebook.selectors import AssignmentRow, ItemRow
from gradus.lib.markdown import render as render_markdown
from gradus.records import policy as records_policy
from gradus.submissions.selectors import course_submissions
from gradus.web.assignment_forms import NewAssignmentForm
from gradus.web.forms import CourseForm
from gradus.web.http import SignedInRequest, address_of, enrolment_or_404, newest_first
from gradus.web.overview import shape_of
from gradus.web.rows import staff_rows
from gradus.web.text import visible
from gradus.web.words import KINDS


@login_required
@require_GET
def course(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    now = timezone.now()
    rows = [
        _assignment_row(row, opens_later=not row.assignment.has_opened(now))
        for row in gradebook.course_assignments(enrolment, now)
    ]
    context = {
        **_around(enrolment),
        "place": "course",
        "rows": rows,
        "may_archive": policy.may_archive(enrolment),
    }
    return render(request, "web/course.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def course_new(request: SignedInRequest) -> HttpResponse:
    if not policy.may_create_course(request.user):
        raise PermissionDenied
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.create_course(owner=request.user, **form.cleaned_data)
        return redirect("web:course", made.pk)
    context = {
        "form": form,
        "heading": _("New course"),
        "lead": _("You become its owner."),
        "verb": _("Make the course"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def assignment(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    now = timezone.now()
    visible = Assignment.objects.visible_to(request.user, now).select_related("course")
    found = get_object_or_404(visible, pk=assignment_id)
    enrolment = enrolment_or_404(request, found.course_id)
    services.refuse_at_the_door(found, enrolment, address_of(request), now)
    rows = gradebook.assignment_items(enrolment, found, now)
    context = {
        **_around(enrolment),
        "place": "course",
        "assignment": found,
        "may_take": records_policy.may_take_submissions(enrolment),
        "intro": mark_safe(render_markdown(found.intro)) if found.intro else "",  # noqa: S308 cleaned
        "rows": [_item_row(row) for row in rows],
        "points": sum(row.grade.points for row in rows if row.grade),
        "max_points": sum(
            row.item.points for row in rows if not (row.is_excused or row.item.is_extra)
        ),
    }
    return render(request, "web/assignment.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def assignment_new(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_change_course(enrolment):
        raise PermissionDenied
    with timezone.override(enrolment.course.zone):  # times are typed in the zone of the course
        return _new(request, enrolment)


def _new(request: SignedInRequest, enrolment: Enrolment) -> HttpResponse:
    form = NewAssignmentForm(enrolment.course, request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_assignment(
                course=enrolment.course,
                plan=form.plan,
                exercises=_chosen(form),
                max_attempts=form.cleaned_data["max_attempts"],
            )
        except CourseRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:assignment", made.pk)
    context = {
        **_around(enrolment),
        "tab": "new",
        "form": form,
        "refused": refused,
        "units": _units(enrolment.course_id),
        "heading": _("New assignment"),
        "verb": _("Make the assignment"),
        "publish": _("Publish it now"),
        "chosen": {int(pk) for pk in request.POST.getlist("exercises") if pk.isdecimal()},
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/assignment_form.html", context, status=status)


@login_required
@require_GET
def submissions(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_see_everyone(enrolment):
        raise Http404
    page = newest_first(request, course_submissions(enrolment.course))
    context = {
        **_around(enrolment),
        "place": "course",
        "heading": _("All submissions"),
        "empty": _("They appear here with the first submission of a student."),
        "page": page,
        "rows": staff_rows(page.object_list, enrolment, timezone.now()),
        "show_people": True,
        "show_items": True,
    }
    return render(request, "web/submissions.html", context)


def _around(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "course": enrolment.course,
        "enrolment": enrolment,
        "may_change": policy.may_change_course(enrolment),
    }


def _assignment_row(row: AssignmentRow, *, opens_later: bool) -> dict[str, Any]:
    return {
        "assignment": row.assignment,
        "item_count": row.item_count,
        "graded_count": row.graded_count,
        "points": row.points,
        "max_points": row.max_points,
        "is_provisional": row.is_provisional,
        "opens_later": opens_later,
        "shape": shape_of(row),
    }


def _item_row(row: ItemRow) -> dict[str, Any]:
    if row.is_excused:
        shape = "skipped"
    elif row.is_being_graded:
        shape = "running"
    elif row.grade is None:
        shape = "open"
    elif row.grade.points >= row.item.points:
        shape = "passed"
    else:
        shape = "partial" if row.grade.points else "failed"
    return {
        "item": row.item,
        "grade": row.grade,
        "shape": shape,
        "kind": KINDS.get(row.item.version.kind, row.item.version.kind),
        "attempts": _attempts(row),
        "withdrawn": visible(row.item.withdrawn_why),
    }


def _attempts(row: ItemRow) -> str:
    if row.is_excused:
        return _("excused")
    if row.is_being_graded:
        return _("being graded")
    used, left = row.attempts_used, row.attempts_left
    if left is None:
        return ngettext("{used} attempt used", "{used} attempts used", used).format(used=used)
    told = ngettext("{used} attempt used, {left} left", "{used} attempts used, {left} left", used)
    return told.format(used=used, left=left)


def _chosen(form: NewAssignmentForm) -> list[Exercise]:
    """In the order of the catalogue."""
    chosen = form.cleaned_data["exercises"].select_related("unit", "newest")
    return sorted(chosen, key=lambda e: (e.unit.order, e.unit.slug, e.order, e.slug))


def _units(course_id: int) -> list[tuple[str, list[Exercise]]]:
    grouped: dict[str, list[Exercise]] = defaultdict(list)
    for exercise in usable_exercises(course_id):
        grouped[exercise.unit.title].append(exercise)
    return list(grouped.items())
