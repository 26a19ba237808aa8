"""Applying a run: one transaction, what was looked at is what is done, and nothing is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from grader.verdict import Status
from gradus.accounts.models import Letter
from gradus.audit.models import Entry
from gradus.catalog.models import Version
from gradus.courses.models import Assignment
from gradus.gradebook.exports.checks import check_table
from gradus.gradebook.grid import make_grid
from gradus.gradebook.history import history_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override, undo
from gradus.regrades import services
from gradus.regrades.errors import PreviewChanged, RegradeRefused
from gradus.regrades.models import Run
from gradus.regrades.preview import Kind
from gradus.submissions import services as submissions
from gradus.submissions.models import Job, StudentItem, Submission, Verdict
from gradus.submissions.selectors import standing
from tests.gradus.regrades.conftest import Desk
from tests.people import NOON, verdict_data

pytestmark = pytest.mark.django_db


def test_a_raised_mark_is_an_event_with_old_new_who_and_why(desk: Desk) -> None:
    sent = desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    seen = desk.apply(run)
    assert seen.raised == 1
    event = GradeEvent.objects.get(source="regrade")
    assert event.old_points == 5
    assert event.points == 8
    assert event.max_points == 10
    assert (event.actor, event.reason) == (desk.classroom.iris.user, "A check was wrong.")
    assert event.regrading.run == run
    assert desk.mark() == 8
    shown = standing(Submission.objects.get(pk=sent.pk), desk.classroom.ada, NOON)
    assert shown.points == 8
    assert run.state == Run.State.APPLIED


def test_the_student_is_told_once_and_only_where_the_mark_changed(desk: Desk) -> None:
    desk.graded(5)
    desk.graded(4)
    desk.graded(7, desk.classroom.ben)
    run = desk.start()
    desk.grade(run, 8, 9, 7)
    desk.apply(run)
    letter = Letter.objects.get()
    assert letter.user == desk.classroom.ada.user
    assert "A check was wrong." in letter.text
    assert letter.path == f"/items/{desk.item.pk}/"


def test_students_of_a_held_assignment_are_told_with_the_release(desk: Desk) -> None:
    desk.graded(5)
    Assignment.objects.update(holds_feedback=True)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    assert not Letter.objects.exists()


def test_a_mark_is_lowered_only_where_it_was_chosen(desk: Desk) -> None:
    desk.graded(8)
    desk.graded(8, desk.classroom.ben)
    run = desk.start()
    desk.grade(run, 5, 5)
    seen = desk.preview(run)
    assert (seen.count(Kind.LOWERED), seen.lowered) == (2, [])
    desk.lower(run, [(desk.classroom.ben.pk, desk.item.pk)])
    desk.apply(run)
    assert (desk.mark(), desk.mark(desk.classroom.ben)) == (8, 5)
    ada = Verdict.objects.get(submission__enrolment=desk.classroom.ada)
    assert ada.points == 8  # what is shown stays too


def test_all_lower_marks_can_be_chosen_and_kept_again(desk: Desk) -> None:
    desk.graded(8)
    run = desk.start()
    desk.grade(run, 5)
    desk.lower(run)
    assert len(desk.preview(run).lowered) == 1
    iris = desk.classroom.iris.user
    with pytest.raises(RegradeRefused, match="keep all"):
        services.choose_lower(run=run, marks=[(1, 1)], may_lower=False, actor=iris)
    services.choose_lower(run=run, marks=None, may_lower=False, actor=iris)
    assert desk.preview(run).lowered == []


def test_the_best_of_all_regraded_submissions_decides(desk: Desk) -> None:
    desk.graded(8)
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 2, 9)  # the best falls, another rises above it
    (row,) = desk.preview(run).rows
    assert row.kind is Kind.RAISED
    desk.apply(run)
    assert desk.mark() == 9


def test_overrides_survive_and_are_listed(desk: Desk) -> None:
    desk.graded(5)
    item = desk.item
    seen = history_of(desk.classroom.ada, item, NOON).seen
    override(
        student=desk.classroom.ada, item=item, points=Decimal(6), reason="why",
        actor=desk.classroom.iris.user, seen=seen, now=NOON,
    )  # fmt: skip
    Letter.objects.all().delete()
    run = desk.start()
    desk.grade(run, 8)
    before = desk.preview(run)
    assert before.by_hand == 1
    assert (before.rows[0].old, before.rows[0].new) == (before.rows[0].new, before.rows[0].old)
    desk.apply(run)
    assert desk.mark() == 6
    assert not Letter.objects.exists()  # no mark changed
    seen = history_of(desk.classroom.ada, item, NOON).seen
    undo(student=desk.classroom.ada, item=item, actor=desk.classroom.iris.user, seen=seen, now=NOON)
    assert desk.mark() == 8  # what is beneath was regraded


def test_lateness_stays_that_of_the_reception(desk: Desk) -> None:
    Assignment.objects.update(late_percent=Decimal(50), due_at=NOON - timedelta(hours=1))
    Assignment.objects.update(late_until=NOON + timedelta(days=3))
    desk.graded(4)
    assert desk.mark() == 2
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    assert desk.mark() == 4


def test_a_run_that_still_grades_is_not_applied_unless_it_is_stopped(desk: Desk) -> None:
    desk.graded(5)
    desk.graded(5, desk.classroom.ben)
    run = desk.start()
    desk.grade(run, 9)
    with pytest.raises(RegradeRefused, match="still grading"):
        desk.apply(run)
    services.stop(run=run, actor=desk.classroom.iris.user, now=NOON)
    desk.apply(run)
    assert (desk.mark(), desk.mark(desk.classroom.ben)) == (9, 5)
    assert not Job.everything.filter(state="queued").exclude(regrade="paused").exists()


@pytest.mark.parametrize("status", [Status.ERROR, Status.INVALID])
def test_what_could_not_be_graded_again_changes_nothing(desk: Desk, status: Status) -> None:
    sent = desk.graded(5)
    run = desk.start()
    desk.grade(run, status)
    (row,) = desk.preview(run).rows
    assert row.kind is Kind.FAILED
    assert row.results[0].failure
    desk.apply(run)
    assert desk.mark() == 5
    assert sent.jobs.count() == 1


@pytest.mark.parametrize("status", [Status.ERROR, Status.INVALID])
def test_a_speed_part_that_could_not_be_timed_again_changes_nothing(
    desk: Desk, status: Status
) -> None:
    desk.graded(10)
    desk.graded(3, desk.classroom.ben)
    Version.objects.update(has_gpu_part=True)
    run = desk.start()
    desk.grade_correctness(2)  # more points than ben had, less than ada
    desk.grade_speed(status, status)
    rows = desk.preview(run).rows
    assert [row.kind for row in rows] == [Kind.FAILED, Kind.FAILED]
    assert all("trace of the fault" in row.results[0].failure for row in rows)
    desk.lower(run)
    desk.apply(run)
    assert (desk.mark(), desk.mark(desk.classroom.ben)) == (10, 3)


def test_numbers_that_do_not_fit_are_named(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    job = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert job is not None
    assert job.submission is not None
    data = verdict_data(job.submission, status=Status.ERROR)
    trace = "The stored numbers are a; this version draws b.\n...IncompatibleNumbers: The stored"
    submissions.store_verdict(job, replace(data, message=trace), now=NOON, final=True)
    (row,) = desk.preview(run).rows
    expected = "Incompatible numbers: The stored numbers are a; this version draws b."
    assert row.results[0].failure == expected


def test_what_was_looked_at_is_what_is_applied(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    stamp = desk.preview(run).stamp
    desk.graded(6)  # the mark moved meanwhile
    with pytest.raises(PreviewChanged):
        services.apply(
            run=run, actor=desk.classroom.iris.user, stamp=stamp, typed="", move_items=False,
            now=NOON,
        )  # fmt: skip
    assert desk.mark() == 6
    assert run.is_open


def test_a_run_is_applied_once(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    with pytest.raises(RegradeRefused, match="not open"):
        desk.apply(run)
    assert GradeEvent.objects.filter(source="regrade").count() == 1


def test_applying_moves_the_pinned_version_where_asked_and_reversing_moves_it_back(
    desk: Desk,
) -> None:
    desk.graded(5)
    old, newer = desk.item.version, desk.newer()
    run = desk.start(version=newer)
    desk.grade(run, 8)
    desk.apply(run, move_items=True)
    assert desk.item.version == newer
    assert desk.item.points == 10
    desk.reverse(run)
    assert desk.item.version == old


def test_pages_with_numbers_are_prepared_anew_for_the_version_that_an_item_moves_to(
    desk: Desk,
) -> None:
    mine = submissions.open_item(enrolment=desk.classroom.ada, item=desk.item, now=NOON)
    mine.numbers = {"a": 3}
    mine.save()
    desk.graded(5)
    run = desk.start(version=desk.newer())
    desk.grade(run, 8)
    for moves in (lambda: desk.apply(run, move_items=True), lambda: desk.reverse(run)):
        StudentItem.objects.update(prepared_at=NOON)
        moves()
        mine.refresh_from_db()
        assert (mine.is_prepared, mine.numbers) == (False, {"a": 3})


def test_moving_the_pinned_version_and_moving_it_back_are_recorded(desk: Desk) -> None:
    desk.graded(5)
    old, newer = desk.item.version.digest, desk.newer()
    run = desk.start(version=newer)
    desk.grade(run, 8)
    desk.apply(run, move_items=True)
    desk.reverse(run)
    moves = [entry.changes for entry in Entry.objects.filter(action="item.pinned").order_by("pk")]
    assert moves == [{"version": [old, newer.digest]}, {"version": [newer.digest, old]}]


def test_the_sheet_of_checks_follows_the_verdict_that_counts(desk: Desk) -> None:
    def row() -> list[float]:
        grid = make_grid(desk.classroom.course, NOON)
        return [float(one or 0) for one in check_table(grid, desk.classroom.assignment.pk).rows[0]]

    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    assert row() == [5, 0]
    desk.apply(run)
    assert row() == [5, 3]
    desk.reverse(run)
    assert row() == [5, 0]


def test_an_item_that_was_hidden_meanwhile_can_still_be_applied(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    Assignment.objects.update(is_published=False)
    desk.apply(run)
    Assignment.objects.update(is_published=True)
    assert desk.mark() == 8


def test_acts_are_recorded_in_the_course(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    desk.reverse(run)
    actions = [entry.action for entry in Entry.objects.filter(about__startswith=f"Run {run.pk}:")]
    assert actions == ["regrade.started", "regrade.applied", "regrade.reversed"]
