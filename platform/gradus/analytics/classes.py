"""What a class does: its named mistakes, and its work week by week. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, Max, Min, QuerySet, Value, When

from gradus.analytics.people import People
from gradus.lib import wallclock
from gradus.submissions.models import Finding, Submission

MOST_WEEKS = 60
MOST_MISTAKES = 15


@dataclass(frozen=True, slots=True)
class MistakeLine:
    item_id: int
    title: str  # of the exercise
    mistake: str
    students: int


@dataclass(frozen=True, slots=True)
class Week:
    begins: datetime
    submissions: int
    students: int  # who handed something in


@dataclass(frozen=True, slots=True)
class ItemEffort:
    """What was handed in for one item."""

    submissions: int
    students: int
    first: datetime
    last: datetime

    @property
    def mean(self) -> float:
        return self.submissions / self.students


def mistakes(people: People) -> list[MistakeLine]:
    """Named mistakes of published assignments, by how many students made them at least once."""
    found = (
        Finding.objects.filter(
            people.among("enrolment__"),
            item__assignment__course=people.course,
            item__assignment__is_published=True,
        )
        .exclude(mistake="")
        .values("item_id", "item__version__title", "mistake")
        .annotate(students=Count("enrolment", distinct=True))
        .order_by("-students", "item_id", "mistake")
    )
    return [
        MistakeLine(row["item_id"], row["item__version__title"], row["mistake"], row["students"])
        for row in found[:MOST_MISTAKES]
    ]


def effort(people: People) -> dict[int, ItemEffort]:
    """By item."""
    counts = (
        _handed_in(people).order_by().values_list("item_id")
        .annotate(
            Count("pk"), Count("enrolment", distinct=True), Min("received_at"), Max("received_at")
        )
    )  # fmt: skip
    return {item_id: ItemEffort(*found) for item_id, *found in counts}


def weeks(people: People, efforts: Collection[ItemEffort]) -> list[Week]:
    """From the first submission to the last, Monday to Sunday by the clock of the course."""
    if not efforts:
        return []
    begins = _mondays(people, min(e.first for e in efforts), max(e.last for e in efforts))
    number = Case(
        *(When(received_at__lt=end, then=Value(k)) for k, end in enumerate(begins[1:])),
        default=Value(len(begins) - 1),
        output_field=IntegerField(),
    )
    counts = (
        _handed_in(people).filter(received_at__gte=begins[0]).order_by()
        .annotate(week=number).values("week")
        .annotate(submissions=Count("pk"), students=Count("enrolment", distinct=True))
    )  # fmt: skip
    by_week = {row["week"]: (row["submissions"], row["students"]) for row in counts}
    return [Week(begin, *by_week.get(k, (0, 0))) for k, begin in enumerate(begins)]


def _handed_in(people: People) -> QuerySet[Submission]:
    """Without attempts that were given back."""
    return Submission.objects.graded().filter(
        people.among("enrolment__"),
        given_back=False,
        item__assignment__course=people.course,
        item__assignment__is_published=True,
    )


def _mondays(people: People, first: datetime, last: datetime) -> list[datetime]:
    """Beginnings of the last MOST_WEEKS weeks that have something."""
    zone = people.course.zone
    local = last.astimezone(zone)
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=local.weekday()
    )
    found = [begin]
    while found[-1] > first and len(found) < MOST_WEEKS:
        found.append(wallclock.shift(found[-1], zone, timedelta(days=-7)))
    return found[::-1]
