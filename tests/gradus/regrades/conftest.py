"""Submissions that are graded, and a worker that grades a run by rules of the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from grader.verdict import CheckStatus, Environment, Status, StepResult, StepStatus
from grader.verdict import Verdict as VerdictData
from gradus.catalog.models import Version
from gradus.courses.models import Enrolment, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.selectors import grades
from gradus.regrades import services
from gradus.regrades.models import Run
from gradus.regrades.preview import Preview, preview
from gradus.regrades.scope import Scope, Target
from gradus.submissions import services as submissions
from gradus.submissions.models import Job, Submission
from tests.people import NOON, Classroom, graded, hand_in, verdict_data

MACHINE = Environment(engine="1", cpu="a")


@dataclass
class Desk:
    """What staff does, in few words."""

    classroom: Classroom

    @property
    def item(self) -> Item:
        return Item.objects.select_related("assignment__course", "version").get(
            pk=self.classroom.item.pk
        )

    def target(self, version: Version | None = None) -> Target:
        item = self.item
        return Target(item, version or item.version, item.thresholds)

    def newer(self) -> Version:
        """A version of the exercise that nobody is pinned to."""
        old = self.item.version
        fields = {f.name: getattr(old, f.name) for f in Version._meta.fields if f.name != "id"}
        return Version.objects.create(**{**fields, "digest": "sha256:" + "e" * 64})

    def graded(self, points: float, student: Enrolment | None = None) -> Submission:
        verdict = graded(self.classroom, points, enrolment=student or self.classroom.ada)
        gradebook.record_verdict(verdict.pk, now=NOON)
        return verdict.submission

    def sent_with_speed(self, points: float) -> Submission:
        """Graded by two jobs; a step went wrong, and the hidden check is timed on a GPU."""
        sent = hand_in(self.classroom, item=self.item)
        self.grade_correctness(1)
        self.grade_speed(points)
        for verdict in sent.verdicts.order_by("pk"):
            gradebook.record_verdict(verdict.pk, now=NOON)
        return sent

    def grade_correctness(self, count: int) -> None:
        for _ in range(count):
            job = submissions.claim_next(Job.Lane.CPU, now=NOON)
            assert job is not None
            submissions.store_verdict(job, untimed(job), now=NOON, final=True)

    def grade_speed(self, *points: float | Status) -> None:
        for one in points:
            job = submissions.claim_next(Job.Lane.GPU, now=NOON)
            assert job is not None
            store(job, one)

    def start(self, kind: str = Run.Scope.ALL, version: Version | None = None, **scope: Any) -> Run:
        return services.start(
            course=self.classroom.course, targets=[self.target(version)],
            scope=Scope(kind, **scope), reason="A check was wrong.",
            actor=self.classroom.iris.user, now=NOON,
        )  # fmt: skip

    def grade(self, run: Run, *points: float | Status) -> None:
        """Grade the jobs of a run in the order of their submissions."""
        for one in points:
            job = submissions.claim_next(Job.Lane.CPU, now=NOON)
            assert job is not None
            assert job.fair_key == run.fair_key
            store(job, one)

    def preview(self, run: Run) -> Preview:
        run.refresh_from_db()
        return preview(run, NOON)

    def apply(self, run: Run, *, move_items: bool = False) -> Preview:
        seen = self.preview(run)
        return services.apply(
            run=run, actor=self.classroom.iris.user, stamp=seen.stamp, typed=seen.lowering_words,
            move_items=move_items, now=NOON,
        )  # fmt: skip

    def reverse(self, run: Run) -> int:
        return services.reverse(run=run, actor=self.classroom.iris.user, now=NOON)

    def lower(self, run: Run, marks: Sequence[tuple[int, int]] | None = None) -> None:
        services.choose_lower(run=run, marks=marks, may_lower=True, actor=self.classroom.iris.user)

    def mark(self, student: Enrolment | None = None) -> float | None:
        own = grades([student or self.classroom.ada], NOON).get(self.classroom.item.pk)
        return float(own.points) if own else None


def store(job: Job, points: float | Status, **changes: Any) -> None:
    assert job.submission is not None
    data: VerdictData
    if isinstance(points, Status):
        data = verdict_data(job.submission, status=points)
    else:
        data = verdict_data(job.submission, points, **changes)
    submissions.store_verdict(job, data, now=NOON, final=True)


def untimed(job: Job) -> VerdictData:
    """Of a job that has no GPU: the visible check passed, a step went wrong."""
    assert job.submission is not None
    passed = verdict_data(job.submission, 5)
    seen, timed = passed.checks
    pending = replace(timed, status=CheckStatus.PENDING, message="")
    wrong = StepResult(id="sum", status=StepStatus.WRONG, given="1", points=0.0, max_points=0.0)
    return replace(passed, checks=(seen, pending), steps=(wrong,))


@pytest.fixture
def desk(classroom: Classroom) -> Desk:
    return Desk(classroom)


Hand = Callable[..., Submission]
