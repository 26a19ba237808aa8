from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.accounts.models import Letter
from gradus.courses import services as courses
from gradus.questions import selectors, services
from gradus.questions.errors import AnsweredAlready, QuestionRefused
from gradus.questions.models import Question
from gradus.submissions.models import Submission
from tests.people import NOON, Classroom, graded, hand_in, person

pytestmark = pytest.mark.django_db
WHY = "My answer equals the formula of the statement."


@pytest.fixture
def submission(classroom: Classroom) -> Submission:
    return graded(classroom, 5.0).submission


def ask(submission: Submission, **fields: str) -> Question:
    known = {"kind": "regrade", "check_id": "", "reason": WHY} | fields
    return services.ask(submission=submission, now=NOON, **known)


def test_a_question_waits_for_the_staff_of_its_course(
    submission: Submission, classroom: Classroom
) -> None:
    question = ask(submission)
    assert list(selectors.of_course(classroom.course, is_open=True)) == [question]
    assert list(selectors.of_course(classroom.course, is_open=False)) == []


def test_the_oldest_question_comes_first(submission: Submission, classroom: Classroom) -> None:
    first = ask(submission)
    second = ask(submission, kind="broken")
    Question.objects.filter(pk=first.pk).update(asked_at=NOON + timedelta(hours=1))
    assert list(selectors.of_course(classroom.course, is_open=True)) == [second, first]


def test_an_answer_closes_it_and_is_mailed(submission: Submission, classroom: Classroom) -> None:
    question = ask(submission, check_id="doubles")
    services.answer(
        question=question, actor=classroom.tess.user, outcome="kept", text="See line 3.", now=NOON
    )
    assert not question.is_open
    letter = Letter.objects.get()
    assert letter.user == classroom.ada.user
    assert "The mark stays" in letter.text
    assert "See line 3." in letter.text
    assert letter.path == f"/submissions/{submission.pk}/"


def test_of_two_answers_the_first_counts(submission: Submission, classroom: Classroom) -> None:
    question = ask(submission)
    same = Question.objects.get(pk=question.pk)
    tess = classroom.tess.user
    services.answer(question=question, actor=tess, outcome="kept", text="No.", now=NOON)
    with pytest.raises(AnsweredAlready):
        services.answer(question=same, actor=tess, outcome="changed", text="Yes.", now=NOON)
    with pytest.raises(AnsweredAlready):
        services.withdraw(question=same, actor=classroom.ada.user, now=NOON)
    assert Question.objects.get().outcome == "kept"
    assert Letter.objects.count() == 1


def test_a_question_taken_back_is_kept_and_can_be_asked_again(
    submission: Submission, classroom: Classroom
) -> None:
    services.withdraw(question=ask(submission), actor=classroom.ada.user, now=NOON)
    ask(submission)
    assert Question.objects.count() == 2
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reason": "short"}, "10 to 2,000"),
        ({"reason": " " * 50}, "10 to 2,000"),
        ({"reason": "x" * 2_001}, "10 to 2,000"),
        ({"kind": "bribe"}, "Choose what"),
        ({"check_id": "nothing"}, "no such check"),
        ({"check_id": "x" * 10_000}, "no such check"),
    ],
)
def test_what_is_no_question_is_refused(
    submission: Submission, fields: dict[str, str], says: str
) -> None:
    with pytest.raises(QuestionRefused, match=says):
        ask(submission, **fields)
    assert not Question.objects.exists()


def test_the_same_is_not_asked_twice_while_it_is_open(submission: Submission) -> None:
    ask(submission)
    with pytest.raises(QuestionRefused, match="already"):
        ask(submission)
    ask(submission, check_id="doubles")


def test_ten_open_questions_are_enough(submission: Submission) -> None:
    for _ in range(10):
        Question.objects.create(
            submission=submission, kind="regrade", check_id=str(_), reason=WHY, asked_at=NOON
        )
    with pytest.raises(QuestionRefused, match="10 open"):
        ask(submission)


def test_what_is_not_graded_is_not_asked_about(classroom: Classroom) -> None:
    with pytest.raises(QuestionRefused, match="no verdict"):
        ask(hand_in(classroom))


@pytest.mark.parametrize(("outcome", "text"), [("", "x"), ("withdrawn", "x"), ("kept", " ")])
def test_an_answer_needs_an_outcome_and_a_reason(
    submission: Submission, classroom: Classroom, outcome: str, text: str
) -> None:
    question = ask(submission)
    with pytest.raises(QuestionRefused):
        services.answer(
            question=question, actor=classroom.tess.user, outcome=outcome, text=text, now=NOON
        )
    assert Question.objects.get().is_open


def test_the_database_keeps_who_answered(submission: Submission) -> None:
    question = ask(submission)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(outcome="kept")


def test_a_broken_exercise_is_told_to_who_can_mend_it(
    submission: Submission, classroom: Classroom
) -> None:
    question = ask(submission, kind="broken")
    letter = Letter.objects.get()
    assert letter.user == classroom.iris.user
    assert letter.path == f"/questions/{question.pk}/"
    assert WHY in letter.text
    assert submission.item.version.digest[7:19] in letter.text
    assert "hidden_one failed: why hidden_one failed" in letter.text


def test_the_owner_of_the_exercise_hears_of_it_without_the_student(
    submission: Submission, classroom: Classroom
) -> None:
    author = person("author", may_teach=True)
    course = courses.create_course(owner=author, title="Bank", term="")
    submission.item.exercise.course = course
    submission.item.exercise.save()
    ask(submission, kind="broken")
    letter = Letter.objects.get(user=author)
    assert "ada" not in letter.text.lower()
    assert WHY in letter.text
    assert letter.path == f"/courses/{course.pk}/"


def test_a_regrade_is_asked_without_a_mail(submission: Submission) -> None:
    ask(submission)
    assert not Letter.objects.exists()
