"""Why every option of a quiz is right or wrong: told when it gives nothing away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from grader.verdict import StepResult, StepStatus, sum_up
from gradus.catalog import services as catalog
from gradus.catalog.models import Exercise
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Item
from gradus.submissions import services
from gradus.submissions.models import Job, StudentItem, Submission
from tests.people import NOON, Classroom, claimed, write_exercise

pytestmark = pytest.mark.usefixtures("now")
QUIZ = {
    "exercise.toml": (
        'id = "{id}"\ntitle = "Choices"\nkind = "quiz"\npoints = 2\nflavour = "numpy"\n'
        'concepts = ["choices"]\n\n[quiz]\ndraw = 2\n'
    ),
    "statement.md": "Choose.\n",
    "items.toml": "".join(
        f'[[items]]\nid = "{name}"\nkind = "single"\nconcept = "choices"\nsource = "none"\n'
        f'text = "Which {name}?"\n'
        f'[[items.options]]\ntext = "yes"\nright = true\nwhy = "WHY-YES-{name}"\n'
        f'[[items.options]]\ntext = "no <b>"\nwhy = "WHY-NO-{name} <script>"\n\n'
        for name in ("one", "two")
    ),
}
FORM = {
    "fields": [
        {
            "id": name, "kind": "single", "text": f"Which {name}?", "points": 1.0,
            "options": [{"key": "aa", "text": "yes"}, {"key": "bb", "text": "no <b>"}],
        }
        for name in ("one", "two")
    ]
}  # fmt: skip


@pytest.fixture
def quiz(classroom: Classroom, tmp_path: Path) -> Item:
    write_exercise(tmp_path / "bank" / "third-unit" / "choices", QUIZ)
    report = catalog.sync(tmp_path / "bank")
    assert report.refused == {}
    plan = courses.Plan(title="Quiz", due_at=NOON + timedelta(days=1))
    exercises = [Exercise.objects.get(slug="choices")]
    made = courses.create_assignment(course=classroom.course, plan=plan, exercises=exercises)
    item = made.items.get()
    services.open_item(enrolment=classroom.ada, item=item, now=NOON)
    StudentItem.objects.filter(item=item).update(numbers={}, form=FORM, prepared_at=NOON)
    Job.objects.update(state=Job.State.DONE, ended_at=NOON)
    return item


@pytest.fixture
def answered(classroom: Classroom, quiz: Item) -> Submission:
    """The first question right, the second wrong."""
    parts = {"answers.json": '{"one": "aa", "two": "bb"}'}
    made = services.submit(enrolment=classroom.ada, item=quiz, parts=parts, now=NOON)
    steps = [
        StepResult(id="one", status=StepStatus.VALUE, given="aa", points=1.0, max_points=1.0,
                   message="WHY-YES-one"),
        StepResult(id="two", status=StepStatus.WRONG, given="bb", points=0.0, max_points=1.0,
                   message="WHY-NO-two"),
    ]  # fmt: skip
    verdict = sum_up("choices", quiz.version.digest, steps=steps)
    services.store_verdict(claimed(made), verdict, now=NOON)
    return made


def told(classroom: Classroom, submission: Submission, who: str = "ada") -> set[str]:
    """Which of the four explanations the verdict page holds."""
    client = Client()
    client.force_login(getattr(classroom, who).user)
    page = client.get(reverse("web:submission", args=[submission.pk])).content.decode()
    assert "<script>" not in page.split("<main")[1]
    every = {f"WHY-{a}-{q}" for a in ("YES", "NO") for q in ("one", "two")}
    return {why for why in every if why in page}


def test_before_the_deadline_a_wrong_answer_is_told_its_own_reason_alone(
    classroom: Classroom, answered: Submission
) -> None:
    assert told(classroom, answered) == {"WHY-YES-one", "WHY-NO-one", "WHY-NO-two"}


def test_after_the_deadline_every_option_is_explained(
    classroom: Classroom, answered: Submission
) -> None:
    Assignment.objects.update(due_at=NOON - timedelta(seconds=1))
    assert len(told(classroom, answered)) == 4


@pytest.mark.parametrize("level", ["category", "nothing"])
def test_what_an_assignment_hides_stays_hidden_after_the_deadline(
    classroom: Classroom, answered: Submission, level: str
) -> None:
    Assignment.objects.update(
        due_at=NOON - timedelta(seconds=1), reveal=level, reveal_after_due=level
    )
    assert told(classroom, answered) == set()


def test_an_exam_explains_only_when_it_is_over(classroom: Classroom, answered: Submission) -> None:
    Assignment.objects.update(reveal="nothing")
    assert told(classroom, answered) == set()
    Assignment.objects.update(due_at=NOON - timedelta(seconds=1))
    assert len(told(classroom, answered)) == 4


def test_staff_read_all_of_them_at_any_time(classroom: Classroom, answered: Submission) -> None:
    assert len(told(classroom, answered, "iris")) == 4


def test_a_question_of_another_version_keeps_what_the_verdict_said(
    classroom: Classroom, answered: Submission
) -> None:
    Assignment.objects.update(due_at=NOON - timedelta(seconds=1))
    other = {"fields": [f | {"options": [{"key": "bb", "text": "gone"}]} for f in FORM["fields"]]}
    StudentItem.objects.update(form=other)
    assert told(classroom, answered) == {"WHY-YES-one", "WHY-NO-two"}


def test_code_has_no_explanations(classroom: Classroom) -> None:
    assert catalog.quiz_explanations(classroom.item.version.digest) == {}
    assert catalog.quiz_explanations("sha256:" + "0" * 64) == {}
