"""Archives for staff: all submissions of an assignment, all data of one student."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from gradus.courses.models import Assignment
from gradus.courses.selectors import student_of
from gradus.records import policy
from gradus.records.person import take_person
from gradus.records.submissions import take_submissions
from gradus.records.zips import archive_response
from gradus.web.http import SignedInRequest, enrolment_or_404


@login_required
@require_GET
def submissions(request: SignedInRequest, assignment_id: int) -> StreamingHttpResponse:
    now = timezone.now()
    visible = Assignment.objects.visible_to(request.user, now).select_related("course")
    found = get_object_or_404(visible, pk=assignment_id)
    viewer = enrolment_or_404(request, found.course_id)
    if not policy.may_take_submissions(viewer):
        raise PermissionDenied
    chunks = take_submissions(assignment=found, viewer=viewer, now=now)
    return archive_response(chunks, f"assignment-{found.pk}-submissions.zip")


@login_required
@require_GET
def person(request: SignedInRequest, course_id: int, enrolment_id: int) -> StreamingHttpResponse:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_take_person(viewer):
        raise PermissionDenied
    student = student_of(viewer.course, enrolment_id)
    if student is None:
        raise Http404
    chunks = take_person(student=student, now=timezone.now())
    return archive_response(chunks, f"course-{course_id}-student-{student.pk}.zip")
