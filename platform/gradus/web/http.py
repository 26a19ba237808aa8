"""What views share: the request of a person who is logged in, and strangers' 404."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from gradus.accounts.models import User
from gradus.courses import selectors as courses
from gradus.courses.models import Enrolment, Item
from gradus.courses.services import refuse_at_the_door
from gradus.lib.refusal import Refused
from gradus.submissions.errors import PartsRefused, TooMuchAtOnce
from gradus.submissions.models import Submission, SubmissionQuerySet
from gradus.submissions.selectors import own_assignment

PAGE_ROWS = 25


class SignedInRequest(HttpRequest):
    """A request behind login_required."""

    user: User
    htmx: HtmxDetails


def item_or_404(request: SignedInRequest, item_id: int) -> tuple[Item, Enrolment]:
    """Raises: ExamRefused, which becomes the page of the door."""
    now = timezone.now()
    found = courses.item_for(request.user, item_id, now)
    if found is None:
        raise Http404
    item, enrolment = found
    refuse_at_the_door(item.assignment, enrolment, address_of(request), now)
    return found


def address_of(request: HttpRequest) -> str:
    """As the server saw it; behind a proxy that the server trusts, the client's."""
    return str(request.META.get("REMOTE_ADDR", ""))


def enrolment_or_404(request: SignedInRequest, course_id: int) -> Enrolment:
    found = courses.enrolment_of(request.user, course_id)
    if found is None:
        raise Http404
    return found


def submission_or_404(request: SignedInRequest, submission_id: int) -> tuple[Submission, Enrolment]:
    """A submission that this person may see, ready for its standing, and the own enrolment."""
    submission = (
        Submission.objects.visible_to(request.user)
        .with_standing()
        .select_related("student_item", "item__assignment__course", "item__exercise__unit")
        .filter(pk=submission_id)
        .first()
    )
    if submission is None:
        raise Http404
    enrolment = enrolment_or_404(request, submission.item.assignment.course_id)
    assignment = own_assignment(submission)
    refuse_at_the_door(assignment, enrolment, address_of(request), timezone.now())
    return submission, enrolment


def posted_fields(request: HttpRequest, *, but: tuple[str, ...]) -> list[tuple[str, str]]:
    """What was posted, to be posted again from a page that asks; without the form's own token."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", *but)
    ]


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page that ?page= names; the last one where it names none that exists."""
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))


def newest_first(request: HttpRequest, submissions: SubmissionQuerySet) -> Page[Any]:
    """A page of submissions with their standing: only the keys of all the others are looked at."""
    page = page_of(request, submissions.order_by("-pk").values_list("pk", flat=True))
    keys = list(page.object_list)
    known = Submission.objects.with_standing().in_bulk(keys)
    page.object_list = [known[pk] for pk in keys]
    return page


def status_of(refusal: Refused) -> int:
    """422 for what was sent, 429 for too much of it, 409 for a rule of the assignment."""
    if isinstance(refusal, TooMuchAtOnce):
        return 429
    return 422 if isinstance(refusal, PartsRefused) else 409


def refusal_page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refused
) -> HttpResponse:
    """A page that says why something was refused, with the status and when to try again."""
    response = render(request, template, context, status=status_of(refusal))
    if isinstance(refusal, TooMuchAtOnce):
        response["Retry-After"] = str(refusal.retry_after_seconds)
    return response
