"""What pages read about runs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from gradus.courses.models import Course, Item
from gradus.regrades.models import Regrading, Run
from gradus.regrades.scope import seconds_for
from gradus.submissions.models import Finding, Job

_OPEN = Q(state__in=[Job.State.QUEUED, Job.State.RUNNING])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the grading of a run is; counted in submissions."""

    total: int
    done: int
    running: int
    faults: int
    seconds_left: float | None  # about; none: nothing to learn from yet

    @property
    def is_over(self) -> bool:
        return self.done >= self.total


def runs_of(course: Course) -> QuerySet[Run]:
    """Newest first."""
    rows = Run.objects.filter(course=course).select_related("started_by", "applied_by")
    counted = Count("regradings", distinct=True)
    return rows.annotate(size=counted).prefetch_related("items__item__version").order_by("-pk")


def one(run_id: int) -> Run | None:
    related = ("course", "question", "started_by", "applied_by", "ended_by")
    return Run.objects.select_related(*related).filter(pk=run_id).first()


def progress(run: Run) -> Progress:
    """Four queries."""
    total = run.regradings.count()
    jobs = Job.everything.filter(fair_key=run.fair_key)
    waiting = jobs.filter(_OPEN).values("submission").distinct().count()
    counts = jobs.aggregate(
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        faults=Count("pk", filter=Q(state=Job.State.ERROR)),
    )
    done = jobs.filter(state=Job.State.DONE, lane=Job.Lane.CPU).order_by("-ended_at")
    left = seconds_for(done, waiting)
    return Progress(total, total - waiting, counts["running"], counts["faults"], left)


def checks_that_failed(items: list[Item]) -> list[str]:
    """Names of the checks and steps that somebody failed in these items."""
    kinds = (Finding.Kind.CHECK, Finding.Kind.STEP)
    found = Finding.objects.filter(item__in=items, kind__in=kinds).order_by("name")
    return list(found.values_list("name", flat=True).distinct())


def applied(run: Run) -> QuerySet[Regrading]:
    """What a run changed, with its events."""
    related = ("event__enrolment__user", "event__item__version", "submission")
    rows = run.regradings.filter(event__isnull=False).select_related(*related)
    return rows.defer("submission__parts").order_by("pk")
