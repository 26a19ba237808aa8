"""The demo term: whole, repeatable, apart from real people, and gone without a trace."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from gradus.accounts.models import User
from gradus.catalog import services as catalog
from gradus.courses import services as courses
from gradus.courses.models import Allowance, Course, Enrolment, Role
from gradus.gradebook.grid import State, make_grid
from gradus.gradebook.models import GradeEvent
from gradus.ops import demo
from gradus.ops.term import big, people, samples
from gradus.ops.term import demo as term
from gradus.ops.term.habits import Habits, draw_habits, efforts
from gradus.ops.term.samples import Drawing, Picture, Sample, Samples
from gradus.ops.term.sampling import unexplained
from gradus.questions.models import Question
from gradus.submissions.findings.models import Finding
from gradus.submissions.models import Artifact, Job, Submission, Verdict
from tests.people import person

pytestmark = pytest.mark.django_db
STUDENTS = 60


def verdict(exercise: str, points: float, most: float, status: str) -> dict[str, Any]:
    got = "passed" if points == most else "failed"
    check = {
        "id": "doubles", "title": "Doubles a number", "status": got, "visible": True,
        "reveal": "full", "points": points, "max_points": most, "message": "", "figures": [],
    }  # fmt: skip
    return {
        "schema": 1, "exercise": exercise, "version": "sha256:0", "status": status,
        "points": points, "max_points": most, "checks": [check], "steps": [], "performance": [],
        "usage": {"seconds": 0.2, "cpu_seconds": 0.1, "peak_bytes": 1}, "environment": {},
    }  # fmt: skip


@pytest.fixture
def stock() -> Samples:
    """Graded work for the exercises of the small bank."""
    picture = Picture("a" * 64, "error", "application/json", "{}")
    found = Samples()
    for points, status in ((10.0, "passed"), (0.0, "failed"), (0.0, "invalid")):
        body = verdict("doubling", points, 10.0, status)
        shown = () if points else (picture,)
        parts = {"solution.py": f"x = {points}\n"}
        found.graded["doubling"].append(Sample("doubling", status, None, parts, body, shown))
    found.drawings["sum-by-hand"].append(Drawing({"a": 3, "b": 4}, {"fields": []}, None, None))
    for points, status in ((3.0, "passed"), (0.0, "failed")):
        body = verdict("sum-by-hand", points, 3.0, status)
        parts = {"answers.json": '{"sum": "7"}'}
        found.graded["sum-by-hand"].append(Sample("sum-by-hand", status, 0, parts, body))
    return found


@pytest.fixture
def make(bank: Path, tmp_path: Path, stock: Samples) -> Callable[..., Course]:
    catalog.sync(bank)
    demo.make_demo(tmp_path)

    def made(students: int = STUDENTS) -> Course:
        return term.make(
            owner=User.objects.get(username="iris"), student=User.objects.get(username="ada"),
            students=students, now=timezone.now(), tell=lambda line: None, stock=stock,
        )  # fmt: skip

    return made


def test_everybody_is_there_with_sections_and_roles(make: Callable[..., Course]) -> None:
    course = make()
    students = course.enrolments.filter(role=Role.STUDENT)
    assert students.count() == STUDENTS
    assert students.filter(user__username="ada", is_active=True).exists()
    assert course.sections.count() == STUDENTS // 15
    roles = set(course.enrolments.values_list("role", flat=True))
    assert roles == set(Role.values)


def test_submissions_are_whole_and_counted_once(make: Callable[..., Course]) -> None:
    course = make()
    rows = Submission.objects.filter(item__assignment__course=course)
    assert rows.count() > STUDENTS
    assert Job.objects.filter(state=Job.State.DONE).count() == rows.count()
    assert Verdict.objects.count() == rows.count()
    assert rows.filter(given_back=True).count() == Verdict.objects.filter(status="invalid").count()
    assert Artifact.objects.count() == Verdict.objects.filter(status__in=["failed", "invalid"],
        submission__item__exercise__slug="doubling").count()  # fmt: skip
    failed = Verdict.objects.filter(findings__result="failed").distinct()
    assert set(failed) == set(Verdict.objects.filter(status__in=["partial", "failed"]))
    assert Finding.objects.count() == Verdict.objects.filter(status="failed").count()
    scored = Verdict.objects.exclude(status="invalid")
    events = GradeEvent.objects.filter(source=GradeEvent.Source.VERDICT)
    assert set(events.values_list("verdict", flat=True)) == set(scored.values_list("pk", flat=True))


def test_nothing_comes_before_it_opens_after_it_closes_or_from_the_future(
    make: Callable[..., Course],
) -> None:
    make()
    known = Submission.objects.select_related("item__assignment__course")
    for submission in known:
        window = submission.item.assignment.window
        assert window.opens_at is not None
        assert window.closes_at is not None
        assert window.opens_at <= submission.received_at <= min(window.closes_at, timezone.now())


def test_marks_stories_and_questions_are_there(make: Callable[..., Course]) -> None:
    course = make()
    states = {mark.state for row in make_grid(course, timezone.now()).rows for mark in row.marks}
    assert {State.GRADED, State.MISSING, State.CHANGED} <= states
    assert set(Allowance.objects.values_list("kind", flat=True)) == {"extension", "excuse"}
    assert Question.objects.exists()


def test_a_second_call_changes_nothing_and_another_size_is_refused(
    make: Callable[..., Course],
) -> None:
    course, before = make(), Submission.objects.count()
    assert make() == course
    assert Submission.objects.count() == before
    with pytest.raises(term.DemoRefused, match="there already, with 60 students"):
        make(61)


@pytest.mark.parametrize("students", [0, -1, term.MOST_STUDENTS + 1])
def test_a_size_out_of_range_is_refused(make: Callable[..., Course], students: int) -> None:
    with pytest.raises(term.DemoRefused, match="1 to 5,000 students"):
        make(students)


def test_nobody_of_the_demo_can_log_in_or_gets_mail(make: Callable[..., Course]) -> None:
    make()
    for user in people.everybody():
        assert not user.has_usable_password()
        assert not user.wants_mail


def test_removal_leaves_every_table_as_it_was(make: Callable[..., Course]) -> None:
    def counts() -> dict[str, int]:
        return {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models(include_auto_created=True)
        }

    before = counts()
    make()
    assert counts() != before
    term.remove(lambda line: None)
    assert counts() == before


def test_removal_spares_a_demo_with_real_people_in_it(make: Callable[..., Course]) -> None:
    course = make()
    courses.enrol(course=course, user=person("olga"), role=Role.STUDENT)
    with pytest.raises(term.DemoRefused, match="1 of those in the demo term belong to no demo"):
        term.remove(lambda line: None)
    assert Course.objects.filter(pk=course.pk).exists()


def test_removal_keeps_who_is_in_another_course_too(make: Callable[..., Course]) -> None:
    make()
    student = people.everybody().first()
    assert student is not None
    other = courses.create_course(owner=person("olga", may_teach=True), title="Real")
    kept = courses.enrol(course=other, user=student, role=Role.STUDENT)
    term.remove(lambda line: None)
    assert Enrolment.objects.filter(pk=kept.pk).exists()
    assert people.everybody().get() == student


def test_removing_what_is_not_there_says_so() -> None:
    with pytest.raises(CommandError, match="There is no demo term"):
        call_command("demo", "--remove", stdout=StringIO())


def test_real_people_are_asked_for_a_typed_word() -> None:
    person("olga")
    for typed in ("", "yes", "Demo"):
        with pytest.raises(CommandError, match="Nothing was made"):
            call_command(
                "demo", "--students=5", f"--confirm={typed}", stdout=StringIO(), stderr=StringIO()
            )
    assert not Course.objects.exists()


def test_the_large_site_is_never_made_among_people() -> None:
    person("olga")
    with pytest.raises(CommandError, match="There are people in this database"):
        call_command("seed_big", stdout=StringIO())


def test_the_large_site_has_the_size_that_is_asked_for(bank: Path) -> None:
    catalog.sync(bank)
    size = big.Size(
        courses=3, students=20, submissions=60, largest_students=10, largest_items=20, teachers=2
    )
    told: list[str] = []
    big.make(size, timezone.now(), told.append)
    first = Course.objects.get(title="Course 1")
    assert Course.objects.count() == len(told) == 3
    assert first.enrolments.filter(role=Role.STUDENT).count() == 10
    assert people.everybody().count() == 22


def test_an_exercise_without_samples_is_left_alone() -> None:
    window = (timezone.now() - timedelta(days=7), timezone.now())
    assert efforts(Habits(1.0, 1.0), 1, [], window, random.Random(1)) == []


def test_samples_survive_the_file(stock: Samples, tmp_path: Path) -> None:
    file = tmp_path / "samples.json.gz"
    samples.write(stock, file)
    found = samples.read(file)
    assert (found.drawings, found.graded) == (stock.drawings, stock.graded)
    first = file.read_bytes()
    samples.write(found, file)
    assert file.read_bytes() == first


def test_the_kept_samples_fit_the_schema_of_verdicts() -> None:
    from grader.verdict import from_json, to_dict

    found = samples.read()
    assert found.of("no-such-exercise", None) == []
    assert len(found.graded) >= 40
    for slug, of in found.graded.items():
        assert max(sample.share for sample in of) == 1.0, f"nothing right for {slug}"
        assert min(sample.share for sample in of) < 1.0, f"nothing wrong for {slug}"
        for sample in of:
            assert to_dict(from_json(sample.verdict)) == sample.verdict
            assert (sample.drawing is None) == (not found.drawings.get(slug))


def test_no_student_writes_down_what_the_mistake_is() -> None:
    told = '"""The sign is wrong."""\n\nimport numpy as np\n\nx = 1  # kept\n'
    assert unexplained(told) == "import numpy as np\n\nx = 1  # kept\n"
    assert unexplained("x = 1\n") == "x = 1\n"
    for of in samples.read().graded.values():
        wrong = [one.parts for one in of if one.name.startswith("wrong/")]
        assert all(unexplained(parts["solution.py"]) == parts["solution.py"] for parts in wrong)


def test_the_better_the_student_the_better_the_work(stock: Samples) -> None:
    rng = random.Random(3)
    window = (timezone.now() - timedelta(days=7), timezone.now())

    def mean(ability: float) -> float:
        made = [
            efforts(Habits(ability, 1.0), 3, stock.of("doubling", None), window, rng)
            for _ in range(300)
        ]
        return sum(max(one.sample.share for one in tried) for tried in made if tried) / len(made)

    assert mean(-1.5) + 0.1 < mean(0.0) < mean(1.5) - 0.02


def test_habits_stay_in_range() -> None:
    rng = random.Random(4)
    drawn = [draw_habits(rng) for _ in range(500)]
    assert all(0 <= one.diligence <= 1 for one in drawn)
