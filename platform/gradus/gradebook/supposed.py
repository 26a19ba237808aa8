"""Marks as they would be with other results of submissions. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gradus.courses.models import Enrolment, Item, Role
from gradus.gradebook.facts import Own, Raw
from gradus.gradebook.grades import Event, Grade, grade_of, last_of, override_of
from gradus.gradebook.marks import Marks, marks_of, outlines, read
from gradus.gradebook.reading import events_of

_LATER = 1 << 62  # as the id of an event: after all that are stored


@dataclass(frozen=True, slots=True)
class Supposed:
    """A result of a submission, of the item's automatic points as they are now."""

    enrolment_id: int
    item: Item  # with assignment and course
    submission_id: int
    points: Decimal
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One mark, before and after."""

    old: Grade | None
    new: Grade | None
    old_result: Grade | None  # by submissions alone, with the late days of before
    new_result: Grade | None
    is_override: bool  # in force: it hides the results

    @property
    def is_lower(self) -> bool:
        return _points(self.new_result) < _points(self.old_result)

    @property
    def is_higher(self) -> bool:
        return _points(self.new_result) > _points(self.old_result)


def _points(grade: Grade | None) -> Decimal:
    return Decimal(-1) if grade is None else grade.points


def turns(
    course_id: int, supposed: Sequence[Supposed], now: datetime
) -> dict[tuple[int, int], Turn]:
    """By enrolment and item, what these results do to the marks. At most six queries."""
    students = Enrolment.objects.filter(pk__in={one.enrolment_id for one in supposed})
    outline = outlines([course_id])[course_id]
    before = read(students)
    after: dict[int, Own] = {pk: _copied(before[pk]) for pk in {s.enrolment_id for s in supposed}}
    items: dict[tuple[int, int], Item] = {}
    for number, one in enumerate(supposed):
        raw = Raw(
            *(_LATER + number, one.submission_id, one.points, False, None),
            *(one.item.automatic_points, one.received_at),
        )
        after[one.enrolment_id].events.setdefault(one.item.pk, []).append(raw)
        items[one.enrolment_id, one.item.pk] = one.item
    marks = {
        pk: (marks_of(outline, before[pk], now), marks_of(outline, own, now))
        for pk, own in after.items()
    }
    return {
        (pk, item.pk): _turn(item, before[pk], after[pk], *marks[pk])
        for (pk, _), item in items.items()
    }


def _copied(own: Own) -> Own:
    return replace(own, events={item_id: list(of) for item_id, of in own.events.items()})


def _turn(item: Item, before: Own, after: Own, old: Marks, new: Marks) -> Turn:
    late_days = old.late_days.get(item.assignment_id, 0)
    was, now = _events(item, before), _events(item, after)
    return Turn(
        old.grades.get(item.pk),
        new.grades.get(item.pk),
        _result(item, was, late_days),
        _result(item, now, late_days),
        override_of(was) is not None,
    )


def _events(item: Item, own: Own) -> list[Event]:
    """Oldest first."""
    window = item.assignment.window.extended(own.extended.get(item.assignment_id))
    raws = sorted(own.events.get(item.pk, ()), key=lambda raw: raw.id)
    return events_of(raws, window, item.points, item.human_points)


def _result(item: Item, events: Iterable[Event], late_days: int) -> Grade | None:
    of_submissions = [event for event in events if event.submission_id is not None]
    assignment = item.assignment
    return grade_of(of_submissions, assignment.counting, assignment.late_policy, late_days)


def counting_submissions(items: Collection[Item], now: datetime) -> list[int]:
    """Submissions by which the marks of active students come about, overrides left aside.

    `items` are of one course, with assignment and course.
    """
    course_ids = {item.assignment.course_id for item in items}
    students = Enrolment.objects.filter(course__in=course_ids, role=Role.STUDENT, is_active=True)
    known = outlines(course_ids)
    found: dict[int, Own] = read(students)
    courses = dict(students.values_list("pk", "course_id"))
    counting: list[int] = []
    for pk, own in found.items():
        days: dict[int, int] = defaultdict(int)
        if known[courses[pk]].late_day_bank:
            days |= marks_of(known[courses[pk]], own, now).late_days
        for item in items:
            events = _events(item, own)
            grade = _result(item, events, days[item.assignment_id])
            if grade is not None:
                whole = grade.submission_id is None
                counting += last_of(events) if whole else [grade.submission_id or 0]
    return counting
