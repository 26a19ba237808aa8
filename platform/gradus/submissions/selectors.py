"""What pages and API read about submissions. Everything shown has passed `redact`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from gradus.accounts.models import User
from gradus.courses.models import Assignment, Course, Enrolment, Item
from gradus.courses.selectors import extended_to
from gradus.lib import blobs
from gradus.submissions.joining import join
from gradus.submissions.models import (
    Artifact,
    Job,
    StudentItem,
    Submission,
    SubmissionQuerySet,
    Verdict,
)
from gradus.submissions.parts import CONSOLE_PART
from gradus.submissions.redact import RevealPolicy, Viewer, figures_shown, redact


class Phase(StrEnum):
    """Where a submission is."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING_FOR_GPU = "waiting-for-gpu"  # correctness is graded, speed waits for a worker
    TIMING_ON_GPU = "timing-on-gpu"
    DONE = "done"
    HELD = "held"  # graded or not: students are told with the release
    ERROR = "error"  # a fault of ours


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a person may know about a submission now."""

    submission: Submission
    phase: Phase
    tries: int  # of the job at work
    progress: dict[str, Any] | None  # redacted; position or checks so far
    verdict: dict[str, Any] | None  # redacted and joined
    points: Decimal | None  # of the item; none without a scored verdict
    graded_at: datetime | None

    @property
    def is_final(self) -> bool:
        """Nothing more will come by itself."""
        return self.phase in (Phase.DONE, Phase.HELD, Phase.ERROR)


@dataclass(frozen=True, slots=True)
class AttemptsLeft:
    """What still is possible for a student and an item."""

    used: int
    left: int | None  # none: no limit
    next_at: datetime | None  # cool-down; none: at once


def standing(submission: Submission, viewer: Enrolment, now: datetime) -> Standing:
    """The state of one submission, as this person may see it.

    No query when `submission` comes from `with_standing()`; else a few.
    """
    jobs = sorted(submission.jobs.all(), key=lambda job: job.pk)
    main = [job for job in jobs if job.selection != Job.Selection.SPEED]
    speed = [job for job in jobs if job.selection == Job.Selection.SPEED]
    latest = main[-1]
    timing = _timing(latest, speed)
    at_work = timing if timing is not None and _is_open(timing) else latest
    joined = _joined(latest, timing)
    role = Viewer.STAFF if viewer.is_staff else Viewer.STUDENT
    assignment = own_assignment(submission)
    if role is Viewer.STUDENT and assignment.is_held and _waits_for_release(submission, joined):
        return Standing(submission, Phase.HELD, at_work.tries, None, None, None, None)
    policy = reveal_policy(assignment)
    progress = at_work.progress if _is_open(at_work) else None
    return Standing(
        submission=submission,
        phase=_phase(latest, timing),
        tries=at_work.tries,
        progress=redact(progress, policy, role, now) if progress else None,
        verdict=redact(joined, policy, role, now) if joined else None,
        points=item_points(joined, submission.item) if joined else None,
        graded_at=latest.ended_at if joined else None,
    )


def _waits_for_release(submission: Submission, joined: Mapping[str, Any] | None) -> bool:
    """Runs are answered; so is what could not be graded, as its attempt is given back."""
    if submission.mode != Submission.Mode.SUBMIT:
        return False
    return joined is None or joined["status"] not in ("invalid", "error")


def own_assignment(submission: Submission) -> Assignment:
    """The assignment with the deadline of the student who submitted."""
    assignment = submission.item.assignment
    if "extended_to" in vars(submission):  # from `with_standing()`
        assignment.extended_to = vars(submission)["extended_to"]
    else:
        assignment.extended_to = extended_to(submission.enrolment, assignment)
    return assignment


def reveal_policy(assignment: Assignment) -> RevealPolicy:
    closes_at = assignment.window.closes_at
    return RevealPolicy(assignment.reveal, assignment.reveal_after_due, closes_at)


def item_points(verdict: dict[str, Any], item: Item) -> Decimal | None:
    """The verdict's share of the automatic points of the item; None where it does not score."""
    if verdict["status"] in ("error", "invalid") or not verdict["max_points"]:
        return None
    share = Decimal(repr(verdict["points"])) / Decimal(repr(verdict["max_points"]))
    return (share * item.automatic_points).quantize(Decimal("0.001"))


def joined_verdict(submission: Submission) -> tuple[dict[str, Any] | None, bool]:
    """The verdict that counts now, unredacted, and whether a part of it is still to come."""
    jobs = list(submission.jobs.select_related("verdict").order_by("pk"))
    main = [job for job in jobs if job.selection != Job.Selection.SPEED]
    speed = [job for job in jobs if job.selection == Job.Selection.SPEED]
    if not main:
        return None, False
    timing = _timing(main[-1], speed)
    return _joined(main[-1], timing), timing is not None and _is_open(timing)


def history(enrolment: Enrolment, item: Item, *, most: int = 50) -> QuerySet[Submission]:
    """A student's submissions for an item, newest first; Runs left out."""
    mine = Submission.objects.graded().filter(enrolment=enrolment, item=item)
    return mine.with_standing().order_by("-pk")[:most]


def last_code(enrolment: Enrolment, item: Item) -> Submission | None:
    """The newest file that was sent in any way: submitted, run, or called."""
    sent = Submission.objects.filter(enrolment=enrolment, item=item, parts__has_key="solution.py")
    return sent.order_by("-pk").first()


def last_run(enrolment: Enrolment, item: Item) -> Submission | None:
    runs = Submission.objects.filter(
        enrolment=enrolment, item=item, mode=Submission.Mode.RUN
    ).with_standing()
    return runs.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class ConsoleCall:
    """One call of the console and its answer, if there is one yet."""

    submission: Submission
    typed: str
    output: str
    value: str
    is_open: bool
    is_fault: bool  # ours


