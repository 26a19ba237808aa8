"""Applying a run, and taking it back: one transaction each, and nothing is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.verdict import Status
from gradus.accounts.models import Letter
from gradus.audit.models import Entry
from gradus.catalog.models import Version
from gradus.courses.models import Assignment, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.exports.checks import check_table
from gradus.gradebook.grid import make_grid
from gradus.gradebook.history import history_of
from gradus.gradebook.marks import student_marks
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override, undo
from gradus.regrades import services
from gradus.regrades.errors import PreviewChanged, RegradeRefused
from gradus.regrades.models import Run
from gradus.regrades.preview import Kind
from gradus.submissions import services as submissions
from gradus.submissions.models import Finding, Job, StudentItem, Submission, Verdict
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


def test_statistics_follow_the_verdict_that_counts(desk: Desk) -> None:
    sent = desk.graded(5)
    first = sent.verdicts.get()
    run = desk.start()
    desk.grade(run, 10)
    assert Finding.objects.get().verdict == first
    desk.apply(run)
    assert not Finding.objects.exists()  # nothing fails any more
    call_command("note_findings", verbosity=0)
    assert not Finding.objects.exists()  # what was replaced stays replaced
    desk.reverse(run)
    assert Finding.objects.get().verdict == first


def findings() -> list[tuple[int, str]]:
    return list(Finding.objects.order_by("verdict", "pk").values_list("verdict", "name"))


def test_taking_a_run_back_restores_what_correctness_and_speed_found(desk: Desk) -> None:
    Version.objects.update(has_gpu_part=True)
    sent = desk.sent_with_speed(5)
    correctness, speed = sent.verdicts.order_by("pk")
    before = findings()
    assert before == [(correctness.pk, "sum"), (speed.pk, "hidden_one")]
    run = desk.start()
    desk.grade_correctness(1)
    desk.grade_speed(10)
    desk.apply(run)
    assert [name for _, name in findings()] == ["sum"]
    desk.reverse(run)
    assert findings() == before


def test_what_correctness_and_speed_found_stays_replaced_by_a_run_without_speed(
    desk: Desk,
) -> None:
    Version.objects.update(has_gpu_part=True)
    desk.sent_with_speed(5)
    Version.objects.update(has_gpu_part=False)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    replaced = findings()
    assert [name for _, name in replaced] == ["hidden_one"]
    call_command("note_findings", verbosity=0)
    assert findings() == replaced


def test_what_was_found_in_one_job_stays_replaced_by_a_run_with_speed(desk: Desk) -> None:
    desk.graded(5)
    Version.objects.update(has_gpu_part=True)
    run = desk.start()
    desk.grade_correctness(1)
    desk.grade_speed(8)
    desk.apply(run)
    replaced = findings()
    assert [name for _, name in replaced] == ["sum", "hidden_one"]
    call_command("note_findings", verbosity=0)
    assert findings() == replaced


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


def test_a_version_that_moved_on_since_is_left_alone(desk: Desk) -> None:
    desk.graded(5)
    newer = desk.newer()
    run = desk.start(version=newer)
    desk.grade(run, 8)
    desk.apply(run, move_items=True)
    newest = newer
    newest.pk, newest.digest = None, "sha256:" + "d" * 64
    newest.save()
    Item.objects.filter(pk=desk.item.pk).update(version=newest)
    desk.reverse(run)
    assert desk.item.version == newest


def test_reversing_restores_and_edits_nothing(desk: Desk) -> None:
    sent = desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    assert desk.reverse(run) == 1
    assert desk.mark() == 5
    assert [e.source for e in GradeEvent.objects.order_by("pk")] == [
        "verdict",
        "regrade",
        "reverse",
    ]
    shown = standing(Submission.objects.get(pk=sent.pk), desk.classroom.ada, NOON)
    assert shown.points == 5
    assert gradebook.sweep(now=NOON) == 0
    with pytest.raises(RegradeRefused, match="Only a run that is applied"):
        desk.reverse(run)
    assert Letter.objects.count() == 2


def test_taking_a_run_back_tells_only_those_whose_mark_changes_by_it(desk: Desk) -> None:
    desk.graded(8)
    desk.graded(5)
    desk.graded(5, desk.classroom.ben)
    run = desk.start()
    desk.grade(run, 8, 6, 9)  # the best of ada's stays
    desk.apply(run)
    Letter.objects.all().delete()
    desk.reverse(run)
    assert [letter.user for letter in Letter.objects.all()] == [desk.classroom.ben.user]


def test_who_has_a_mark_set_by_hand_is_not_told_of_a_run_that_is_taken_back(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    override(
        student=desk.classroom.ada, item=desk.item, points=Decimal(6), reason="why",
        actor=desk.classroom.iris.user, now=NOON,
        seen=history_of(desk.classroom.ada, desk.item, NOON).seen,
    )  # fmt: skip
    Letter.objects.all().delete()
    desk.reverse(run)
    assert not Letter.objects.exists()


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


def test_a_later_run_over_the_same_result_is_taken_back_first(desk: Desk) -> None:
    desk.graded(5)
    first = desk.start()
    desk.grade(first, 7)
    desk.apply(first)
    second = desk.start()
    desk.grade(second, 9)
    desk.apply(second)
    with pytest.raises(RegradeRefused, match=f"Run {second.pk} regraded the same"):
        desk.reverse(first)
    assert desk.mark() == 9
    desk.reverse(second)
    assert desk.mark() == 7
    desk.reverse(first)
    assert desk.mark() == 5


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


def points() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 2.5, 5.0, 7.5, 10.0])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    counting=st.sampled_from(["best", "latest", "average"]),
    first=st.tuples(points(), points()),
    second=st.tuples(points(), points()),
    by_hand=st.none() | points(),
    lowers=st.booleans(),
    late=st.booleans(),
)
@example(counting="best", first=(7.5, 5.0), second=(5.0, 7.5), by_hand=None, lowers=True, late=True)
@example(
    counting="average", first=(10.0, 0.0), second=(0.0, 5.0), by_hand=2.5, lowers=False, late=False
)
def test_properties_of_applying_and_reversing(
    desk: Desk,
    counting: str,
    first: tuple[float, float],
    second: tuple[float, float],
    by_hand: float | None,
    lowers: bool,
    late: bool,
) -> None:
    with transaction.atomic():
        _check(desk, counting, first, second, by_hand, lowers=lowers, late=late)
        transaction.set_rollback(True)


def _check(
    desk: Desk,
    counting: str,
    first: tuple[float, float],
    second: tuple[float, float],
    by_hand: float | None,
    *,
    lowers: bool,
    late: bool,
) -> None:
    Assignment.objects.update(counting=counting, late_percent=Decimal(25))
    if late:
        Assignment.objects.update(
            due_at=NOON - timedelta(hours=1), late_until=NOON + timedelta(days=2)
        )
    desk.classroom.assignment.refresh_from_db()
    for one in first:
        desk.graded(one)
    ada, item = desk.classroom.ada, desk.item
    if by_hand is not None:
        seen = history_of(ada, item, NOON).seen
        override(
            student=ada, item=item, points=Decimal(by_hand), reason="why",
            actor=desk.classroom.iris.user, seen=seen, now=NOON,
        )  # fmt: skip
    before = student_marks([ada], NOON)[ada.pk].grades.get(item.pk)
    run = desk.start()
    desk.grade(run, *second)
    if lowers:
        desk.lower(run)
    (row,) = desk.preview(run).rows
    desk.apply(run)
    after = student_marks([ada], NOON)[ada.pk].grades.get(item.pk)
    assert before is not None
    assert after is not None
    if row.is_applied:  # what was shown is what there is
        assert after == row.new
    else:
        assert after == before
    if by_hand is not None:
        assert after == before
    if not lowers:
        assert after.points >= before.points
    desk.reverse(run)
    assert student_marks([ada], NOON)[ada.pk].grades.get(item.pk) == before
