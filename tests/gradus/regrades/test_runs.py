"""Starting, stopping and grading a run: nothing that anybody sees changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from grader.verdict import Status
from gradus.courses import services as courses
from gradus.courses.models import Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.grid import State, make_grid
from gradus.gradebook.models import GradeEvent
from gradus.regrades import services
from gradus.regrades.errors import RegradeRefused
from gradus.regrades.models import Regrading, Run, RunItem
from gradus.regrades.scope import Scope, Target, plan, students_named
from gradus.regrades.services.running import open_jobs
from gradus.submissions import grading
from gradus.submissions import services as submissions
from gradus.submissions.models import Finding, Job, Submission, Verdict
from gradus.submissions.selectors import Phase, attempts_left, queue_position, standing
from tests.gradus.regrades.conftest import Desk, store
from tests.people import NOON, Classroom, hand_in, person, prepared

pytestmark = pytest.mark.django_db


def test_a_regrade_uses_the_seed_and_numbers_of_the_first_grading(desk: Desk) -> None:
    sent = desk.graded(5)
    newer = desk.newer()
    run = desk.start(version=newer)
    job = Job.everything.get(fair_key=run.fair_key)
    assert bytes(job.seed) == bytes(sent.jobs.get().seed)
    request, parts = grading.request_for(job)
    assert request.version == newer.digest
    assert parts.keys() == sent.parts.keys()
    assert job.lane == Job.Lane.CPU


def test_nothing_that_anybody_sees_changes_before_applying(desk: Desk) -> None:
    sent = desk.graded(5)
    before = standing(Submission.objects.get(pk=sent.pk), desk.classroom.ada, NOON)
    run = desk.start()
    waiting = standing(Submission.objects.get(pk=sent.pk), desk.classroom.ada, NOON)
    assert (waiting.phase, waiting.verdict) == (Phase.DONE, before.verdict)
    assert queue_position(sent) is None
    desk.grade(run, 10)
    after = standing(Submission.objects.get(pk=sent.pk), desk.classroom.iris, NOON)
    assert after.points == 5
    assert gradebook.sweep(now=NOON) == 0
    held = Verdict.everything.get(job__fair_key=run.fair_key)
    assert gradebook.record_verdict(held.pk, now=NOON) is None
    assert desk.mark() == 5
    assert sent.verdicts.count() == 1
    assert Finding.objects.filter(verdict=held).count() == 0


def test_the_gradebook_shows_no_waiting_for_a_regrade(desk: Desk) -> None:
    desk.graded(5)
    desk.start()
    grid = make_grid(desk.classroom.course, NOON)
    states = {mark.state for row in grid.rows for mark in row.marks}
    assert State.WAITING not in states


def test_a_student_may_submit_while_a_run_grades_all_of_hers(desk: Desk) -> None:
    desk.graded(5)
    desk.start()
    fresh = hand_in(desk.classroom)
    job = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert job is not None
    assert job.submission_id == fresh.pk


def test_students_work_goes_first_however_much_of_it_there_was(desk: Desk) -> None:
    desk.graded(5)
    desk.graded(6)
    run = desk.start()
    fresh = hand_in(desk.classroom, enrolment=desk.classroom.ben)
    Job.objects.filter(submission=fresh).update(created_at=NOON + timedelta(seconds=1))
    order = [submissions.claim_next(Job.Lane.CPU, now=NOON + timedelta(minutes=1)) for _ in "123"]
    keys = [job.fair_key for job in order if job]
    assert keys == [f"user-{desk.classroom.ben.user_id}", run.fair_key, run.fair_key]


def test_a_worker_without_room_for_regrades_takes_students_work_alone(desk: Desk) -> None:
    desk.graded(5)
    desk.start()
    assert submissions.claim_next(Job.Lane.CPU, now=NOON, regrades=False) is None
    hand_in(desk.classroom)
    assert submissions.claim_next(Job.Lane.CPU, now=NOON, regrades=False) is not None


def test_a_second_run_over_the_same_item_is_refused_with_a_sentence(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    with pytest.raises(RegradeRefused, match="Doubling is being regraded already"):
        desk.start()
    assert Run.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RunItem.objects.create(run=run, item=desk.item, version=desk.item.version)
    services.discard(run=run, actor=desk.classroom.iris.user, now=NOON)
    desk.start()


def test_a_fault_in_a_regrade_gives_no_attempt_back(desk: Desk) -> None:
    sent = desk.graded(5)
    run = desk.start()
    desk.grade(run, Status.ERROR)
    sent.refresh_from_db()
    assert not sent.given_back
    assert attempts_left(desk.classroom.ada, desk.item, NOON).used == 1


def test_a_stopped_run_begins_no_job_until_it_goes_on(desk: Desk) -> None:
    desk.graded(5)
    desk.graded(6)
    run = desk.start()
    held = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert held is not None
    services.stop(run=run, actor=desk.classroom.iris.user, now=NOON)
    store(held, 10)  # what ran comes to its end
    assert submissions.claim_next(Job.Lane.CPU, now=NOON) is None
    with pytest.raises(RegradeRefused, match="another state: Stopped"):
        services.stop(run=run, actor=desk.classroom.iris.user, now=NOON)
    services.resume(run=run, actor=desk.classroom.iris.user, now=NOON)
    desk.grade(run, 9)
    assert not open_jobs(run).exists()


def test_a_killed_worker_costs_a_try_and_no_result(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    first = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert first is not None
    later = NOON + timedelta(hours=1)  # its lease ran out
    second = submissions.claim_next(Job.Lane.CPU, now=later)
    assert second is not None
    assert (second.pk, second.tries, second.regrade) == (first.pk, 2, Job.Regrade.HELD)
    assert second.fair_key == run.fair_key


def test_a_job_that_was_given_back_waits_with_its_stopped_run(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    held = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert held is not None
    services.stop(run=run, actor=desk.classroom.iris.user, now=NOON)
    submissions.give_back(held, why="the grader went away", now=NOON)
    assert submissions.claim_next(Job.Lane.CPU, now=NOON + timedelta(hours=1)) is None


def test_what_is_being_graded_is_left_out(desk: Desk) -> None:
    desk.graded(5)
    hand_in(desk.classroom, enrolment=desk.classroom.ben)
    planned = plan([desk.target()], Scope(Run.Scope.ALL), NOON)
    assert (len(planned.submissions), planned.being_graded) == (1, 1)


def test_later_work_can_be_taken_in(desk: Desk) -> None:
    desk.graded(5)
    run = desk.start()
    desk.grade(run, 5)
    desk.graded(6)
    iris = desk.classroom.iris.user
    assert services.take_in_new(run=run, actor=iris, now=NOON) == 1
    assert services.take_in_new(run=run, actor=iris, now=NOON) == 0
    desk.grade(run, 7)
    assert len(desk.preview(run).rows[0].results) == 2


@pytest.mark.parametrize(
    ("counting", "expected"), [("best", [1]), ("latest", [2]), ("average", [1, 2])]
)
def test_counting_submissions_follow_the_rule_of_the_assignment(
    desk: Desk, counting: str, expected: list[int]
) -> None:
    desk.graded(8)
    desk.graded(5)
    desk.classroom.assignment.counting = counting
    desk.classroom.assignment.save()
    planned = plan([desk.target()], Scope(Run.Scope.COUNTING), NOON)
    assert [one.attempt for one in planned.submissions] == expected


def test_a_check_that_failed_chooses_submissions(desk: Desk) -> None:
    desk.graded(10)
    failed = desk.graded(5)  # hidden_one failed
    for check, expected in (("hidden_one", [failed.pk]), ("doubles", []), ("x", [])):
        planned = plan([desk.target()], Scope(Run.Scope.CHECK, check_id=check), NOON)
        assert [one.pk for one in planned.submissions] == expected


def test_faults_of_ours_can_be_graded_again(desk: Desk) -> None:
    desk.graded(5)
    stuck = hand_in(desk.classroom, enrolment=desk.classroom.ben)
    job = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert job is not None
    store(job, Status.ERROR)
    run = desk.start(Run.Scope.FAULT)
    assert [one.submission_id for one in run.regradings.all()] == [stuck.pk]
    desk.grade(run, 7)
    desk.apply(run)
    assert desk.mark(desk.classroom.ben) == 7


def test_chosen_students_alone_are_regraded(desk: Desk) -> None:
    desk.graded(5)
    bens = desk.graded(5, desk.classroom.ben)
    run = desk.start(Run.Scope.STUDENTS, students=(desk.classroom.ben.pk,))
    assert [one.submission_id for one in run.regradings.all()] == [bens.pk]


def test_people_are_found_by_name_address_or_number(desk: Desk) -> None:
    desk.classroom.ben.id_number = "77"
    desk.classroom.ben.save()
    typed = ["ADA", "77", "tess", "nobody"]
    found, unknown = students_named(desk.classroom.course.pk, typed)
    assert [one.pk for one in found] == [desk.classroom.ada.pk, desk.classroom.ben.pk]
    assert unknown == ["tess", "nobody"]  # an assistant is no student


def test_work_of_staff_and_of_removed_students_is_left_alone(desk: Desk) -> None:
    desk.graded(5, desk.classroom.iris)
    desk.graded(5, desk.classroom.ben)
    desk.classroom.ben.is_active = False
    desk.classroom.ben.save()
    with pytest.raises(RegradeRefused, match="No submission fits"):
        desk.start()
    assert not Run.objects.exists()
    assert not Regrading.objects.exists()


def test_an_item_or_version_of_another_place_is_refused(desk: Desk) -> None:
    desk.graded(5)
    other = courses.create_course(owner=person("owen", may_teach=True), title="Elsewhere")
    for course, version in (
        (other, desk.item.version),
        (desk.classroom.course, desk.classroom.sheet.version),
    ):
        with pytest.raises(RegradeRefused, match="belongs to another"):
            services.start(
                course=course, targets=[Target(desk.item, version, {})],
                scope=Scope(Run.Scope.ALL), reason="x", actor=desk.classroom.iris.user, now=NOON,
            )  # fmt: skip


@pytest.mark.parametrize("reason", ["", " \n", "x" * 2_001])
def test_a_run_needs_a_reason_of_bounded_length(desk: Desk, reason: str) -> None:
    desk.graded(5)
    with pytest.raises(RegradeRefused):
        services.start(
            course=desk.classroom.course, targets=[desk.target()], scope=Scope(Run.Scope.ALL),
            reason=reason, actor=desk.classroom.iris.user, now=NOON,
        )  # fmt: skip


def test_an_archived_course_is_not_regraded(desk: Desk) -> None:
    desk.graded(5)
    desk.classroom.course.is_archived = True
    desk.classroom.course.save()
    with pytest.raises(RegradeRefused, match="archived"):
        desk.start()


def test_a_version_that_draws_numbers_fits_nobody_who_has_none(desk: Desk) -> None:
    desk.graded(5)
    newer = desk.newer()
    newer.is_personal = True
    newer.save()
    run = desk.start(version=newer)
    assert not Job.everything.filter(fair_key=run.fair_key).exists()
    (row,) = desk.preview(run).rows
    assert row.kind == "failed"
    assert "Incompatible numbers" in row.results[0].failure


def test_a_sheet_is_graded_in_the_lane_of_programs_with_its_numbers(desk: Desk) -> None:
    mine = prepared(desk.classroom)
    sent = submissions.submit(
        enrolment=desk.classroom.ada, item=desk.classroom.sheet,
        parts={"answers.json": '{"sum": "7"}'}, now=NOON,
    )  # fmt: skip
    sent.jobs.update(state=Job.State.DONE, ended_at=NOON)
    sheet = Item.objects.select_related("assignment__course", "version").get(
        pk=desk.classroom.sheet.pk
    )
    services.start(
        course=desk.classroom.course, targets=[Target(sheet, sheet.version, {})],
        scope=Scope(Run.Scope.ALL), reason="x", actor=desk.classroom.iris.user, now=NOON,
    )  # fmt: skip
    job = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert job is not None
    request, _ = grading.request_for(job)
    assert request.numbers == mine.numbers


def test_thresholds_of_the_start_hold_for_the_whole_run(desk: Desk) -> None:
    desk.graded(5)
    version = desk.item.version
    fast = {"metric": "count", "thresholds": [[300, 1.0]]}
    version.manifest = {**version.manifest, "performance": {"fast": fast}}
    version.save()
    target = Target(desk.item, version, {"fast": [[2.0, 1.0]]})
    services.start(
        course=desk.classroom.course, targets=[target], scope=Scope(Run.Scope.ALL), reason="x",
        actor=desk.classroom.iris.user, now=NOON,
    )  # fmt: skip
    Item.objects.filter(pk=desk.item.pk).update(thresholds={"fast": [[9.0, 1.0]]})
    job = submissions.claim_next(Job.Lane.CPU, now=NOON)
    assert job is not None
    request, _ = grading.request_for(job)
    assert {name: [list(p) for p in of] for name, of in request.overrides.thresholds.items()} == {
        "fast": [[2.0, 1.0]]
    }


def test_thresholds_that_the_exercise_would_refuse_start_nothing(desk: Desk) -> None:
    desk.graded(5)
    version = desk.item.version
    fast = {"metric": "count", "thresholds": [[300, 1.0]]}
    version.manifest = {**version.manifest, "performance": {"fast": fast}}
    version.save()
    target = Target(desk.item, version, {"fast": [[20.0, 0.5], [10.0, 0.4]]})
    with pytest.raises(RegradeRefused, match="Doubling: "):
        services.start(
            course=desk.classroom.course, targets=[target], scope=Scope(Run.Scope.ALL),
            reason="x", actor=desk.classroom.iris.user, now=NOON,
        )  # fmt: skip


def test_a_speed_part_of_a_regrade_is_held_too(desk: Desk) -> None:
    sent = desk.graded(10)
    version = desk.item.version
    version.has_gpu_part = True
    version.save()
    run = desk.start()
    desk.grade(run, 10)
    speed = submissions.claim_next(Job.Lane.GPU, now=NOON)
    assert speed is not None
    assert (speed.regrade, speed.version, speed.fair_key) == ("held", version, run.fair_key)
    assert sent.jobs.count() == 1
    store(speed, 5)
    (row,) = desk.preview(run).rows
    assert row.results[0].old == 10
    assert row.results[0].new == 5
    desk.lower(run)
    desk.apply(run)
    assert desk.mark() == 5
    assert gradebook.sweep(now=NOON) == 0
    assert GradeEvent.objects.filter(source="regrade").count() == 1


def test_a_database_row_without_a_submission_is_no_regrade(classroom: Classroom) -> None:
    mine = submissions.open_item(enrolment=classroom.ada, item=classroom.sheet, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(student_item=mine, lane="light", seed=b"x", regrade="held")
