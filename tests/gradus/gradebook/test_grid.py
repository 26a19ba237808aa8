"""The grid: states, totals by weight, and a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gradus.courses import services as courses
from gradus.courses.models import Assignment, Item, Role
from gradus.courses.roster import services as roster
from gradus.gradebook import services
from gradus.gradebook.grid import Grid, Row, State, make_grid
from gradus.gradebook.overrides import override
from gradus.submissions.models import Job
from tests.people import NOON, Classroom, graded, hand_in, person

pytestmark = pytest.mark.django_db

AFTER = NOON + timedelta(days=8)


def grid(classroom: Classroom, after: bool = False) -> Grid:
    return make_grid(classroom.course, AFTER if after else NOON)


def row(found: Grid, name: str) -> Row:
    return next(row for row in found.rows if row.enrolment.user.username == name)


def states(found: Grid, name: str = "ada") -> list[State]:
    return [mark.state for mark in row(found, name).marks]


def test_only_active_students_are_rows(classroom: Classroom) -> None:
    assert [row.enrolment.user.username for row in grid(classroom).rows] == ["ada", "ben"]
    roster.remove(enrolment=classroom.ada)
    assert [row.enrolment.user.username for row in grid(classroom).rows] == ["ben"]


def test_a_mark_is_open_then_waiting_then_graded(classroom: Classroom) -> None:
    assert states(grid(classroom)) == [State.OPEN, State.OPEN]
    hand_in(classroom)
    assert states(grid(classroom)) == [State.WAITING, State.OPEN]
    Job.objects.update(state=Job.State.DONE)
    verdict = graded(classroom, 5.0, now=NOON + timedelta(hours=1))
    services.record_verdict(verdict.pk, now=NOON)
    assert states(grid(classroom)) == [State.GRADED, State.OPEN]
    assert row(grid(classroom), "ada").marks[0].points == Decimal(5)


def test_what_is_not_there_after_the_deadline_is_missing(classroom: Classroom) -> None:
    assert states(grid(classroom, after=True)) == [State.MISSING, State.MISSING]


def test_a_fault_of_ours_is_not_called_missing(classroom: Classroom) -> None:
    hand_in(classroom)
    Job.objects.update(state=Job.State.ERROR)
    assert states(grid(classroom, after=True)) == [State.FAULT, State.MISSING]


def test_a_mark_by_hand_says_so(classroom: Classroom) -> None:
    item = Item.objects.select_related("assignment").get(pk=classroom.item.pk)
    override(
        student=classroom.ada, item=item, points=Decimal(4), reason="why",
        actor=classroom.iris.user, seen=0, now=NOON,
    )  # fmt: skip
    assert states(grid(classroom)) == [State.CHANGED, State.OPEN]


def test_totals_count_what_is_graded_or_past_due_and_weigh_assignments(
    classroom: Classroom,
) -> None:
    # 5 of 10 in the first sheet (13 points in all), and nothing of a second one, due much later.
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    plan = courses.Plan(title="Later", weight=Decimal(3), due_at=NOON + timedelta(days=30))
    courses.create_assignment(
        course=classroom.course, plan=plan, exercises=[classroom.item.exercise]
    )
    before, after = row(grid(classroom), "ada"), row(grid(classroom, after=True), "ada")
    assert before.so_far == Decimal("50.00")
    assert after.so_far == Decimal("38.46")  # 5 of 13: the other item is missing by now
    assert before.of_all == after.of_all == Decimal("9.62")  # (1 · 5/13 + 3 · 0) / 4
    assert row(grid(classroom), "ben").so_far is None
    assert row(grid(classroom), "ben").of_all == 0


def test_what_is_not_published_is_counted_but_not_shown(classroom: Classroom) -> None:
    Assignment.objects.update(is_published=False)
    found = grid(classroom)
    assert (found.columns, found.hidden_count) == ((), 1)


def test_more_of_anything_costs_no_more_queries(classroom: Classroom) -> None:
    counts = []
    for turn in "ab":
        with CaptureQueriesContext(connection) as seen:
            grid(classroom)
        counts.append(len(seen))
        for k in range(3):
            student = courses.enrol(
                course=classroom.course, user=person(f"{turn}{k}"), role=Role.STUDENT
            )
            verdict = graded(classroom, enrolment=student, now=NOON + timedelta(minutes=k))
            services.record_verdict(verdict.pk, now=NOON)
            courses.create_assignment(
                course=classroom.course,
                plan=courses.Plan(title=f"Sheet {turn}{k}"),
                exercises=[classroom.item.exercise],
            )
    assert counts == [8, 8]
