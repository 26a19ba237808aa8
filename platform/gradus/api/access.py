"""Who calls the API: a person, by a bearer token."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from gradus.accounts.models import User
from gradus.accounts.services import user_of_token
from gradus.courses.models import Assignment, Enrolment, Item
from gradus.courses.selectors import enrolment_of, item_for
from gradus.courses.services import refuse_at_the_door
from gradus.submissions.models import Submission
from gradus.submissions.selectors import own_assignment


class PersonRequest(HttpRequest):
    """A request whose bearer token has been checked."""

    auth: User


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token, now=timezone.now())


def own_item(request: PersonRequest, item_id: int) -> tuple[Item, Enrolment]:
    """Raises: Http404, for a stranger too; ExamRefused."""
    now = timezone.now()
    found = item_for(request.auth, item_id, now)
    if found is None:
        raise Http404
    item, enrolment = found
    _refuse_at_the_door(request, item.assignment, enrolment)
    return found


def _refuse_at_the_door(
    request: PersonRequest, assignment: Assignment, enrolment: Enrolment
) -> None:
    address = str(request.META.get("REMOTE_ADDR", ""))
    refuse_at_the_door(assignment, enrolment, address, timezone.now())


def own_enrolment(request: PersonRequest, course_id: int) -> Enrolment:
    """Raises: Http404, for a stranger too."""
    enrolment = enrolment_of(request.auth, course_id)
    if enrolment is None:
        raise Http404
    return enrolment


def own_submission(request: PersonRequest, submission_id: int) -> tuple[Submission, Enrolment]:
    """One's own, or one of a course whose staff one is. Raises: Http404."""
    visible = Submission.objects.visible_to(request.auth).with_standing()
    submission = visible.filter(pk=submission_id).first()
    if submission is None:
        raise Http404
    enrolment = own_enrolment(request, submission.item.assignment.course_id)
    _refuse_at_the_door(request, own_assignment(submission), enrolment)
    return submission, enrolment
