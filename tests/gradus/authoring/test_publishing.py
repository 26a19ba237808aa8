"""Verification and publication: only what is green, and exactly that."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import transaction
from django.utils import timezone

from grader.contracts import Gate, GateCheck, Measured, Prepared, Verified
from grader.exercise import derived
from grader.exercise.bundle import unpack
from grader.exercise.load import load
from gradus.authoring import engine, scaffold, selectors, services, sweeping, tasks
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import AuthorJob, Publication, WorkingCopy
from gradus.authoring.services import jobs
from gradus.catalog import services as catalog
from gradus.catalog.models import Exercise, Version
from gradus.catalog.selectors import usable_exercises
from gradus.courses import services as courses
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Item
from gradus.submissions import client, grading
from gradus.submissions import services as submissions
from gradus.submissions.client import Heard
from gradus.submissions.errors import StaleToken
from gradus.submissions.models import StudentItem
from tests.gradus.authoring.conftest import begun, green
from tests.gradus.authoring.test_copies import save
from tests.people import NOON, Classroom, write_bank

pytestmark = pytest.mark.django_db


def publish(copy: WorkingCopy) -> Publication:
    return services.publish(copy=copy, actor=copy.changed_by, now=NOON)


@pytest.mark.usefixtures("grader")
@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_each_example_of_the_wizard_is_verified_green_and_published(
    classroom: Classroom, kind: str, tmp_path: Path
) -> None:
    copy = begun(classroom, kind)
    services.verify(copy=copy, seeds=5, actor=classroom.iris.user, now=timezone.now())
    tasks.work("verify")
    job = selectors.last_verification(copy)
    assert job is not None
    assert [gate["message"] for gate in job.gates if not gate["passed"]] == []
    assert job.is_green
    version = publish(copy).version
    assert version.exercise.newest == version
    assert version.exercise in usable_exercises(classroom.course.pk)
    packed = catalog.bundle_of(version.digest)
    assert packed is not None
    unpack(packed, tmp_path / "exercise", version.digest)
    measured = load(tmp_path / "exercise").derived
    assert (measured is not None) == (kind in ("by-hand", "performance"))
    assert measured is None or derived.is_current(measured, tmp_path / "exercise")


@pytest.mark.usefixtures("grader")
def test_a_mistake_that_survives_stops_publication_and_is_named(copy: WorkingCopy) -> None:
    right = services.files_of(copy)["right/by_loop.py"].decode()
    save(copy, "wrong/survivor.py", right.replace("The same with a loop.", "None.\n\nHint."))
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=timezone.now())
    tasks.work("verify")
    job = selectors.last_verification(copy)
    assert job is not None
    red = {(gate["subject"], gate["message"]) for gate in job.gates if not gate["passed"]}
    assert red == {("wrong/survivor.py", "survives every check")}
    assert {
        c["status"] for g in job.gates for c in g["checks"] if g["subject"] == "wrong/survivor.py"
    } == {"passed"}
    with pytest.raises(AuthoringRefused, match="do not hold"):
        publish(copy)


@pytest.mark.usefixtures("grader")
def test_a_preview_draws_numbers_and_writes_no_attempt(classroom: Classroom) -> None:
    copy = begun(classroom, "by-hand")
    job = services.preview(copy=copy, actor=classroom.iris.user, now=timezone.now())
    tasks.work("prepare")
    job.refresh_from_db()
    assert job.state == AuthorJob.State.DONE
    assert job.prepared is not None
    assert set(job.prepared["numbers"]) == {"x", "w", "b"}
    theirs = services.preview(
        copy=copy, actor=classroom.iris.user, now=timezone.now(), numbers={"no": 1}
    )
    tasks.work("prepare")
    theirs.refresh_from_db()
    assert theirs.state == AuthorJob.State.ERROR
    assert "numbers" in theirs.fault


@pytest.mark.usefixtures("grader")
def test_code_of_an_author_runs_in_the_sandbox_alone(copy: WorkingCopy, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    body = f"open({str(trap)!r}, 'w').close()\n"
    text = services.files_of(copy)["checks.py"].decode()
    save(copy, "checks.py", body + text)
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=timezone.now())
    tasks.work("verify")
    job = selectors.last_verification(copy)
    assert job is not None
    assert not job.is_green
    assert not trap.exists()


def test_without_a_green_verification_nothing_is_published(copy: WorkingCopy) -> None:
    with pytest.raises(AuthoringRefused, match="not been verified"):
        publish(copy)
    assert not Publication.objects.exists()


def test_a_change_after_the_verification_stops_publication(copy: WorkingCopy) -> None:
    green(copy)
    text = services.files_of(copy)["statement.md"].decode()
    save(copy, "statement.md", text + "One word more.\n")
    copy.refresh_from_db()
    with pytest.raises(AuthoringRefused, match="changed since"):
        publish(copy)
    save(copy, "statement.md", text)
    assert publish(copy).version.statement == text


def test_a_newer_verification_that_was_stopped_stops_publication(copy: WorkingCopy) -> None:
    green(copy)
    later = services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    with pytest.raises(AuthoringRefused, match="under way"):
        publish(copy)
    assert services.stop(job=later, now=NOON)
    assert not services.stop(job=later, now=NOON)
    with pytest.raises(AuthoringRefused, match="did not come to its end"):
        publish(copy)


def test_files_changed_behind_the_back_of_the_digest_are_not_published(copy: WorkingCopy) -> None:
    green(copy)
    copy.files.filter(path="statement.md").update(data=b"Other.\n")
    with pytest.raises(AuthoringRefused, match="others than"):
        publish(copy)


def test_what_was_measured_is_part_of_the_version(copy: WorkingCopy) -> None:
    green(copy, ratios={"fast": 7.5})
    version = publish(copy).version
    assert version.digest != copy.digest
    assert b"7.5" in catalog.files_of(version.digest)["derived.json"]


def test_items_stay_at_the_version_that_they_have(classroom: Classroom, copy: WorkingCopy) -> None:
    green(copy)
    first = publish(copy).version
    exercise = Exercise.objects.get(pk=copy.exercise_id)
    made = courses.create_assignment(
        course=classroom.course, plan=courses.Plan(title="x"), exercises=[exercise]
    )
    save(copy, "statement.md", "New words.\n")
    green(copy)
    second = publish(copy).version
    assert made.items.get().version == first
    exercise.refresh_from_db()
    assert exercise.newest == second
    assert [v.ordinal for v in selectors.versions_of(exercise)] == [2, 1]


@pytest.mark.usefixtures("grader")
def test_after_an_item_moved_a_student_sees_and_is_marked_by_the_newer_version(
    classroom: Classroom,
) -> None:
    copy = begun(classroom, "by-hand")
    green(copy)
    publish(copy)
    made = courses.create_assignment(
        course=classroom.course, plan=courses.Plan(title="x"),
        exercises=[Exercise.objects.get(pk=copy.exercise_id)],
    )  # fmt: skip
    numbers = opened(classroom, made.items.get()).numbers or {}
    problem = services.files_of(copy)["problem.py"].decode()
    save(copy, "problem.py", problem.replace("]\n\nmistakes", f"{ONE_STEP_MORE}]\n\nmistakes"))
    green(copy)
    publish(copy)
    services.move_to_newest(item=made.items.get())
    mine = opened(classroom, made.items.get())
    assert mine.numbers == numbers
    assert mine.form is not None
    assert [field["id"] for field in mine.form["fields"]] == ["z", "y", "twice"]
    z = numbers["w"] * numbers["x"] + numbers["b"]
    answers = {"z": repr(z), "y": repr(1 / (1 + math.exp(-z))), "twice": repr(2 * z)}
    work = submissions.submit(
        enrolment=classroom.ada, item=mine.item, now=timezone.now(),
        parts={"answers.json": json.dumps(answers)},
    )  # fmt: skip
    by_worker("light")
    verdict = work.jobs.get().verdict
    assert len(verdict.body["steps"]) == 3
    assert verdict.points == verdict.max_points == 6


ONE_STEP_MORE = '    step("twice", lambda n, a: 2 * a.z, label="Twice", latex="2z", points=1),\n'


def opened(classroom: Classroom, item: Item) -> StudentItem:
    """The student's page, once a worker has prepared it."""
    submissions.open_item(enrolment=classroom.ada, item=item, now=timezone.now())
    by_worker("light")
    mine = submissions.open_item(enrolment=classroom.ada, item=item, now=timezone.now())
    assert mine.is_prepared
    return mine