def console_calls(enrolment: Enrolment, item: Item, *, most: int = 10) -> list[ConsoleCall]:
    """A student's latest calls for an item, oldest first. Two queries."""
    mine = Submission.objects.filter(
        enrolment=enrolment, item=item, mode=Submission.Mode.CONSOLE
    ).prefetch_related("jobs")
    return [_console_call(found) for found in reversed(mine.order_by("-pk")[:most])]


def console_call(user: User, submission_id: int) -> ConsoleCall | None:
    """One of this person's own calls."""
    mine = Enrolment.objects.filter(user=user, is_active=True)
    found = (
        Submission.objects.filter(
            pk=submission_id, enrolment__in=mine, mode=Submission.Mode.CONSOLE
        )
        .prefetch_related("jobs")
        .first()
    )
    return None if found is None else _console_call(found)


def _console_call(submission: Submission) -> ConsoleCall:
    (job,) = submission.jobs.all()
    said = job.said or {}
    return ConsoleCall(
        submission=submission,
        typed=submission.parts[CONSOLE_PART],
        output=said.get("output", ""),
        value=said.get("value", ""),
        is_open=_is_open(job),
        is_fault=job.state == Job.State.ERROR,
    )


def practice_sheet(enrolment: Enrolment, item: Item) -> StudentItem | None:
    """The practice sheet drawn last."""
    mine = StudentItem.objects.filter(enrolment=enrolment, item=item, practice__gt=0)
    return mine.order_by("-practice").first()


def last_practice(sheet: StudentItem) -> Submission | None:
    """The latest answers that were sent for a practice sheet."""
    return sheet.submissions.with_standing().order_by("-pk").first()


def course_submissions(course: Course) -> SubmissionQuerySet:
    """Everybody's submissions in a course, for its staff (paginate it)."""
    return Submission.objects.graded().filter(item__assignment__course=course)


def chosen_submissions(
    course: Course, *, item: int | None = None, enrolment: int | None = None
) -> QuerySet[Submission]:
    """The same with their standing, newest first, of one item or one student."""
    found = course_submissions(course).with_standing().order_by("-pk")
    if item is not None:
        found = found.filter(item=item)
    return found if enrolment is None else found.filter(enrolment=enrolment)


def attempts_left(enrolment: Enrolment, item: Item, now: datetime) -> AttemptsLeft:
    """One query."""
    counted = Q(mode=Submission.Mode.SUBMIT, given_back=False)
    found = Submission.objects.filter(counted, enrolment=enrolment, item=item).aggregate(
        used=Count("pk"), last=Max("received_at")
    )
    used, last = found["used"], found["last"]
    next_at = last + timedelta(seconds=item.cooldown_seconds) if last else None
    return AttemptsLeft(
        used=used,
        left=None if item.max_attempts is None else max(0, item.max_attempts - used),
        next_at=next_at if next_at is not None and next_at > now else None,
    )


def attempts_used(enrolments: Iterable[Enrolment]) -> dict[int, int]:
    """Counted attempts by item id, of one person's enrolments. One query."""
    counted = Submission.objects.graded().filter(enrolment__in=list(enrolments), given_back=False)
    return dict(counted.order_by("item").values_list("item").annotate(Count("pk")))


def queue_position(submission: Submission) -> int | None:
    """1 = next in its lane; None when it does not wait. By age: fair order may differ."""
    job = submission.jobs.filter(state=Job.State.QUEUED).order_by("pk").first()
    if job is None:
        return None
    earlier = Job.objects.filter(state=Job.State.QUEUED, lane=job.lane, pk__lt=job.pk)
    return earlier.count() + 1


def faulty_jobs(course: Course) -> QuerySet[Job]:
    """Jobs that ended by a fault of ours, newest first, for staff."""
    mine = Q(submission__item__assignment__course=course)
    mine |= Q(student_item__item__assignment__course=course)
    return Job.objects.filter(mine, state=Job.State.ERROR).order_by("-pk")


def figure(submission: Submission, sha256: str, viewer: Enrolment, now: datetime) -> bytes | None:
    """Figure data that the redacted verdict refers to; None for any other hash."""
    shown = standing(submission, viewer, now).verdict
    if shown is None or sha256 not in figures_shown(shown):
        return None
    if not Artifact.objects.filter(job__submission=submission, sha256=sha256).exists():
        return None
    return blobs.get(blobs.FIGURES, sha256)


def _timing(latest: Job, speed: list[Job]) -> Job | None:
    """The speed job of this grading; one of an earlier grading says nothing about it."""
    return next((job for job in reversed(speed) if job.pk > latest.pk), None)


def _joined(latest: Job, timing: Job | None) -> dict[str, Any] | None:
    first, second = _verdict(latest), _verdict(timing) if timing is not None else None
    if first is None:
        return None
    return join(first.body, second.body if second is not None else None)


def _verdict(job: Job) -> Verdict | None:
    return getattr(job, "verdict", None)


def _is_open(job: Job) -> bool:
    return job.state in (Job.State.QUEUED, Job.State.RUNNING)


def _phase(latest: Job, timing: Job | None) -> Phase:
    if timing is not None and _is_open(timing):
        running = timing.state == Job.State.RUNNING
        return Phase.TIMING_ON_GPU if running else Phase.WAITING_FOR_GPU
    return {
        Job.State.QUEUED.value: Phase.QUEUED,
        Job.State.RUNNING.value: Phase.RUNNING,
        Job.State.DONE.value: Phase.DONE,
        Job.State.ERROR.value: Phase.ERROR,
    }[latest.state]
