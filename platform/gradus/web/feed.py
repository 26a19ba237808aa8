"""The calendar feed: its page, its private address, and the file that calendars fetch."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gradus.accounts import services
from gradus.accounts.models import CalendarFeed
from gradus.courses.models import Assignment
from gradus.web.http import SignedInRequest
from gradus.web.ics import Deadline, calendar

PAST = timedelta(days=60)  # deadlines that are over stay so long
MOST = 500


@login_required
@require_GET
def page(request: SignedInRequest) -> HttpResponse:
    """Whether there is a feed, since when, and how to make or end one."""
    return render(request, "web/calendar.html", _context(request))


@login_required
@require_POST
def renew(request: SignedInRequest) -> HttpResponse:
    """Make the address, or a new one in the place of the old; it is shown here and never again."""
    token = services.renew_calendar(user=request.user, now=timezone.now())
    address = request.build_absolute_uri(reverse("web:calendar_file", args=[token]))
    response = render(request, "web/calendar.html", _context(request) | {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: SignedInRequest) -> HttpResponse:
    services.revoke_calendar(user=request.user)
    messages.success(
        request, _("The address no longer works. Calendars that used it get nothing new.")
    )
    return redirect("web:calendar")


@require_GET
def file(request: HttpRequest, token: str) -> HttpResponse:
    """What is due, for whoever knows the token: titles and times, no points and no names."""
    user = services.user_of_calendar(token)
    if user is None:
        raise Http404
    now = timezone.now()
    rows = (
        Assignment.objects.visible_to(user, now)
        .filter(Q(due_at__gt=now - PAST) | Q(extended_to__gt=now - PAST))
        .filter(is_published=True, course__is_archived=False, due_at__isnull=False)
        .order_by("due_at", "pk")[:MOST]
    )
    host = request.get_host()
    deadlines = [
        Deadline(
            uid=f"assignment-{row.pk}@{host}",
            due_at=row.own_due_at,
            title=row.title,
            course=row.course.title,
            address=request.build_absolute_uri(reverse("web:assignment", args=[row.pk])),
        )
        for row in rows
        if row.own_due_at is not None
    ]
    return HttpResponse(
        calendar(deadlines, now),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="gradus.ics"',
            "Cache-Control": "private, max-age=900",
            "X-Robots-Tag": "noindex",
        },
    )


def _context(request: SignedInRequest) -> dict[str, object]:
    return {"feed": CalendarFeed.objects.filter(user=request.user).first()}
