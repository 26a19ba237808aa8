"""Archives for staff: all submissions of an assignment, all data of one student."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from gradus.courses.models import Assignment, Enrolment, Role
from gradus.records import policy
from gradus.records.person import take_person
from gradus.records.submissions import take_submissions
from gradus.records.zips import sent
from gradus.web.http import SignedInRequest, download_headers, enrolment_or_404


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
    return _archive(chunks, f"assignment-{found.pk}-submissions.zip")


@login_required
@require_GET
def person(request: SignedInRequest, course_id: int, enrolment_id: int) -> StreamingHttpResponse:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_take_person(viewer):
        raise PermissionDenied
    students = Enrolment.objects.filter(course=viewer.course, role=Role.STUDENT)
    student = students.select_related("user", "course", "section").filter(pk=enrolment_id).first()
    if student is None:
        raise Http404
    chunks = take_person(student=student, now=timezone.now())
    return _archive(chunks, f"course-{course_id}-student-{student.pk}.zip")


def _archive(chunks: Iterator[bytes], name: str) -> StreamingHttpResponse:
    headers = download_headers(name) | {"Content-Encoding": "identity"}  # packed already
    return StreamingHttpResponse(sent(chunks), content_type="application/zip", headers=headers)
