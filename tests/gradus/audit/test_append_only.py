"""What is recorded stays: by the ORM, by raw SQL, on whichever database the tests run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

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
    assert len(append_only.missing()) == len(append_only.GUARDS)
    call_command("migrate", verbosity=0, interactive=False)
    assert append_only.missing() == []


def test_an_operator_may_erase_within_one_transaction(history: dict[str, models.Model]) -> None:
    with append_only.lifted():
        Entry.objects.filter(pk=history["entry"].pk).delete()
    assert append_only.missing() == []
    assert not Entry.objects.filter(pk=history["entry"].pk).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("kind", ROWS)
def test_tables_cannot_be_emptied_at_once(db: None, kind: str) -> None:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ROWS[kind][0]._meta.db_table} CASCADE")

    assert refused(run)
