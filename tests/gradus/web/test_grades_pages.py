"""What students read of rules: their grades and how each came about, deadlines, solutions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course
from gradus.courses.services.people import CourseRules
from gradus.gradebook import services
from tests.gradus.web.reading import at, text
from tests.people import NOON, Classroom, graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_grades_say_how_each_came_about(classroom: Classroom, ada: Client) -> None:
    rules = CourseRules(late_days=5, late_percent=Decimal(10), late_day_bank=2)
    courses.change_course(course=classroom.course, rules=rules)
    Assignment.objects.update(due_at=NOON - timedelta(days=3))
    classroom.item.assignment.refresh_from_db()
    classroom.item.assignment.course.refresh_from_db()
    services.record_verdict(graded(classroom, 10.0).pk, now=NOON)
    page = text(ada.get(at("grades", classroom.course.pk)))
    assert (
        "Attempt 1. 3 days late, 2 covered by late days: 10 % off, 10 \N{MINUS SIGN} 1 = 9 points."
        in page
    )
    assert "Missing: counts as 0." in page
    assert "0 of 2 left. 2 used for First steps." in page
    assert "69.23 % so far" in page  # 9 of 13


def test_another_ones_grades_are_not_shown(classroom: Classroom, ada: Client) -> None:
    services.record_verdict(graded(classroom, 10.0, enrolment=classroom.ben).pk, now=NOON)
    page = text(ada.get(at("grades", classroom.course.pk)))
    assert "Nothing counts yet." in page


def test_a_solution_is_shown_when_it_is_time_and_the_own_work_closed(
    classroom: Classroom, ada: Client, iris: Client
) -> None:
    address = at("solution", classroom.item.pk)
    Assignment.objects.update(due_at=NOON - timedelta(hours=2), solutions_at=NOON)
    assert ada.get(address).status_code == 200
    assert "return" in text(ada.get(address))
    Course.objects.update(late_days=1)
    assert ada.get(address).status_code == 404
    assert iris.get(address).status_code == 200
    assert ada.get(at("solution", classroom.sheet.pk)).status_code == 404  # by hand: no code


def test_more_assignments_cost_the_page_of_grades_no_more_queries(
    classroom: Classroom, ada: Client
) -> None:
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert ada.get(at("grades", classroom.course.pk)).status_code == 200
        counts.append(len(seen))
        for number in range(3):
            courses.create_assignment(
                course=classroom.course,
                plan=courses.Plan(title=f"{turn} {number}", due_at=timezone.now()),
                exercises=[classroom.item.exercise],
            )
    assert counts[0] == counts[1]


def test_students_read_their_own_deadline(classroom: Classroom, ada: Client, iris: Client) -> None:
    data = {"kind": "extension", "student": "ada", "due_at": "2027-03-09T23:59", "reason": "Ill"}
    iris.post(at("allowances", classroom.assignment.pk), data)
    for name, args in (
        ("assignment", [classroom.assignment.pk]), ("course", [classroom.course.pk]),
        ("overview", []), ("grades", [classroom.course.pk]),
    ):  # fmt: skip
        assert "Tue 9 Mar, 23:59" in text(ada.get(at(name, *args))), name
        assert "Ill" not in text(ada.get(at(name, *args)))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({}, "Due Mon 8 Mar, 12:00 (UTC), in 7 days. The best submission counts. "),
        ({"grace_minutes": 1}, "1 minute after the deadline is still in time. "),
        (
            {"grace_minutes": 5, "late_days": 2, "late_percent": Decimal("12.5")},
            "5 minutes after the deadline are still in time. Each day begun after the deadline"
            " takes 12.5 % of the points. ",
        ),
        ({"late_days": 1}, "Late work counts in full. "),
        (
            {"late_days": 2, "late_percent": 10, "late_most_percent": 15, "late_day_bank": 1},
            "Each day begun after the deadline that no late day covers takes 10 % of the points,"
            " at most 15 %. ",
        ),
    ],
)
def test_students_read_what_late_work_costs(
    classroom: Classroom, ada: Client, rules: dict[str, Any], told: str
) -> None:
    Course.objects.update(**rules)
    assert told in text(ada.get(at("assignment", classroom.assignment.pk)))


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (1, "Due Mon 1 Mar, 13:00"),
        (-1, "Was due Mon 1 Mar, 11:00 , late until Tue 2 Mar, 11:00"),
        (-25, "Closed Mon 1 Mar, 11:00"),
    ],
)
def test_a_deadline_says_until_when_work_is_taken(
    classroom: Classroom, ada: Client, hours: int, told: str
) -> None:
    Course.objects.update(late_days=1)
    Assignment.objects.update(due_at=NOON + timedelta(hours=hours))
    for name, pk in (("assignment", classroom.assignment.pk), ("course", classroom.course.pk)):
        assert told in text(ada.get(at(name, pk)))
