"""Which submissions a run grades again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from gradus.catalog.models import Version
from gradus.courses.models import Enrolment, Item, Role
from gradus.gradebook.supposed import counting_submissions
from gradus.regrades.models import Run
from gradus.submissions.models import Finding, Job, Submission

_LEARNT_FROM = 50  # gradings, for the time that others will take
_OPEN = (Job.State.QUEUED, Job.State.RUNNING)
_GRADED_NOW = Exists(Job.objects.filter(submission=OuterRef("pk"), state__in=_OPEN))


@dataclass(frozen=True, slots=True)
class Target:
    """An item, and what its submissions are graded by."""

    item: Item  # with assignment, course and version
    version: Version
    thresholds: dict[str, list[list[float]]]


@dataclass(frozen=True, slots=True)
class Scope:
    kind: str
    check_id: str = ""
    students: tuple[int, ...] = ()  # enrolments
    submission_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    submissions: tuple[Submission, ...]
    being_graded: int  # left out: they have no verdict yet
    seconds: float | None  # about; none: nothing to learn from

    @property
    def students(self) -> int:
        return len({one.enrolment_id for one in self.submissions})


def plan(targets: Sequence[Target], scope: Scope, now: datetime) -> Plan:
    """A fixed number of queries."""
    items = [target.item for target in targets]
    wanted = _wanted(items, scope, now)
    rows = [
        row
        for row in _everything(items, scope)
        .annotate(graded_now=_GRADED_NOW)
        .select_related("student_item")
        .defer("parts", "student_item__form", "student_item__figure", "student_item__starter")
        .order_by("pk")
        if wanted is None or row.pk in wanted
    ]
    ready = tuple(row for row in rows if not vars(row)["graded_now"])
    return Plan(ready, len(rows) - len(ready), _seconds(items, len(ready)))


def count_missing(run: Run, now: datetime) -> int:
    """How many submissions fit the scope of a run and are not in it."""
    items, scope = [target.item for target in targets_of(run)], scope_of(run)
    wanted = _wanted(items, scope, now)
    missing = _everything(items, scope).exclude(_GRADED_NOW).exclude(regradings__run=run)
    ids = missing.values_list("pk", flat=True)
    return len(ids) if wanted is None else len(set(wanted).intersection(ids))


def _everything(items: Sequence[Item], scope: Scope) -> QuerySet[Submission]:
    rows = Submission.objects.graded().filter(
        item__in=items, enrolment__role=Role.STUDENT, enrolment__is_active=True
    )
    if scope.kind == Run.Scope.STUDENTS:
        return rows.filter(enrolment__in=scope.students)
    if scope.kind == Run.Scope.ONE:
        return rows.filter(pk=scope.submission_id or 0)
    return rows


def _wanted(items: Sequence[Item], scope: Scope, now: datetime) -> Collection[int] | None:
    """Submissions; none: all."""
    if scope.kind == Run.Scope.COUNTING:
        return set(counting_submissions(items, now))
    if scope.kind == Run.Scope.CHECK:
        return set(_failing(items, scope.check_id))
    if scope.kind == Run.Scope.FAULT:
        return set(_stopped(items))
    return None


def _failing(items: Collection[Item], name: str) -> QuerySet[Finding, int]:
    """Submissions that failed this check or step, or never came to it."""
    kinds = (Finding.Kind.CHECK, Finding.Kind.STEP)
    results = (Finding.Result.FAILED, Finding.Result.SKIPPED)
    found = Finding.objects.filter(item__in=items, name=name, kind__in=kinds, result__in=results)
    return found.values_list("verdict__submission", flat=True)


def _stopped(items: Collection[Item]) -> list[int]:
    """Submissions whose last grading a fault of ours ended."""
    jobs = Job.objects.filter(submission__mode=Submission.Mode.SUBMIT, submission__item__in=items)
    last = dict(jobs.order_by("pk").values_list("submission_id", "state"))
    return [pk for pk, state in last.items() if state == Job.State.ERROR and pk is not None]


def _seconds(items: Collection[Item], count: int) -> float | None:
    """As long as the last gradings of these items took, where nobody else submits."""
    times = Job.objects.filter(
        submission__item__in=items, submission__mode=Submission.Mode.SUBMIT, state=Job.State.DONE
    )
    return seconds_for(times.order_by("-pk"), count)


def seconds_for(done: QuerySet[Job], count: int) -> float | None:
    """About how long so many gradings take, if they are as the first of these were."""
    lately = [
        (ended - started) / timedelta(seconds=1)
        for started, ended in done.values_list("started_at", "ended_at")[:_LEARNT_FROM]
        if started is not None and ended is not None
    ]
    return median(lately) * count / settings.REGRADES_AT_ONCE if lately else None


def scope_of(run: Run) -> Scope:
    """Of a run that is there."""
    submission_id = None
    if run.scope == Run.Scope.ONE:
        submission_id = run.regradings.values_list("submission_id", flat=True).first()
    return Scope(run.scope, run.check_id, tuple(run.students), submission_id)


def targets_of(run: Run) -> list[Target]:
    related = ("item__assignment__course", "item__version", "version")
    rows = run.items.select_related(*related).order_by("item__order", "item")
    return [Target(row.item, row.version, row.thresholds) for row in rows]


def students_named(course_id: int, typed: Sequence[str]) -> tuple[list[Enrolment], list[str]]:
    """Students by user name, e-mail address or id number; and what names nobody."""
    students = Enrolment.objects.filter(course=course_id, role=Role.STUDENT, is_active=True)
    known: dict[str, list[Enrolment]] = {}
    for one in students.select_related("user"):
        for name in {one.user.username, one.user.email, one.id_number} - {""}:
            known.setdefault(name.casefold(), []).append(one)
    wanted = [known.get(name.casefold(), []) for name in typed]
    unknown = [name for name, found in zip(typed, wanted, strict=True) if len(found) != 1]
    return [found[0] for found in wanted if len(found) == 1], unknown
