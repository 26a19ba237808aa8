"""What is recorded stays: by the ORM, by raw SQL, on whichever database the tests run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from pytest_django import DjangoAssertNumQueries

from gradus.audit import append_only
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.audit.services import record
from gradus.gradebook import services as gradebook
from gradus.gradebook.models import GradeEvent
from gradus.submissions.models import Submission, Verdict
from gradus.submissions.services.sweep import sweep
from tests.people import NOON, Classroom, claimed, graded, hand_in, verdict_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(classroom: Classroom) -> dict[str, models.Model]:
    """A row of each table that is append-only."""
    verdict = graded(classroom)
    event = gradebook.record_verdict(verdict.pk, now=NOON)
    assert event is not None
    entry = record(Action.COURSE_RULES, course_id=classroom.course.pk)
    return {"entry": entry, "event": event, "verdict": verdict, "submission": verdict.submission}


ROWS: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "entry": (Entry, {"action": "other"}),
    "event": (GradeEvent, {"points": Decimal(9)}),
    "verdict": (Verdict, {"points": Decimal(9)}),
    "submission": (Submission, {"parts": {"solution.py": "better"}}),
}


def refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_every_guard_is_there() -> None:
    assert append_only.missing() == []


@pytest.mark.parametrize("kind", ROWS)
def test_update_is_refused(history: dict[str, models.Model], kind: str) -> None:
    model, change = ROWS[kind]
    manager = model._default_manager
    assert refused(lambda: manager.filter(pk=history[kind].pk).update(**change))


@pytest.mark.parametrize("kind", ROWS)
def test_save_is_refused(history: dict[str, models.Model], kind: str) -> None:
    model, change = ROWS[kind]
    row = model._default_manager.get(pk=history[kind].pk)
    for name, value in change.items():
        setattr(row, name, value)
    assert refused(row.save)


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("verb", ["DELETE FROM", "UPDATE"])
def test_raw_sql_is_refused(history: dict[str, models.Model], kind: str, verb: str) -> None:
    table = ROWS[kind][0]._meta.db_table
    change = {"submission": "sha256 = 'other'"}.get(kind, "id = id") if verb == "UPDATE" else ""
    statement = f"{verb} {table} {'SET ' + change if change else ''} WHERE id = {history[kind].pk}"

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    assert refused(run)


@pytest.mark.parametrize("kind", ["entry", "event"])
def test_delete_is_refused(history: dict[str, models.Model], kind: str) -> None:
    assert refused(history[kind].delete)


def test_a_verdict_without_a_grade_event_cannot_be_deleted_either(classroom: Classroom) -> None:
    verdict = graded(classroom)
    assert refused(verdict.delete)
    assert refused(verdict.job.delete)
    assert refused(verdict.submission.delete)


def test_a_submission_cannot_be_made_a_run_so_that_it_may_go(classroom: Classroom) -> None:
    submission = graded(classroom).submission
    rows = Submission.objects.filter(pk=submission.pk)
    assert refused(lambda: rows.update(mode="run", attempt=None))


def test_an_attempt_can_still_be_given_back(classroom: Classroom) -> None:
    submission = graded(classroom).submission
    assert Submission.objects.filter(pk=submission.pk).update(given_back=True) == 1


def test_runs_still_go_after_a_day_with_their_verdicts(classroom: Classroom) -> None:
    run = hand_in(classroom, run=True)
    job = claimed(run)
    from gradus.submissions import services

    services.store_verdict(job, verdict_data(run), now=NOON)
    sweep(now=NOON + timedelta(days=2))
    assert not Submission.objects.filter(pk=run.pk).exists()
    assert not Verdict.objects.filter(submission=run.pk).exists()


def test_a_migration_puts_the_guards_back(db: None) -> None:
    append_only.remove()
    assert len(append_only.missing()) == len(append_only.guards())
    call_command("migrate", verbosity=0, interactive=False)
    assert append_only.missing() == []


@pytest.fixture
def lifts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that the guards are taken away."""
    found: list[str] = []
    remove = append_only.remove

    def removed(using: str) -> None:
        found.append(using)
        remove(using)

    monkeypatch.setattr(append_only, "remove", removed)
    return found


def test_a_migration_with_nothing_to_do_leaves_the_guards_in_place(lifts: list[str]) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    assert lifts == []


def test_a_migration_of_one_app_takes_them_away_for_it_may_go_back(lifts: list[str]) -> None:
    call_command("migrate", "audit", verbosity=0, interactive=False)
    assert lifts == ["default"]
    assert append_only.missing() == []


def test_a_migration_that_fails_puts_the_guards_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("no space")

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", fail)
    with pytest.raises(RuntimeError, match="no space"):
        call_command("migrate", "audit", verbosity=0, interactive=False)
    assert append_only.missing() == []


def test_guards_that_are_there_are_not_touched(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        append_only.install()


def triggers() -> list[str]:
    with connection.cursor() as cursor:
        return [name for _, name, _ in append_only._triggers(connection, cursor)]


def test_a_guard_in_an_earlier_form_is_missed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    before = triggers()
    now = [
        replace(one, when="1 = 1") if one.verb == "UPDATE" else one for one in append_only.GUARDS
    ]
    monkeypatch.setattr(append_only, "GUARDS", tuple(now))
    assert len(append_only.missing()) == 6
    append_only.install()
    assert append_only.missing() == []
    assert len(triggers()) == len(before)


def test_guards_named_as_they_once_were_go(db: None) -> None:
    before = sorted(triggers())
    append_only.remove()
    once = append_only.GUARDS[3]
    old = [
        one.replace(once.name, f"{once.table}_no_update")
        for one in append_only._on(connection, once)
    ]
    with connection.cursor() as cursor:
        for statement in old:
            cursor.execute(statement)
    append_only.install()
    assert sorted(triggers()) == before


def test_an_operator_may_erase_within_one_transaction(history: dict[str, models.Model]) -> None:
    with append_only.lifted():
        Entry.objects.filter(pk=history["entry"].pk).delete()
    assert append_only.missing() == []
    assert not Entry.objects.filter(pk=history["entry"].pk).exists()


on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer and no TRUNCATE"
)


@on_postgresql
def test_a_guard_that_somebody_switched_off_is_missed(db: None) -> None:
    one = append_only.GUARDS[-1]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {one.table} DISABLE TRIGGER {one.name}")
    assert append_only.missing() == [one.name]
    append_only.install()
    assert append_only.missing() == []


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_guards_come_back_while_somebody_writes_history(classroom: Classroom) -> None:
    """The writer locks tables in its own order, and must not be the victim of a deadlock."""
    append_only.remove()
    written, go_on = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE gradebook_gradeevent IN ROW EXCLUSIVE MODE")
                written.set()
                go_on.wait(5)
                record(Action.COURSE_RULES, course_id=classroom.course.pk)
        finally:
            connection.close()

    def install() -> None:
        try:
            append_only.install()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writer = pool.submit(write)
        assert written.wait(5)
        installer = pool.submit(install)
        sleep(0.3)
        go_on.set()
        writer.result(10)
        installer.result(10)
    assert append_only.missing() == []
    assert Entry.objects.filter(action=Action.COURSE_RULES).count() == 1


@on_postgresql
@pytest.mark.parametrize("kind", ROWS)
def test_tables_cannot_be_emptied_at_once(db: None, kind: str) -> None:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ROWS[kind][0]._meta.db_table} CASCADE")

    assert refused(run)
