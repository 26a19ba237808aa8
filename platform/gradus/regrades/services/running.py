"""Start a run, stop it, go on, throw it away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Course
from gradus.courses.services.assignments import refuse_bad_thresholds
from gradus.lib import queue
from gradus.questions.models import Question
from gradus.regrades.errors import RegradeRefused
from gradus.regrades.models import Regrading, Run, RunItem
from gradus.regrades.scope import Scope, Target, plan, scope_of, targets_of
from gradus.regrades.services.noting import note
from gradus.submissions.models import Job, Submission

log = structlog.get_logger(__name__)

MOST_REASON = 2_000  # characters
_AT_ONCE = 500  # rows of one INSERT


@transaction.atomic
def start(
    *,
    course: Course,
    targets: Sequence[Target],
    scope: Scope,
    reason: str,
    actor: User,
    now: datetime,
    question: Question | None = None,
) -> Run:
    """Queue a grading of each submission in scope. Raises: RegradeRefused."""
    reason = reason.strip()
    if not reason:
        raise RegradeRefused(_("Say why: students whose mark changes read it."))
    if len(reason) > MOST_REASON:
        raise RegradeRefused(
            _("The reason may have at most {most} characters.").format(most=f"{MOST_REASON:,}")
        )
    refuse_unusable(course, targets)
    run = Run.objects.create(
        course=course, scope=scope.kind, check_id=scope.check_id, students=list(scope.students),
        question=question, reason=reason, started_by=actor, started_at=now,
    )  # fmt: skip
    _hold(run, targets)
    planned = plan(targets, scope, now)
    if not planned.submissions:
        raise RegradeRefused(_("No submission fits, so there is nothing to grade again."))
    _queue(run, targets, planned.submissions, now)
    note(Action.REGRADE_STARTED, run, actor, jobs=len(planned.submissions), reason=reason)
    log.info("regrade started", run_id=run.pk, user_id=actor.pk, jobs=len(planned.submissions))
    return run


def refuse_unusable(course: Course, targets: Sequence[Target]) -> None:
    """Raises: RegradeRefused."""
    if course.is_archived:
        raise RegradeRefused(_("The course is archived and can no longer be changed."))
    if not targets:
        raise RegradeRefused(_("Choose what to grade again."))
    for target in targets:
        if target.item.assignment.course_id != course.pk:
            raise RegradeRefused(_("This exercise belongs to another course."))
        if target.version.exercise_id != target.item.exercise_id:
            raise RegradeRefused(_("This version belongs to another exercise."))
        timed = target.version.manifest.get("performance", {})
        known = {
            name: [(value, share) for value, share in pairs]
            for name, pairs in target.thresholds.items()
            if name in timed
        }
        try:
            refuse_bad_thresholds(target.version, known)
        except CourseRefused as refusal:
            raise RegradeRefused(refusal.message) from refusal


def _hold(run: Run, targets: Sequence[Target]) -> None:
    """Claim the items: a mark is regraded by one run at a time."""
    for target in targets:
        try:
            with transaction.atomic():
                RunItem.objects.create(
                    run=run, item=target.item, version=target.version,
                    thresholds=target.thresholds,
                )  # fmt: skip
        except IntegrityError as error:
            raise RegradeRefused(
                _("{exercise} is being regraded already. Apply or discard that run first.").format(
                    exercise=target.item.version.title
                )
            ) from error


def _queue(
    run: Run, targets: Sequence[Target], submissions: Sequence[Submission], now: datetime
) -> None:
    """A row and a job for each; none for whom the version cannot be graded at all."""
    by_item = {target.item.pk: target for target in targets}
    seeds = _seeds(submissions)
    rows, jobs = [], []
    for one in submissions:
        target = by_item[one.item_id]
        fits = _has_numbers(one, target)
        hindrance = Regrading.Hindrance.NONE if fits else Regrading.Hindrance.NUMBERS
        rows.append(Regrading(run=run, submission=one, hindrance=hindrance))
        if fits:
            jobs.append(_job(run, one, target, seeds[one.pk], now))
    Regrading.objects.bulk_create(rows, batch_size=_AT_ONCE)
    Job.objects.bulk_create(jobs, batch_size=_AT_ONCE)
    queue.wake_lane(Job.Lane.CPU)


def _job(run: Run, submission: Submission, target: Target, seed: bytes, now: datetime) -> Job:
    parts = Job.Selection.CORRECTNESS if target.version.has_gpu_part else Job.Selection.ALL
    return Job(
        submission=submission,
        lane=Job.Lane.CPU,
        selection=parts,
        fair_key=run.fair_key,
        seed=seed,
        regrade=Job.Regrade.HELD,
        version=target.version,
        thresholds=target.thresholds,
        created_at=now,
        not_before=now,
    )


def _seeds(submissions: Sequence[Submission]) -> dict[int, bytes]:
    """Of the first grading of each."""
    found: dict[int, bytes] = {}
    for start_at in range(0, len(submissions), _AT_ONCE):
        ids = [one.pk for one in submissions[start_at : start_at + _AT_ONCE]]
        jobs = Job.objects.filter(submission__in=ids).order_by(
            "-pk"
        )  # the first one is written last
        found |= {pk: bytes(seed) for pk, seed in jobs.values_list("submission_id", "seed") if pk}
    return found


def _has_numbers(submission: Submission, target: Target) -> bool:
    """They are never drawn again, so where there are none a version that needs some is no use."""
    if not target.version.is_personal:
        return True
    own = submission.student_item
    return (
        own is not None
        and own.is_prepared
        and (own.numbers is not None or target.version.pk == target.item.version_id)
    )


@transaction.atomic
def stop(*, run: Run, actor: User, now: datetime) -> None:
    """Begin no further grading; what runs now comes to its end. Raises: RegradeRefused."""
    _to(run, Run.State.GRADING, Run.State.STOPPED)
    open_jobs(run).update(regrade=Job.Regrade.PAUSED)
    note(Action.REGRADE_STOPPED, run, actor)
    log.info("regrade stopped", run_id=run.pk, user_id=actor.pk)


@transaction.atomic
def resume(*, run: Run, actor: User, now: datetime) -> None:
    """Go on where it was stopped. Raises: RegradeRefused."""
    _to(run, Run.State.STOPPED, Run.State.GRADING)
    open_jobs(run).update(regrade=Job.Regrade.HELD)
    for lane in (Job.Lane.CPU, Job.Lane.GPU):
        queue.wake_lane(lane)
    note(Action.REGRADE_RESUMED, run, actor)
    log.info("regrade resumed", run_id=run.pk, user_id=actor.pk)


@transaction.atomic
def discard(*, run: Run, actor: User, now: datetime) -> None:
    """End a run without applying it; its verdicts stay apart for ever. Raises: RegradeRefused."""
    locked = locked_run(run)
    if not locked.is_open:
        raise RegradeRefused(_("This run is not open any more."))
    open_jobs(run).update(regrade=Job.Regrade.PAUSED)
    run.items.update(is_open=False)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DISCARDED, ended_by=actor, ended_at=now)
    run.refresh_from_db()
    note(Action.REGRADE_DISCARDED, run, actor)
    log.info("regrade discarded", run_id=run.pk, user_id=actor.pk)


@transaction.atomic
def take_in_new(*, run: Run, actor: User, now: datetime) -> int:
    """Grade again also what was handed in since the start; how many. Raises: RegradeRefused."""
    locked = locked_run(run)
    if locked.state != Run.State.GRADING:
        raise RegradeRefused(_("This run grades no more."))
    known = set(locked.regradings.values_list("submission_id", flat=True))
    planned = plan(targets_of(locked), scope_of(locked), now)
    fresh = [one for one in planned.submissions if one.pk not in known]
    if fresh:
        _queue(locked, targets_of(locked), fresh, now)
    note(Action.REGRADE_EXTENDED, locked, actor, jobs=len(fresh))
    log.info("regrade extended", run_id=run.pk, user_id=actor.pk, jobs=len(fresh))
    return len(fresh)


@transaction.atomic
def choose_lower(
    *, run: Run, marks: Collection[tuple[int, int]] | None, may_lower: bool, actor: User
) -> None:
    """Choose whether marks, by enrolment and item, may become lower; None: all of the run.

    Raises: RegradeRefused.
    """
    locked = locked_run(run)
    if not locked.is_open:
        raise RegradeRefused(_("This run is not open any more."))
    if marks is None:
        Run.objects.filter(pk=run.pk).update(lowers=may_lower)
        run.regradings.update(may_lower=False)
    else:
        if locked.lowers and not may_lower:
            raise RegradeRefused(_("All lower marks are chosen. Choose “keep all” first."))
        of_marks = Q(pk__in=[])
        for enrolment_id, item_id in marks:
            of_marks |= Q(submission__enrolment=enrolment_id, submission__item=item_id)
        run.regradings.filter(of_marks).update(may_lower=may_lower)
    run.refresh_from_db()
    chosen: int | str = "all" if marks is None else len(marks)
    note(Action.REGRADE_CHOSEN, run, actor, marks=chosen, lower=may_lower)


def locked_run(run: Run) -> Run:
    """As it is now; nobody else changes it before the end of the transaction."""
    return Run.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)


def _to(run: Run, state: str, new: str) -> None:
    """Of two people at once, one is told."""
    if not Run.objects.filter(pk=run.pk, state=state).update(state=new):
        run.refresh_from_db()
        raise RegradeRefused(
            _("This run is in another state: {state}.").format(state=run.get_state_display())
        )
    run.refresh_from_db()


def open_jobs(run: Run) -> QuerySet[Job]:
    return Job.everything.filter(
        fair_key=run.fair_key, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )
