from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gradus.questions.models import Question
from gradus.submissions.models import Submission
from tests.people import Classroom, graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
WHY = "The <b>statement</b> says 2x, and I return 2x."


@pytest.fixture
def submission(classroom: Classroom) -> Submission:
    return graded(classroom, 5.0).submission


def as_(person: object) -> Client:
    client = Client()
    client.force_login(person.user)  # type: ignore[attr-defined]
    return client


def ask(classroom: Classroom, submission: Submission, **fields: str) -> int:
    data = {"kind": "regrade", "check_id": "doubles", "reason": WHY} | fields
    return as_(classroom.ada).post(reverse("web:ask", args=[submission.pk]), data).status_code


def test_from_the_question_to_the_answer(classroom: Classroom, submission: Submission) -> None:
    page = reverse("web:submission", args=[submission.pk])
    assert "Ask about this result" in as_(classroom.ada).get(page).content.decode()
    assert ask(classroom, submission) == 302
    assert "Nobody has answered yet" in as_(classroom.ada).get(page).content.decode()
    question = Question.objects.get()
    queue = reverse("web:questions", args=[classroom.course.pk])
    assert (
        reverse("web:question", args=[question.pk])
        in as_(classroom.tess).get(queue).content.decode()
    )
    answer = {"outcome": "kept", "answer": "It returns 2x + 1 for x = 0."}
    as_(classroom.tess).post(reverse("web:question", args=[question.pk]), answer)
    for address in (page, reverse("web:questions_mine")):
        shown = as_(classroom.ada).get(address).content.decode()
        assert "It returns 2x + 1" in shown
        assert "The mark stays" in shown
    assert "Nobody waits" in as_(classroom.tess).get(queue).content.decode()


def test_what_a_student_writes_stays_text(classroom: Classroom, submission: Submission) -> None:
    ask(classroom, submission)
    for address in ("question", "submission"):
        key = Question.objects.get().pk if address == "question" else submission.pk
        shown = as_(classroom.tess).get(reverse(f"web:{address}", args=[key])).content.decode()
        assert "&lt;b&gt;statement&lt;/b&gt;" in shown


@pytest.mark.parametrize("fields", [{"reason": ""}, {"kind": "x"}, {"check_id": "x"}])
def test_a_form_that_does_not_fit_says_so(
    classroom: Classroom, submission: Submission, fields: dict[str, str]
) -> None:
    assert ask(classroom, submission, **fields) == 422
    assert not Question.objects.exists()


def test_one_withdraws_ones_own(classroom: Classroom, submission: Submission) -> None:
    ask(classroom, submission)
    address = reverse("web:question_withdraw", args=[Question.objects.get().pk])
    assert as_(classroom.ben).post(address).status_code == 404
    assert as_(classroom.tess).post(address).status_code == 404
    as_(classroom.ada).post(address)
    assert Question.objects.get().outcome == "withdrawn"


def test_a_queue_of_any_length_costs_as_many_queries(
    classroom: Classroom, submission: Submission, django_assert_max_num_queries: object
) -> None:
    tess, queue = as_(classroom.tess), reverse("web:questions", args=[classroom.course.pk])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(3):
        Question.objects.create(
            submission=submission, kind="regrade", check_id=str(number), reason=WHY,
            asked_at=submission.received_at,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            tess.get(queue)
        counts.append(len(queries))
    assert counts[0] == counts[-1]
