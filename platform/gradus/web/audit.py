"""The record of a course for its owners: who changed what, and who took what away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gradus.audit.actions import Action, words
from gradus.audit.models import Entry
from gradus.audit.selectors import entries
from gradus.audit.services import record as write_down
from gradus.courses import policy
from gradus.courses.models import Course, Enrolment
from gradus.lib.downloads import download_headers
from gradus.lib.spreadsheets import csv_bytes, guarded
from gradus.records.zips import sent
from gradus.web.http import SignedInRequest, enrolment_or_404, page_of
from gradus.web.roster import around
from gradus.web.text import visible

ROWS_AT_ONCE = 500
HEADER = ("time", "who", "token", "what", "about", "person", "changes")


class Day(forms.DateInput):
    input_type = "date"


class RecordForm(forms.Form):
    """What is shown; the days are those of the course's clock."""

    person = forms.CharField(
        label=gettext_lazy("Person"), required=False, max_length=150,
        help_text=gettext_lazy("Who acted, or whom it was done to."),
    )  # fmt: skip
    action = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *Action.choices],
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=Day())
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=Day())

    def found(self, course: Course) -> QuerySet[Entry]:
        data = self.cleaned_data if self.is_valid() else {}
        return entries(
            course.pk,
            person=data.get("person", "").strip(),
            action=data.get("action", ""),
            since=_midnight(data.get("since"), course),
            before=_midnight(data.get("until"), course, days=1),
        )


@dataclass(frozen=True, slots=True)
class ShownEntry:
    entry: Entry
    who: str
    what: str
    person: str
    changes: tuple[tuple[str, str, str], ...]  # field, before (empty: nothing), after


@login_required
@require_GET
def record(request: SignedInRequest, course_id: int) -> HttpResponse:
    owner = _owner_or_refused(request, course_id)
    form = RecordForm(request.GET)
    page = page_of(request, form.found(owner.course))
    wanted = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        **around(owner),
        "tab": "record",
        "form": form,
        "page": page,
        "rows": [_shown(entry) for entry in page],
        "query": urlencode(wanted),
        "is_filtered": bool(wanted),
    }
    return render(request, "web/record.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def record_file(request: SignedInRequest, course_id: int) -> HttpResponseBase:
    """The same as CSV, all pages; taking it is recorded too."""
    owner = _owner_or_refused(request, course_id)
    form = RecordForm(request.GET)
    if not form.is_valid():
        return record(request, course_id)  # with what is wrong
    found = form.found(owner.course)
    with transaction.atomic():
        facts = {name: request.GET.get(name, "")[:150] or None for name in form.fields}
        write_down(Action.AUDIT_TAKEN, course_id=course_id, new=facts | {"entries": found.count()})
    name = f"record-{course_id}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        sent(_lines(found)),
        content_type="text/csv; charset=utf-8",
        headers=download_headers(name),
    )


def _owner_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_read_record(enrolment):
        raise PermissionDenied
    return enrolment


def _midnight(day: Any, course: Course, *, days: int = 0) -> datetime | None:
    """The beginning of a day, or of the next, where the course is. None for none, and no such."""
    if day is None or not 1970 <= day.year <= 2200:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=course.zone)


def _shown(entry: Entry) -> ShownEntry:
    return ShownEntry(
        entry,
        _who(entry),
        words(entry.action),
        _whom(entry),
        tuple(
            (visible(name), "" if was is None else _said(was), _said(now))
            for name, was, now in _pairs(entry)
        ),
    )


def _who(entry: Entry) -> str:
    return visible(entry.actor.shown_name) if entry.actor else _("A command on the server")


def _whom(entry: Entry) -> str:
    """Empty where what it is about says it, or it is whoever acted."""
    person = entry.person
    named = person is not None and person.username in re.split(r"[ ,]+", entry.about)
    if person is None or person == entry.actor or named:
        return ""
    return visible(person.shown_name)


def _pairs(entry: Entry) -> Iterator[tuple[str, Any, Any]]:
    for name, pair in entry.changes.items():
        yield name.replace("_", " "), pair[0], pair[1]


def _said(value: Any) -> str:
    """A value for people."""
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return visible(str(value))


def _value(value: Any) -> str:
    """A value in the file, the same in every language."""
    if value is None or value == "":
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else visible(str(value))


def _lines(found: QuerySet[Entry]) -> Iterator[bytes]:
    """Newest first, in pieces of some rows: however long the record, memory stays the same."""
    yield csv_bytes([HEADER], for_excel=True)
    last = None
    while rows := list((found if last is None else found.filter(pk__lt=last))[:ROWS_AT_ONCE]):
        yield csv_bytes([[*map(guarded, _line(entry))] for entry in rows])
        last = rows[-1].pk


def _line(entry: Entry) -> tuple[str, ...]:
    changes = "; ".join(f"{name}: {_value(a)} → {_value(b)}" for name, a, b in _pairs(entry))
    return (
        entry.at.isoformat(),
        entry.actor.username if entry.actor else "",
        entry.token,
        entry.action,
        entry.about,
        entry.person.username if entry.person else "",
        changes,
    )
