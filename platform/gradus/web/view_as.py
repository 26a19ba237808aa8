"""What one student sees, for staff. Nothing on these pages changes anything."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from gradus.courses import policy
from gradus.courses.models import Enrolment, Item, Role
from gradus.courses.selectors import extended_to
from gradus.lib.markdown import render as render_markdown
from gradus.submissions import selectors
from gradus.submissions.models import StudentItem
from gradus.web.grades import grades_of
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around
from gradus.web.svg import DrawnFigure, draw_figure
from gradus.web.text import visible


@login_required
@require_GET
def view_as(request: SignedInRequest, course_id: int, enrolment_id: int) -> HttpResponse:
    viewer, student = _student_or_404(request, course_id, enrolment_id)
    context = {**_around(viewer, student), **grades_of(student, timezone.now())}
    return render(request, "web/view_as.html", context)


@login_required
@require_GET
def view_item(
    request: SignedInRequest, course_id: int, enrolment_id: int, item_id: int
) -> HttpResponse:
    """The statement with this student's numbers, as far as the student has opened it."""
    viewer, student = _student_or_404(request, course_id, enrolment_id)
    now = timezone.now()
    seen = Item.objects.visible_to(student.user, now).filter(assignment__course=viewer.course)
    found = seen.select_related("assignment__course", "version", "exercise__unit")
    item = get_object_or_404(found, pk=item_id)
    item.assignment.extended_to = extended_to(student, item.assignment)
    drawn = StudentItem.objects.filter(enrolment=student, item=item, practice=0).first()
    is_drawn = drawn is not None and drawn.numbers is not None
    context = {
        **_around(viewer, student),
        "item": item,
        "is_drawn": is_drawn or not item.version.is_personal,
        "statement": "",
        "figure": _figure(drawn),
        "attempts": selectors.attempts_left(student, item, now),
    }
    if context["is_drawn"]:
        numbers = drawn.numbers if drawn else None
        html = render_markdown(item.version.statement, numbers)
        context["statement"] = mark_safe(html)  # noqa: S308 render cleans it
    return render(request, "web/view_item.html", context)


def _student_or_404(
    request: SignedInRequest, course_id: int, enrolment_id: int
) -> tuple[Enrolment, Enrolment]:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_see_everyone(viewer):
        raise Http404
    students = Enrolment.objects.filter(course=viewer.course, role=Role.STUDENT)
    found = students.select_related("user", "course", "section")
    return viewer, get_object_or_404(found, pk=enrolment_id)


def _around(viewer: Enrolment, student: Enrolment) -> dict[str, Any]:
    return {
        **around(viewer),
        "tab": "people",
        "student": student,
        "person": visible(student.user.shown_name),
        "view_as": True,
    }


def _figure(drawn: StudentItem | None) -> DrawnFigure | None:
    """None where it is still that of an older version."""
    if drawn is None or not drawn.is_prepared or not drawn.figure:
        return None
    return draw_figure(drawn.figure, "exercise")
