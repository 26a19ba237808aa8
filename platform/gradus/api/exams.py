"""Exam rules of an assignment: networks, password, when results are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils import timezone
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from gradus.accounts.models import Right
from gradus.api.access import PersonRequest, Token, staff_assignment
from gradus.api.fields import Line, Strict
from gradus.api.problems import ERRORS
from gradus.courses import policy, services
from gradus.courses.exams import MOST_NETWORKS, read_networks
from gradus.courses.models import Assignment

router = Router(tags=["assignments"])
_READ, _CHANGE = Token(Right.READ), Token(Right.ALL)


def _plain(networks: list[str]) -> list[str]:
    return read_networks(" ".join(networks))


Networks = Annotated[list[Line], Field(max_length=MOST_NETWORKS), AfterValidator(_plain)]


class ExamPatch(Strict):
    """Only what is sent is changed."""

    networks: Networks = []  # such as 10.20.0.0/16; none: from anywhere
    password: Annotated[Line, Field(max_length=200)] = ""  # empty: ask for none
    holds_feedback: bool = False  # tell results only when released


class Telling(Strict):
    is_released: bool


class ExamOut(Schema):
    networks: list[str]
    has_password: bool  # which one is told to nobody
    holds_feedback: bool
    released_at: datetime | None


@router.get("/assignments/{assignment_id}/exam", response={200: ExamOut, **ERRORS}, auth=_READ)
def exam(request: PersonRequest, assignment_id: int) -> ExamOut:
    """From where and with what students come in, and whether results wait."""
    found, _ = staff_assignment(request, assignment_id, policy.may_see_everyone)
    return _out(found)


@router.patch("/assignments/{assignment_id}/exam", response={200: ExamOut, **ERRORS}, auth=_CHANGE)
def change(request: PersonRequest, assignment_id: int, body: ExamPatch) -> ExamOut:
    """Change the exam. A new password is asked from everybody again."""
    found, _ = staff_assignment(request, assignment_id)
    sent = body.dict(exclude_unset=True)
    return _out(services.change_exam(assignment=found, **sent))


@router.put("/assignments/{assignment_id}/results", response={200: ExamOut, **ERRORS}, auth=_CHANGE)
def tell(request: PersonRequest, assignment_id: int, body: Telling) -> ExamOut:
    """Tell students the results, or tell them no more."""
    found, _ = staff_assignment(request, assignment_id)
    now = timezone.now()
    return _out(services.set_released(assignment=found, is_released=body.is_released, now=now))


def _out(assignment: Assignment) -> ExamOut:
    return ExamOut(
        networks=assignment.exam_networks,
        has_password=bool(assignment.exam_password),
        holds_feedback=assignment.holds_feedback,
        released_at=assignment.released_at,
    )
