"""What is accepted around the deadline, judged by the moment of reception."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from gradus.courses.models import Assignment, Course
from gradus.submissions.errors import PastDue
from gradus.submissions.models import Submission
from gradus.submissions.selectors import reveal_policy
from tests.people import Classroom

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
HandIn = Callable[..., Submission]


def due(classroom: Classroom) -> datetime:
    assert classroom.assignment.due_at is not None
    return classroom.assignment.due_at


@pytest.mark.parametrize(
    ("rules", "last"),
    [
        ({}, timedelta()),
        ({"grace_minutes": 5}, timedelta(minutes=5)),
        ({"late_days": 2}, timedelta(days=2)),
        ({"late_days": 2, "grace_minutes": 5}, timedelta(days=2, minutes=5)),
    ],
)
def test_the_rules_of_the_course_decide_the_last_second(
    classroom: Classroom, hand_in: HandIn, rules: dict[str, Any], last: timedelta
) -> None:
    Course.objects.update(**rules)
    classroom.item.assignment.course.refresh_from_db()
    received = hand_in(now=due(classroom) + last).received_at
    assert received == due(classroom) + last
    with pytest.raises(PastDue):
        hand_in(now=due(classroom) + last + SECOND, enrolment=classroom.ben)


def test_the_rules_of_an_assignment_win(classroom: Classroom, hand_in: HandIn) -> None:
    Course.objects.update(late_days=9, grace_minutes=9)
    stop = due(classroom) + timedelta(hours=1)
    Assignment.objects.update(late_until=stop, grace_minutes=0)
    classroom.item.refresh_from_db()
    assert hand_in(now=stop).pk
    with pytest.raises(PastDue):
        hand_in(now=stop + SECOND, enrolment=classroom.ben)


def test_hidden_checks_are_not_told_while_late_work_is_accepted(classroom: Classroom) -> None:
    Course.objects.update(late_days=1)
    assignment = Assignment.objects.select_related("course").get()
    assignment.reveal, assignment.reveal_after_due = "nothing", "full"
    policy, stop = reveal_policy(assignment), due(classroom) + timedelta(days=1)
    assert policy.at(stop) == "nothing"
    assert policy.at(stop + SECOND) == "full"
