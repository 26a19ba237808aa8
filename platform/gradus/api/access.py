"""Who calls the API: a person, by a bearer token; or a token of one course, with some rights there.

Every operation says which rights are enough; one that says nothing is for personal tokens alone.
Whatever a token may do, its owner's role in the course must allow it too.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from gradus.accounts.models import ApiToken, Right, User
from gradus.accounts.services import token_of
from gradus.audit.acting import set_acting
from gradus.courses import policy
from gradus.courses.models import Assignment, Enrolment, Item
from gradus.courses.selectors import enrolment_of, item_for, student_of
from gradus.courses.services import refuse_at_the_door
from gradus.submissions.models import Submission
from gradus.submissions.selectors import own_assignment


class PersonRequest(HttpRequest):
    """A request whose bearer token has been checked."""

    auth: User
    token: ApiToken


class Token(HttpBearer):
    """Lets a personal token pass, and one of a course that has any of these rights."""

    def __init__(self, *enough: Right) -> None:
        super().__init__()
        self.enough = enough

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = token_of(token, now=timezone.now())
        if found is None:
            return None
        if not (found.is_personal or (self.enough and found.has_right(*self.enough))):
            raise HttpError(403, "This token may not do this; it is limited to some rights.")
        set_acting(found.user, token=found.prefix)
        request.token = found  # type: ignore[attr-defined]  # of PersonRequest
        return found.user


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
    """Raises: Http404, for a stranger and for a token of another course."""
    enrolment = enrolment_of(request.auth, course_id)
    if enrolment is None or not request.token.reaches(course_id):
        raise Http404
    return enrolment


def staff(request: PersonRequest, course_id: int, may: Callable[[Enrolment], bool]) -> Enrolment:
    """The enrolment of somebody who may do this. Raises: Http404, PermissionDenied."""
    enrolment = own_enrolment(request, course_id)
    if not may(enrolment):
        raise PermissionDenied
    return enrolment


def staff_assignment(
    request: PersonRequest,
    assignment_id: int,
    may: Callable[[Enrolment], bool] = policy.may_change_course,
) -> tuple[Assignment, Enrolment]:
    """An assignment of a course in which one may do this. Raises: Http404, PermissionDenied."""
    visible = Assignment.objects.visible_to(request.auth, timezone.now()).select_related("course")
    found = visible.filter(pk=assignment_id).first()
    if found is None:
        raise Http404
    found.extended_to = None  # the assignment's own dates, not those of whoever asks
    return found, staff(request, found.course_id, may)


def student_or_404(viewer: Enrolment, enrolment_id: int) -> Enrolment:
    """Raises: Http404, also for staff: they have no marks."""
    found = student_of(viewer.course, enrolment_id)
    if found is None:
        raise Http404
    return found


def own_submission(request: PersonRequest, submission_id: int) -> tuple[Submission, Enrolment]:
    """One's own, or one of a course whose staff one is. Raises: Http404."""
    visible = Submission.objects.visible_to(request.auth).with_standing()
    submission = visible.filter(pk=submission_id).first()
    if submission is None:
        raise Http404
    enrolment = own_enrolment(request, submission.item.assignment.course_id)
    _refuse_at_the_door(request, own_assignment(submission), enrolment)
    return submission, enrolment
