"""No address asks the database more often because there are more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gradus.courses import services as courses
from gradus.courses.models import Role
from tests.people import NOON, Classroom, graded, person

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str, **headers: str) -> int:
    client.get(path, headers=headers)  # what is cached by the first request does not count
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path, headers=headers).status_code == 200, path
    return len(seen)


def more_rows(classroom: Classroom) -> None:
    """More people, submissions, assignments and items."""
    classroom.item.max_attempts = None
    classroom.item.save()
    exercises = [classroom.item.exercise, classroom.sheet.exercise]
    for number in range(4):
        student = courses.enrol(
            course=classroom.course, user=person(f"student{number}"), role=Role.STUDENT
        )
        later = NOON + timedelta(minutes=10 * (number + 1))
        graded(classroom, now=later)
        graded(classroom, now=later, enrolment=student)
        plan = courses.Plan(title=f"Sheet {number}")
        courses.create_assignment(course=classroom.course, plan=plan, exercises=exercises)


@pytest.mark.parametrize("who", ["ada", "iris"])
def test_more_rows_cost_no_more_queries(classroom: Classroom, who: str) -> None:
    enrolment = getattr(classroom, who)
    token, client = classroom.token(enrolment), Client()
    client.force_login(enrolment.user)
    course, item = classroom.course.pk, classroom.item.pk
    graded(classroom)
    paths = {
        f"/api/v1{path}": {"Authorization": f"Bearer {token}"}
        for path in ("/courses", f"/courses/{course}/assignments", f"/items/{item}/submissions")
    }
    sheet = f"/assignments/{classroom.assignment.pk}/"
    pages = ("/", "/submissions/", sheet, f"/courses/{course}/", f"/items/{item}/submissions/")
    paths |= {path: {} for path in pages}
    if who == "iris":
        paths[f"/courses/{course}/submissions/"] = {}
    before = {path: queries(client, path, **headers) for path, headers in paths.items()}
    more_rows(classroom)
    after = {path: queries(client, path, **headers) for path, headers in paths.items()}
    assert after == before
