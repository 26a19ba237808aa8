"""Hand in, and follow what becomes of it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Status
from ninja.params.functions import Header
from pydantic import StringConstraints

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, own_item, own_submission, staff
from gradus.api.fields import Paged, PageNumber, RowId, paged
from gradus.api.problems import ERRORS
from gradus.api.schemas import SubmissionDetail, SubmissionIn, SubmissionOut
from gradus.courses import policy as courses_policy
from gradus.courses.models import Enrolment
from gradus.submissions import selectors, services
from gradus.submissions.models import Submission

router = Router(tags=["submissions"])

MOST_SUBMISSIONS = 50  # a verdict may have hundreds of kilobytes
FewRows = Annotated[int, Query(ge=1, le=MOST_SUBMISSIONS)]
Key = Annotated[str, StringConstraints(max_length=200)]
_NO_KEY: Any = Header("", alias="Idempotency-Key")


class StaffSubmissionOut(SubmissionOut):
    enrolment: int
    username: str
    sha256: str


class SubmissionsOut(Paged):
    items: list[StaffSubmissionOut]


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@router.post("/items/{item_id}/submissions", response={201: SubmissionOut, **ERRORS})
def submit(
    request: PersonRequest,
    item_id: int,
    body: SubmissionIn,
    idempotency_key: Key = _NO_KEY,
) -> Status[SubmissionOut]:
    """Submit, or run the visible checks (`mode: run`). An Idempotency-Key counts only once."""
    item, enrolment = own_item(request, item_id)
    receive = services.run_visible if body.mode == "run" else services.submit
    submission = receive(
        enrolment=enrolment,
        item=item,
        parts=body.parts,
        now=timezone.now(),
        idempotency_key=idempotency_key,
    )
    return Status(201, _out(submission, enrolment))


@router.get("/items/{item_id}/submissions", response={200: list[SubmissionOut], **ERRORS})
def history(request: PersonRequest, item_id: int) -> list[SubmissionOut]:
    """Your last 50 submissions for this item, newest first."""
    item, enrolment = own_item(request, item_id)
    return [_out(submission, enrolment) for submission in selectors.history(enrolment, item)]


@router.get(
    "/courses/{course_id}/submissions",
    response={200: SubmissionsOut, **ERRORS},
    auth=Token(Right.READ),
)
def submissions(
    request: PersonRequest,
    course_id: int,
    item: RowId | None = None,
    enrolment: RowId | None = None,
    page: PageNumber = 1,
    size: FewRows = MOST_SUBMISSIONS,
) -> SubmissionsOut:
    """Everybody's submissions, newest first, for staff; of one item or one student if you say.

    Each comes with its verdict, so there are at most 50 on a page.
    """
    viewer = staff(request, course_id, courses_policy.may_see_everyone)
    found = selectors.chosen_submissions(viewer.course, item=item, enrolment=enrolment)
    facts, rows = paged(found.defer("parts"), page, size)
    return SubmissionsOut(
        **facts,
        items=[
            StaffSubmissionOut(
                **_fields(row, viewer, with_position=False),
                enrolment=row.enrolment_id,
                username=row.enrolment.user.username,
                sha256=row.sha256,
            )
            for row in rows
        ],
    )


@router.get(
    "/submissions/{submission_id}",
    response={200: SubmissionDetail, **ERRORS},
    auth=Token(Right.READ),
)
def submission(request: PersonRequest, submission_id: int) -> SubmissionDetail:
    """Where a submission is; the verdict when there is one."""
    found, viewer = own_submission(request, submission_id)
    return SubmissionDetail(
        **_fields(found, viewer),
        parts=found.parts,
        sha256=found.sha256,
    )


@router.get(
    "/submissions/{submission_id}/figures/{sha256}",
    response={200: Any, **ERRORS},
    auth=Token(Right.READ),
)
def figure(
    request: PersonRequest, submission_id: int, sha256: Annotated[Sha256, Path()]
) -> HttpResponse:
    """Data of a figure that the verdict refers to."""
    found, viewer = own_submission(request, submission_id)
    data = selectors.figure(found, sha256, viewer, timezone.now())
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/json")


def _out(submission: Submission, viewer: Enrolment) -> SubmissionOut:
    return SubmissionOut(**_fields(submission, viewer))


def _fields(
    submission: Submission, viewer: Enrolment, *, with_position: bool = True
) -> dict[str, Any]:
    standing = selectors.standing(submission, viewer, timezone.now())
    waits = with_position and standing.phase is selectors.Phase.QUEUED
    return {
        "id": submission.pk,
        "item": submission.item_id,
        "exercise": submission.item.exercise.slug,
        "mode": submission.mode,
        "attempt": submission.attempt,
        "given_back": submission.given_back,
        "received_at": submission.received_at,
        "phase": standing.phase.value,
        "is_final": standing.is_final,
        "position": selectors.queue_position(submission) if waits else None,
        "progress": standing.progress,
        "verdict": standing.verdict,
        "points": float(standing.points) if standing.points is not None else None,
        "graded_at": standing.graded_at,
    }
