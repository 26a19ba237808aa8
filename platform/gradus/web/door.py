"""The door of an exam: the page where it does not open, and the password that opens it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gradus.courses import services
from gradus.courses.errors import CourseRefused, ExamRefused
from gradus.courses.exams import Gate
from gradus.courses.models import Assignment
from gradus.web.http import SignedInRequest, address_of, enrolment_or_404

MOST_PASSWORD = 200  # characters


class ExamDoor:
    """Turns an exam that does not open into its door, whatever page was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ExamRefused):
            return None
        assignment = Assignment.objects.select_related("course").get(pk=exception.assignment_id)
        return _door(request, assignment, exception)


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    now = timezone.now()
    visible = Assignment.objects.visible_to(request.user, now)
    assignment = get_object_or_404(visible, pk=assignment_id)
    enrolment = enrolment_or_404(request, assignment.course_id)
    address = address_of(request)
    if request.method == "GET":
        services.refuse_at_the_door(assignment, enrolment, address, now)
        return redirect("web:assignment", assignment.pk)
    try:
        services.enter(
            assignment=assignment, enrolment=enrolment, address=address, now=now,
            password=request.POST.get("password", "")[:MOST_PASSWORD],
        )  # fmt: skip
    except ExamRefused:
        raise
    except CourseRefused as refusal:
        return _door(request, assignment, ExamRefused(assignment.pk, Gate.PASSWORD), refusal)
    return redirect("web:assignment", assignment.pk)


def _door(
    request: HttpRequest,
    assignment: Assignment,
    closed: ExamRefused,
    refusal: CourseRefused | None = None,
) -> HttpResponse:
    context = {
        "place": "course",
        "course": assignment.course,
        "assignment": assignment,
        "asks_password": closed.gate is Gate.PASSWORD,
        "refused": refusal.message if refusal else "",
        "address": address_of(request),
        "most": MOST_PASSWORD,
    }
    return render(request, "web/door.html", context, status=409 if refusal else 403)
