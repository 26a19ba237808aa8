"""The difference between two submissions: what is compared, for whom, and with hostile files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grader.verdict import CheckStatus
from gradus.submissions.models import Submission
from gradus.web.difference import MOST_LINES, changed_checks, changed_code, changed_steps
from tests.people import NOON, Classroom, hand_in

pytestmark = pytest.mark.usefixtures("now")
Grade = Callable[..., Submission]
PASSED: dict[str, Any] = {"status": CheckStatus.PASSED, "points": 10.0, "message": ""}


@pytest.fixture
def ada(classroom: Classroom, client: Client) -> Client:
    classroom.item.max_attempts = None
    classroom.item.save()
    client.force_login(classroom.ada.user)
    return client


def changes(client: Client, submission: Submission, since: object = "", status: int = 200) -> str:
    data = {"since": str(since)} if since else {}
    response = client.get(reverse("web:changes", args=[submission.pk]), data)
    assert response.status_code == status
    return response.content.decode()


def test_what_changed_since_the_one_before(ada: Client, grade: Grade) -> None:
    grade("a = 1\nb = 2\n")
    page = changes(ada, grade("a = 1\nb = 3\n", **PASSED))
    assert "From submission 1 to 2" in page
    assert "0 of 10 points, then 10 of 10 points." in page
    assert "0 → <b>10</b> points" in page
    assert '<span class="sr">Taken away: </span>b = 2' in page
    assert '<span class="sr">Added: </span>b = 3' in page


def test_the_earlier_one_is_always_the_old_side(ada: Client, grade: Grade) -> None:
    first, second = grade("a = 1\n"), grade("a = 2\n")
    assert "From submission 1 to 2" in changes(ada, first, since=second.pk)


def test_the_first_one_has_nothing_to_be_compared_with(ada: Client, grade: Grade) -> None:
    assert "Nothing to compare with" in changes(ada, grade())


def test_equal_ones_are_said_to_be_equal(ada: Client, grade: Grade) -> None:
    grade()
    page = changes(ada, grade())
    assert "The code is the same." in page
    assert "Every check came out as before." in page


def test_one_that_is_not_graded_yet_is_compared_by_its_code(
    ada: Client, classroom: Classroom, grade: Grade
) -> None:
    grade("a = 1\n")
    page = changes(ada, hand_in(classroom, "a = 2\n"))
    assert "then not graded yet" in page
    assert "Added: " in page


def test_nothing_of_others_can_be_compared_with(
    ada: Client, classroom: Classroom, grade: Grade
) -> None:
    mine, bens = grade(), hand_in(classroom, "secret = 1\n", enrolment=classroom.ben)
    assert "secret" not in changes(ada, mine, since=bens.pk, status=404)
    changes(ada, bens, since=mine.pk, status=404)
    changes(ada, mine, since="1; drop", status=404)
    changes(ada, hand_in(classroom, run=True), status=404)


def test_staff_compare_a_students_submissions(
    classroom: Classroom, ada: Client, grade: Grade
) -> None:
    grade("a = 1\n")
    second = grade("a = 2\n")
    iris = Client()
    iris.force_login(classroom.iris.user)
    assert "of ada" in changes(iris, second)


def test_what_is_hidden_stays_hidden(ada: Client, classroom: Classroom, grade: Grade) -> None:
    type(classroom.assignment).objects.update(reveal="nothing")
    hidden = {"visible": False, "title": "A telling title", "message": "telling"}
    grade(**hidden)
    page = changes(ada, grade(**(PASSED | hidden)))
    assert "A hidden check" in page
    assert "telling" not in page


def test_hostile_code_stays_text(ada: Client, grade: Grade) -> None:
    grade("x = 1\n")
    page = changes(ada, grade("<script>alert(1)</script>\u202e\x1b[31m\n" + "y" * 10_000))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert len(page) < 20_000


def test_costs_the_same_for_any_number_of_submissions(ada: Client, grade: Grade) -> None:
    grade()
    last = grade()
    with CaptureQueriesContext(connection) as few:
        changes(ada, last)
    for minute in range(1, 6):
        grade(now=NOON + timedelta(minutes=minute))
    with CaptureQueriesContext(connection) as many:
        changes(ada, last)
    assert len(many) == len(few)


def test_unchanged_lines_far_away_are_left_out() -> None:
    before = "\n".join(f"line {n}" for n in range(100))
    change = changed_code(before, before.replace("line 50\n", "line fifty\n"))
    assert [line.text for line in change.lines if line.kind == "skip"] == [
        "47 lines as before", "46 lines as before",
    ]  # fmt: skip
    assert (change.added, change.taken) == (1, 1)
    assert [line.number for line in change.lines if line.kind == "add"] == [51]


def test_files_that_are_too_long_are_not_compared() -> None:
    long = "x\n" * (MOST_LINES + 1)
    assert changed_code(long, long + "y").is_too_long
    assert not changed_code(long, long).is_too_long


def test_checks_of_one_side_come_too() -> None:
    def verdict(*ids: str) -> dict[str, Any]:
        return {"checks": [{"id": i, "title": i, "status": "passed", "points": 1} for i in ids]}

    rows = changed_checks(verdict("a", "b"), verdict("b", "c"))
    assert [(r.title, r.before_word, r.after_word) for r in rows] == [
        ("b", "Passed", "Passed"), ("c", "Not there", "Passed"), ("a", "Passed", "Not there"),
    ]  # fmt: skip


def test_an_answer_that_was_changed_is_shown_even_with_the_same_mark() -> None:
    def verdict(given: str) -> dict[str, Any]:
        return {"steps": [{"id": "s", "status": "wrong", "points": 0, "given": given}]}

    (row,) = changed_steps(verdict("1"), verdict("2"), {"s": "Sum"})
    assert row.is_change
    assert (row.title, row.given_before, row.given_after) == ("Sum", "1", "2")
