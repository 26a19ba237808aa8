"""Files for programs: marks in every format, all submissions, all data of one student."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Router

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff, staff_assignment, student_or_404
from gradus.api.fields import RowId
from gradus.api.problems import ERRORS
from gradus.gradebook import policy
from gradus.gradebook.exports.files import FORMS, TYPES, take_marks
from gradus.lib.downloads import download_headers
from gradus.records import policy as records_policy
from gradus.records.person import take_person
from gradus.records.submissions import take_submissions
from gradus.records.zips import archive_response

router = Router(tags=["exports"])
_TAKE = Token(Right.EXPORTS)
FormName = Literal["plain", "xlsx", "canvas", "moodle", "moodle-xml", "brightspace"]
if set(FormName.__args__) != set(FORMS):  # type: ignore[attr-defined]  # of a Literal
    raise ValueError("the API does not name every form of export")

_BYTES = {"schema": {"type": "string", "format": "binary"}}


def _file(*media_types: str) -> dict[str, Any]:
    """What the schema says of an answer that is a file."""
    content = dict.fromkeys(media_types, _BYTES)
    return {"responses": {200: {"description": "A file", "content": content}}}


@router.get(
    "/courses/{course_id}/exports/{form}",
    response={200: Any, **ERRORS},
    auth=_TAKE,
    openapi_extra=_file(*(one.partition(";")[0] for one in TYPES.values())),
)
def marks(
    request: PersonRequest,
    course_id: int,
    form: FormName,
    columns: Literal["items", "assignments"] = "items",
    missing: Literal["empty", "zero"] = "empty",
    checks: RowId | None = None,
) -> HttpResponse:
    """The marks as a file; what is exported equals what the gradebook shows.

    `checks` names an assignment: the workbook (`xlsx`) then has a sheet of its checks. The header
    `Gradus-Left-Out` counts students whom the form cannot name: Moodle XML needs an id number.
    """
    viewer = staff(request, course_id, policy.may_export)
    file = take_marks(
        course=viewer.course,
        form=form,
        by_assignment=columns == "assignments",
        missing_is_zero=missing == "zero",
        now=timezone.now(),
        checks_of=checks,
    )
    headers = download_headers(file.name) | {"Gradus-Left-Out": str(file.left_out)}
    return HttpResponse(file.data, content_type=file.media_type, headers=headers)


@router.get(
    "/assignments/{assignment_id}/submissions.zip",
    response={200: Any, **ERRORS},
    auth=_TAKE,
    openapi_extra=_file("application/zip"),
)
def submissions(request: PersonRequest, assignment_id: int) -> StreamingHttpResponse:
    """All submissions of an assignment: `user-number/exercise/attempt/part`, and `index.csv`."""
    found, viewer = staff_assignment(request, assignment_id, records_policy.may_take_submissions)
    chunks = take_submissions(assignment=found, viewer=viewer, now=timezone.now())
    return archive_response(chunks, f"assignment-{found.pk}-submissions.zip")


@router.get(
    "/courses/{course_id}/students/{enrolment_id}/data.zip",
    response={200: Any, **ERRORS},
    auth=_TAKE,
    openapi_extra=_file("application/zip"),
)
def person(request: PersonRequest, course_id: int, enrolment_id: int) -> StreamingHttpResponse:
    """All that the course holds of one student, for a request about one's own data."""
    viewer = staff(request, course_id, records_policy.may_take_person)
    student = student_or_404(viewer, enrolment_id)
    chunks = take_person(student=student, now=timezone.now())
    return archive_response(chunks, f"course-{course_id}-student-{student.pk}.zip")
