"""How one mark came about: its submissions, its events, and which of them count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gradus.courses.models import Enrolment, Item
from gradus.gradebook.grades import Event, Grade, grade_of, override_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.selectors import event_of
from gradus.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Result:
    """A submission with its points; none where it was not graded."""

    submission: Submission
    points: Decimal | None
    counts: bool


@dataclass(frozen=True, slots=True)
class History:
    grade: Grade | None
    override: GradeEvent | None  # the one in force
    by_submissions: Decimal | None  # the mark without overrides
    results: tuple[Result, ...]  # newest first
    events: tuple[GradeEvent, ...]  # newest first
    seen: int  # the last event; what a change of the mark must name


def history_of(student: Enrolment, item: Item) -> History:
    """Two queries; `item.assignment` must be loaded."""
    counting = item.assignment.counting
    events = list(
        GradeEvent.objects.filter(enrolment=student, item=item)
        .select_related("actor", "submission", "undoes")
        .order_by("pk")
    )
    rows = [
        event_of(e.pk, e.submission_id, e.points, e.is_provisional, e.undoes_id) for e in events
    ]
    submitted = [row for row in rows if row.submission_id is not None]
    in_force = override_of(rows)
    own = grade_of(submitted, counting)
    found = Submission.objects.graded().filter(enrolment=student, item=item).order_by("-pk")
    return History(
        grade=grade_of(rows, counting),
        override=next((e for e in events if in_force and e.pk == in_force.id), None),
        by_submissions=own.points if own else None,
        results=_results(list(found), submitted, counting),
        events=tuple(reversed(events)),
        seen=rows[-1].id if rows else 0,
    )


def _results(
    submissions: Sequence[Submission], rows: Sequence[Event], counting: str
) -> tuple[Result, ...]:
    points = {row.submission_id: row.points for row in rows}  # the last event of each
    graded = sorted(pk for pk in points if pk is not None)
    if counting == "average" or not graded:
        counted = set(graded)
    elif counting == "latest":
        counted = {graded[-1]}
    else:
        counted = {max(graded, key=lambda pk: points[pk])}
    return tuple(Result(s, points.get(s.pk), s.pk in counted) for s in submissions)
