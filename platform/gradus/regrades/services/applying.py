"""Let the verdicts of a run count, and take that back: each one transaction, nothing is edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.urls import reverse as address
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.accounts import letters
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.catalog.models import Version
from gradus.courses import services as courses
from gradus.courses.models import Enrolment, Item
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import student_marks
from gradus.gradebook.models import GradeEvent
from gradus.regrades.errors import PreviewChanged, RegradeRefused
from gradus.regrades.models import Regrading, Run
from gradus.regrades.preview import Preview, Row, preview
from gradus.regrades.results import gradings
from gradus.regrades.services.noting import note
from gradus.regrades.services.running import locked_run, open_jobs
from gradus.submissions.findings.services import replace as replace_findings
from gradus.submissions.models import Job, Verdict
from gradus.submissions.services import prepare_anew

log = structlog.get_logger(__name__)

_AT_ONCE = 500  # rows of one statement


@transaction.atomic
def apply(
    *, run: Run, actor: User, stamp: str, typed: str, move_items: bool, now: datetime
) -> Preview:
    """Make what the preview with this stamp said true. `move_items`: later work is graded alike.

    `typed` says that marks may become lower, in the words of the preview.

    Raises: RegradeRefused: it is not open, or still grading, or the words are missing;
        PreviewChanged.
    """
    locked = locked_run(run)
    _refuse_unready(locked)
    submitters = Enrolment.objects.filter(submissions__regradings__run=run).distinct()
    ids = sorted(submitters.values_list("pk", flat=True))
    list(Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    seen = preview(locked, now)
    if seen.stamp != stamp:
        raise PreviewChanged
    _refuse_unsaid(seen, typed)
    rows = [row for row in seen.rows if row.is_applied]
    _add_events(locked, rows, actor, now)
    changed = [one for row in rows for one in row.changed]
    _count(locked, [one.submission.pk for one in changed], Job.Regrade.APPLIED)
    _exchange(old=_ids(one.replaced for one in changed), new=_ids(one.verdicts for one in changed))
    if move_items:
        _move_items(locked)
    locked.items.update(is_open=False)
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.APPLIED, moved_items=move_items, applied_by=actor, applied_at=now
    )
    told = [(row.enrolment, row.item) for row in rows if _points(row.old) != _points(row.new)]
    _tell(told, locked.reason, now)
    facts = {"results": len(changed), "lowered marks": len(seen.lowered), "moved": move_items}
    note(Action.REGRADE_APPLIED, locked, actor, **facts)
    run.refresh_from_db()
    log.info("regrade applied", run_id=run.pk, user_id=actor.pk, events=len(changed))
    return seen


def _refuse_unready(run: Run) -> None:
    if not run.is_open:
        raise RegradeRefused(_("This run is not open any more."))
    if run.course.is_archived:
        raise RegradeRefused(_("The course is archived and can no longer be changed."))
    if run.state == Run.State.GRADING and open_jobs(run).exists():
        raise RegradeRefused(_("The run is still grading. Wait for its end, or stop it."))


def _refuse_unsaid(seen: Preview, typed: str) -> None:
    count, words = len(seen.lowered), seen.lowering_words
    if count and " ".join(typed.split()).casefold() != words.casefold():
        said = ngettext(
            "Type “{words}” if {count} mark should become lower.",
            "Type “{words}” if {count} marks should become lower.",
            count,
        )
        raise RegradeRefused(said.format(words=words, count=count))


def _add_events(run: Run, rows: Sequence[Row], actor: User, now: datetime) -> None:
    """One for each submission with other points."""
    pairs = [(one, row) for row in rows for one in row.changed]
    events = GradeEvent.objects.bulk_create(
        [
            GradeEvent(
                enrolment=row.enrolment, item=row.item, submission_id=one.submission.pk,
                source=GradeEvent.Source.REGRADE, verdict_id=one.verdicts[-1],
                points=one.new, old_points=one.old, max_points=row.item.automatic_points,
                actor=actor, reason=run.reason, created_at=now,
            )
            for one, row in pairs
        ],
        batch_size=_AT_ONCE,
    )  # fmt: skip
    regradings = []
    for pair, event in zip(pairs, events, strict=True):
        regrading = pair[0].regrading
        regrading.event = event
        regradings.append(regrading)
    Regrading.objects.bulk_update(regradings, ["event"], batch_size=_AT_ONCE)


def _count(run: Run, submissions: Sequence[int], state: str) -> None:
    """Let the jobs of these submissions count, or not."""
    for start in range(0, len(submissions), _AT_ONCE):
        part = submissions[start : start + _AT_ONCE]
        jobs = Job.everything.filter(fair_key=run.fair_key, submission__in=part)
        jobs.update(regrade=state)


def _exchange(*, old: Sequence[int], new: Sequence[int]) -> None:
    """Statistics follow."""
    for start in range(0, len(old) + len(new), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        verdicts = Verdict.everything.filter(pk__in=new[part]).select_related("submission")
        replace_findings(old[part], verdicts)


def _ids(found: Iterable[Iterable[int]]) -> list[int]:
    return [pk for of in found for pk in of]


def _move_items(run: Run) -> None:
    """What is handed in from now on is graded as the run did it; points stay."""
    for one in run.items.select_related("item", "version").order_by("item"):
        item = courses.locked_item(one.item)
        one.old_version_id, one.old_thresholds = item.version_id, item.thresholds
        one.save(update_fields=["old_version", "old_thresholds"])
        _move(item, one.version, one.thresholds)


@transaction.atomic
def reverse(*, run: Run, actor: User, now: datetime) -> int:
    """Restore what was before the run; how many results that were.

    Raises: RegradeRefused: it is not applied, or a later run changed the same results.
    """
    locked = locked_run(run)
    if locked.state != Run.State.APPLIED:
        raise RegradeRefused(_("Only a run that is applied can be taken back."))
    if locked.course.is_archived:
        raise RegradeRefused(_("The course is archived and can no longer be changed."))
    done = list(
        locked.regradings.filter(event__isnull=False)
        .select_related("event__item__assignment", "event__item__version", "event__enrolment__user")
        .order_by("pk")
    )
    _refuse_overtaken(locked, done)
    events = [one.event for one in done if one.event is not None]
    marks = {(event.enrolment_id, event.item_id): event for event in events}
    students = list({event.enrolment_id: event.enrolment for event in marks.values()}.values())
    before = student_marks(students, now, for_staff=True)
    GradeEvent.objects.bulk_create(
        [_reversal(event, actor, now) for event in events], batch_size=_AT_ONCE
    )
    _restore_verdicts(locked, done)
    if locked.moved_items:
        _move_back(locked)
    Run.objects.filter(pk=run.pk).update(state=Run.State.REVERSED, ended_by=actor, ended_at=now)
    after = student_marks(students, now, for_staff=True)
    told = [
        (event.enrolment, event.item)
        for (pk, item_id), event in marks.items()
        if _points(before[pk].grades.get(item_id)) != _points(after[pk].grades.get(item_id))
    ]
    _tell(told, _("A regrade was taken back."), now)
    note(Action.REGRADE_REVERSED, locked, actor, results=len(events))
    run.refresh_from_db()
    log.info("regrade reversed", run_id=run.pk, user_id=actor.pk, events=len(events))
    return len(events)


def _points(grade: Grade | None) -> Decimal | None:
    return None if grade is None else grade.points


def _reversal(event: GradeEvent, actor: User, now: datetime) -> GradeEvent:
    return GradeEvent(
        enrolment_id=event.enrolment_id, item_id=event.item_id, submission_id=event.submission_id,
        source=GradeEvent.Source.REVERSE, undoes=event, points=event.old_points,
        old_points=event.points, max_points=event.max_points, actor=actor,
        reason="Taken back.", created_at=now,
    )  # fmt: skip


def _refuse_overtaken(run: Run, done: Sequence[Regrading]) -> None:
    """Of two runs over the same result, the later one is taken back first."""
    mine = {one.submission_id for one in done}
    last = max((one.event_id or 0 for one in done), default=0)
    later = Regrading.objects.filter(
        run__course=run.course_id, event__gt=last, event__undone_by__isnull=True
    ).exclude(run=run)
    for submission_id, run_id in later.values_list("submission_id", "run_id"):
        if submission_id in mine:
            raise RegradeRefused(
                _(
                    "Run {run} regraded the same submissions later. Take that one back first."
                ).format(run=run_id)
            )


def _restore_verdicts(run: Run, done: Sequence[Regrading]) -> None:
    submissions = [one.submission_id for one in done]
    jobs = Job.everything.filter(fair_key=run.fair_key, regrade=Job.Regrade.APPLIED)
    gone = _ids([[pk] for pk in jobs.values_list("verdict__pk", flat=True) if pk])
    _count(run, submissions, Job.Regrade.HELD)
    back: list[int] = []
    for start in range(0, len(submissions), _AT_ONCE):
        part = submissions[start : start + _AT_ONCE]
        last = gradings(Job.objects.filter(submission__in=part))
        back += [one.verdict_id for of in last.values() for one in of if one.verdict_id]
    _exchange(old=gone, new=back)


def _move_back(run: Run) -> None:
    """Where nobody has moved the item since."""
    moved = run.items.filter(old_version__isnull=False).order_by("item")
    for one in moved.select_related("item", "old_version"):
        item = courses.locked_item(one.item)
        if (item.version_id, item.thresholds) == (one.version_id, one.thresholds):
            assert one.old_version is not None
            _move(item, one.old_version, one.old_thresholds)


def _move(item: Item, version: Version, thresholds: Any) -> None:
    is_other = version.pk != item.version_id
    courses.pin(item=item, version=version, thresholds=thresholds)
    if is_other:
        prepare_anew([item.pk])


def _tell(whom: Iterable[tuple[Enrolment, Item]], reason: str, now: datetime) -> None:
    """Mail that a mark changed, without the mark: it stands on the page, for its owner alone."""
    by_item: dict[int, list[User]] = defaultdict(list)
    items: dict[int, Item] = {}
    for student, item in whom:
        if not item.assignment.is_held and student.is_active:  # else told with the release
            by_item[item.pk].append(student.user)
            items[item.pk] = item
    for pk, users in by_item.items():
        title = items[pk].version.title
        letters.write_to_all(
            users=users,
            subject=_("Your mark for {title} was changed").format(title=title),
            text=_(
                "Submissions for “{title}” were graded again, and your mark changed.\n\n{reason}"
            ).format(title=title, reason=reason),
            path=address("web:item", args=[pk]),
            now=now,
        )