def by_worker(lane: str) -> None:
    job = submissions.claim_next(lane, now=timezone.now())
    assert job is not None
    assert grading.grade(job)


def test_what_is_published_is_not_published_twice(copy: WorkingCopy) -> None:
    green(copy)
    publish(copy)
    with pytest.raises(AuthoringRefused, match="newest version already"):
        publish(copy)
    assert Publication.objects.count() == 1


def test_earlier_files_can_become_the_newest_version_again(copy: WorkingCopy) -> None:
    first = services.files_of(copy)["statement.md"].decode()
    green(copy)
    one = publish(copy).version
    save(copy, "statement.md", "Others.\n")
    green(copy)
    publish(copy)
    save(copy, "statement.md", first)
    copy.refresh_from_db()
    green(copy)
    assert publish(copy).version == one
    assert Exercise.objects.get(pk=copy.exercise_id).newest == one


def test_another_course_cannot_use_it(classroom: Classroom, copy: WorkingCopy) -> None:
    green(copy)
    publish(copy)
    other = courses.create_course(owner=classroom.iris.user, title="Other")
    exercise = Exercise.objects.get(pk=copy.exercise_id)
    assert exercise not in usable_exercises(other.pk)
    assert exercise not in usable_exercises()
    with pytest.raises(CourseRefused, match="another course"):
        courses.create_assignment(course=other, plan=courses.Plan(title="x"), exercises=[exercise])


