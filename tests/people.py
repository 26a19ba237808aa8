"""The people and the course of every test.

ada and ben are students, tess is an assistant, iris the owner, otto observes, olga is a stranger.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from grader.verdict import CheckResult, CheckStatus, Status, StepResult, StepStatus, sum_up
from grader.verdict import Verdict as VerdictData
from gradus.accounts.models import User
from gradus.accounts.services import create_token, token_of
from gradus.catalog import services as catalog
from gradus.catalog.models import Exercise
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role
from gradus.submissions import services
from gradus.submissions.models import Job, StudentItem, Submission, Verdict

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"

_CODE = {
    "exercise.toml": """
id = "{id}"
title = "Doubling"
kind = "code"
points = 10
flavour = "numpy"
concepts = ["doubling"]
""",
    "statement.md": "# Doubling\n\nReturn $2x$.\n",
    "starter.py": "def double(x):\n    raise NotImplementedError\n",
    "solution.py": "def double(x):\n    return 2 * x\n",
    "checks.py": (
        "from grader.authoring import check, equal\n\n\n"
        '@check("Doubles a number", points=10, visible=True)\n'
        "def doubles(student, reference, draw):\n"
        "    x = draw.integers(1, 9)\n"
        "    equal(student.double(x), reference.double(x))\n"
    ),
}
_SHEET = {
    "exercise.toml": """
id = "{id}"
title = "A sum by hand"
kind = "by-hand"
points = 3
flavour = "numpy"
concepts = ["sums"]
""",
    "statement.md": "Add ${{{{ a }}}}$ and ${{{{ b }}}}$.\n",
    "problem.py": (
        "from grader.authoring import mistake, step\n\n\n"
        "def draw(rng):\n"
        '    return {{"a": rng.integers(2, 9), "b": rng.integers(2, 9)}}\n\n\n'
        'steps = [step("sum", lambda n, a: n.a + n.b, label="Sum", latex="a + b", points=3)]\n'
        'mistakes = [mistake("minus", "Subtracted.", hint="Add.", sum=lambda n, a: n.a - n.b)]\n'
    ),
}


@dataclass(frozen=True, slots=True)
class Classroom:
    """One course with everybody in it, one assignment with a code and a by-hand item."""

    course: Course
    assignment: Assignment
    item: Item  # code, two attempts
    sheet: Item  # by hand: numbers are drawn
    ada: Enrolment
    ben: Enrolment
    tess: Enrolment
    iris: Enrolment
    otto: Enrolment
    olga: User

    def token(self, enrolment: Enrolment) -> str:
        return create_token(user=enrolment.user, name="test")[1]


def make_classroom() -> Classroom:
    with tempfile.TemporaryDirectory() as folder:
        catalog.sync(write_bank(Path(folder) / "exercises"))
    iris = person("iris", may_teach=True)
    course = courses.create_course(owner=iris, title="Deep learning", term="Spring")
    roles = {
        "ada": Role.STUDENT, "ben": Role.STUDENT, "tess": Role.ASSISTANT, "otto": Role.OBSERVER,
    }  # fmt: skip
    people = {
        name: courses.enrol(course=course, user=person(name), role=role)
        for name, role in roles.items()
    }
    assignment = courses.create_assignment(
        course=course,
        plan=courses.Plan(title="First steps", due_at=NOON + timedelta(days=7)),
        exercises=list(Exercise.objects.order_by("slug")),
        max_attempts=2,
    )
    by_slug = {item.exercise.slug: item for item in assignment.items.select_related("exercise")}
    return Classroom(
        course=course,
        assignment=assignment,
        item=by_slug["doubling"],
        sheet=by_slug["sum-by-hand"],
        iris=course.enrolments.get(user=iris),
        olga=person("olga"),
        **people,
    )


def owner_of(token: str, now: datetime) -> User | None:
    """Whose token this text is; None where it opens nothing."""
    found = token_of(token, now=now)
    return found.user if found is not None else None


def person(name: str, **fields: Any) -> User:
    return User.objects.create_user(name, f"{name}@example.org", PASSWORD, **fields)


def write_bank(root: Path) -> Path:
    """A bank of two exercises: doubling (code) and sum-by-hand."""
    write_exercise(root / "first-unit" / "doubling", _CODE)
    write_exercise(root / "second-unit" / "sum-by-hand", _SHEET)
    return root


def write_exercise(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text.format(id=folder.name))


def hand_in(
    classroom: Classroom,
    source: str = "def double(x):\n    return x + x\n",
    *,
    enrolment: Enrolment | None = None,
    item: Item | None = None,
    now: datetime = NOON,
    run: bool = False,
    key: str = "",
) -> Submission:
    receive = services.run_visible if run else services.submit
    return receive(
        enrolment=enrolment or classroom.ada,
        item=item or classroom.item,
        parts={"solution.py": source},
        now=now,
        idempotency_key=key,
    )


def claimed(submission: Submission, *, now: datetime = NOON) -> Job:
    """Its newest job, as a worker holds it."""
    job = submission.jobs.latest("pk")
    held = services.claim_next(job.lane, now=now)
    assert held is not None
    assert held.pk == job.pk
    return held


def verdict_data(
    submission: Submission, points: float = 10.0, *, status: Status | None = None, **changes: Any
) -> VerdictData:
    """A verdict with one visible and one hidden check of five points each."""
    left = points
    checks = []
    for name, visible in (("doubles", True), ("hidden_one", False)):
        got = min(left, 5.0)
        left -= got
        state = CheckStatus.PASSED if got == 5.0 else CheckStatus.FAILED
        checks.append(
            CheckResult(
                id=name, title=f"Check {name}", status=state, points=got, max_points=5.0,
                visible=visible, message="" if got == 5.0 else f"why {name} failed",
            )
        )  # fmt: skip
    version = submission.item.version
    if status in (Status.INVALID, Status.ERROR):
        return VerdictData(
            exercise=submission.item.exercise.slug, version=version.digest, status=status,
            points=0.0, max_points=10.0, message="trace of the fault",
        )  # fmt: skip
    return sum_up(submission.item.exercise.slug, version.digest, checks=checks, **changes)


def sheet_verdict(submission: Submission) -> VerdictData:
    step = StepResult(
        id="sum", status=StepStatus.WRONG, given="1", points=0.0, max_points=3.0,
        mistake="minus", message="It is 7.",
    )  # fmt: skip
    return sum_up("sum-by-hand", submission.item.version.digest, steps=[step])


def graded(
    classroom: Classroom, points: float = 10.0, *, now: datetime = NOON, **hand_in_fields: Any
) -> Verdict:
    """A submission with its verdict stored."""
    submission = hand_in(classroom, now=now, **hand_in_fields)
    job = claimed(submission, now=now)
    verdict = services.store_verdict(job, verdict_data(submission, points), now=now)
    assert verdict is not None
    return verdict


def prepared(classroom: Classroom, enrolment: Enrolment | None = None) -> StudentItem:
    """The by-hand item with its numbers drawn."""
    mine = services.open_item(enrolment=enrolment or classroom.ada, item=classroom.sheet, now=NOON)
    StudentItem.objects.filter(pk=mine.pk).update(
        numbers={"a": 3, "b": 4}, form={"fields": []}, prepared_at=NOON
    )
    mine.jobs.update(state=Job.State.DONE, ended_at=NOON)
    mine.refresh_from_db()
    return mine


def new_token() -> str:
    return str(uuid4())
