"""What each student did for one item: results of submissions, in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from gradus.analytics.people import People
from gradus.courses.models import Item
from gradus.gradebook.models import GradeEvent
from gradus.submissions.models import StudentItem

_COLUMNS = (
    *("pk", "enrolment_id", "submission_id", "points", "max_points", "undoes_id", "verdict_id"),
    "submission__received_at",
)


@dataclass(frozen=True, slots=True)
class Try:
    """One submission with the verdict that counts for it."""

    submission_id: int
    is_full: bool  # all points that checks give
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Tries:
    """Of one item, by enrolment."""

    of: dict[int, list[Try]]  # oldest first
    opened_at: dict[int, datetime]  # when the page of the exercise was first opened
    newest_verdict_id: int | None

    @property
    def students(self) -> int:
        return len(self.of)

    @property
    def count(self) -> int:
        return sum(len(own) for own in self.of.values())

    def solved(self) -> dict[int, int]:
        """The try that had full points first, counted from 1, of whom has one."""
        found = {}
        for enrolment_id, own in self.of.items():
            for place, one in enumerate(own, start=1):
                if one.is_full:
                    found[enrolment_id] = place
                    break
        return found

    def times(self) -> list[timedelta]:
        """From the first opening of the page to full points; else from the first submission."""
        found = []
        for enrolment_id, place in self.solved().items():
            own = self.of[enrolment_id]
            begin = min(self.opened_at.get(enrolment_id, own[0].received_at), own[0].received_at)
            found.append(own[place - 1].received_at - begin)
        return found


def tries_of(item: Item, people: People) -> Tries:
    """Two queries."""
    events = GradeEvent.objects.filter(
        people.among("enrolment__"), item=item, submission__isnull=False, human_mark__isnull=True
    )
    rows = list(events.order_by("pk").values_list(*_COLUMNS))
    undone = {undoes for *_, undoes, _, _ in rows if undoes is not None}
    last: dict[int, dict[int, Try]] = defaultdict(dict)
    newest = None
    for pk, enrolment_id, submission_id, points, most, undoes, verdict_id, received_at in rows:
        if undoes is not None or pk in undone:
            continue
        last[enrolment_id][submission_id] = Try(submission_id, points >= most, received_at)
        newest = verdict_id
    opened = StudentItem.objects.filter(people.among("enrolment__"), item=item, practice=0)
    return Tries(
        {pk: [of[number] for number in sorted(of)] for pk, of in last.items()},
        dict(opened.values_list("enrolment_id", "created_at")),
        newest,
    )