def test_the_sites_folder_does_not_take_a_courses_exercise_over(
    classroom: Classroom, tmp_path: Path
) -> None:
    copy = begun(classroom, slug="tripling")
    bank = write_bank(tmp_path / "exercises")
    (bank / "first-unit" / "doubling").rename(bank / "first-unit" / "tripling")
    manifest = bank / "first-unit" / "tripling" / "exercise.toml"
    manifest.write_text(manifest.read_text().replace('"doubling"', '"tripling"'))
    report = catalog.sync(bank)
    assert "a course has an exercise" in report.refused["first-unit/tripling"]
    copy.exercise.refresh_from_db()
    assert copy.exercise.newest is None
    assert not Version.objects.filter(exercise=copy.exercise).exists()


def test_one_verification_at_a_time(copy: WorkingCopy) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    with pytest.raises(AuthoringRefused, match="under way"):
        services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)


def test_files_that_are_no_exercise_are_not_sent_to_a_grader(copy: WorkingCopy) -> None:
    save(copy, "checks.py", "def f(:\n")
    with pytest.raises(AuthoringRefused, match=r"checks\.py:1"):
        services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    assert not AuthorJob.objects.exists()


def test_a_result_that_comes_too_late_is_refused(copy: WorkingCopy) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    slow = jobs.claim_next("verify", now=NOON)
    assert slow is not None
    later = NOON + timedelta(minutes=5)
    quick = jobs.claim_next("verify", now=later)
    assert quick is not None
    gate = Gate(exercise="mean-error", gate="manifest", passed=True)
    with pytest.raises(StaleToken):
        jobs.store_verified(slow, [gate], Measured(), now=later)
    assert not jobs.report(slow, [gate], now=later)
    jobs.store_verified(quick, [gate], Measured(), now=later)


def test_a_job_that_kills_its_workers_ends_as_a_fault(copy: WorkingCopy) -> None:
    job = services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    for k in range(4):
        jobs.claim_next("verify", now=NOON + timedelta(minutes=k))
    job.refresh_from_db()
    assert job.state == AuthorJob.State.ERROR
    assert "3 tries" in job.fault


def test_without_a_grader_the_job_waits_and_no_try_is_used(copy: WorkingCopy) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None
    assert not engine.carry_out(job)
    job.refresh_from_db()
    assert (job.state, job.tries) == (AuthorJob.State.QUEUED, 0)


def test_what_was_deleted_long_ago_goes_for_good_and_frees_its_id(classroom: Classroom) -> None:
    copy = begun(classroom)
    published = begun(classroom, slug="published")
    green(published)
    publish(published)
    for one in (copy, published):
        services.delete(copy=one, now=NOON)
    sweeping.sweep(now=NOON + timedelta(days=29))
    assert WorkingCopy.objects.count() == 2
    sweeping.sweep(now=NOON + timedelta(days=31))
    assert list(WorkingCopy.objects.values_list("exercise__slug", flat=True)) == ["published"]
    assert not Exercise.objects.filter(slug="mean-error").exists()


def test_one_that_is_brought_back_while_others_are_swept_stays(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.delete(copy=copy, now=NOON)

    def meanwhile() -> Any:
        services.restore(copy=copy)
        return transaction.atomic()

    monkeypatch.setattr(sweeping, "transaction", SimpleNamespace(atomic=meanwhile))
    sweeping.sweep(now=NOON + timedelta(days=31))
    assert WorkingCopy.objects.get() == copy


def test_old_verifications_go_behind_any_number_of_last_ones(
    classroom: Classroom, copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_AT_ONCE", 1)
    last = green(copy)
    first, second = (green(begun(classroom, slug=f"other-{k}")) for k in range(2))
    newer = green(second.copy)
    sweeping.sweep(now=NOON + timedelta(days=31))
    assert set(AuthorJob.objects.all()) == {last, first, newer}


def test_a_nul_in_what_a_grader_says_is_stored_as_its_sign(copy: WorkingCopy) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None
    check = GateCheck(id="a", title="A \0 title", status="passed")
    gate = Gate(
        exercise="x", gate="right", subject="right/a.py", passed=True, message="\0",
        checks=(check,),
    )  # fmt: skip
    jobs.store_verified(job, [gate], Measured(), now=NOON)
    job.refresh_from_db()
    assert job.gates[0]["checks"][0]["title"] == "A \u2400 title"
    preview = services.preview(copy=copy, actor=copy.changed_by, now=NOON)
    held = jobs.claim_next("prepare", now=NOON)
    assert held is not None
    jobs.store_prepared(held, Prepared(numbers={"a": ["\0"]}, starter="\0"), now=NOON)
    preview.refresh_from_db()
    assert preview.prepared is not None
    assert (preview.prepared["numbers"], preview.prepared["starter"]) == (
        {"a": ["\u2400"]},
        "\u2400",
    )


def test_gates_are_written_less_often_the_more_there_are_and_the_lease_is_kept(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None
    gate = Gate(exercise="mean-error", gate="reference", subject="solution.py", passed=True)
    end = Verified(gates=3000, red=0, measured=Measured())
    said = [*[Heard(gate)] * 3000, Heard(end)]
    ticks = iter(range(1, 3001))  # a tenth of a second between two gates: five minutes
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: next(ticks) / 10))
    monkeypatch.setattr(client, "ask", lambda *_: (one for one in said))
    report, extend_lease = Mock(return_value=True), Mock(return_value=True)
    monkeypatch.setattr(jobs, "report", report)
    monkeypatch.setattr(jobs, "extend_lease", extend_lease)
    assert engine.carry_out(job)
    job.refresh_from_db()
    assert (job.state, job.gate_count) == (AuthorJob.State.DONE, 3000)
    assert 50 < report.call_count < 150
    assert extend_lease.call_count > 60


def test_a_fault_of_the_worker_gives_the_job_back_at_once(
    copy: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None

    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(client, "ask", broken)
    with pytest.raises(ZeroDivisionError):
        engine.carry_out(job)
    job.refresh_from_db()
    assert (job.state, job.fault) == (
        AuthorJob.State.QUEUED,
        "the worker failed: ZeroDivisionError",
    )


def test_old_previews_go_and_the_bundle_of_a_version_stays(copy: WorkingCopy) -> None:
    green(copy)
    version = publish(copy).version
    services.preview(copy=copy, actor=copy.changed_by, now=NOON)
    AuthorJob.objects.filter(op="prepare").update(state="done")
    sweeping.sweep(now=NOON + timedelta(days=2))
    assert AuthorJob.objects.get().op == "verify"
    assert catalog.bundle_of(version.digest) is not None
