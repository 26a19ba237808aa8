"""Triggers by which the database itself refuses to rewrite history.

They are no part of the migrations, because SQLite drops them whenever a migration rebuilds their
table: the command `migrate` takes them away, does its work, and puts all of them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses one kind of statement on one table, for the rows for which `when` is true."""

    table: str
    verb: str  # UPDATE or DELETE
    when: str = ""  # SQL over OLD and NEW; empty: always
    needs: tuple[str, ...] = ()  # other tables that `when` reads

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.verb.lower()}"

    @property
    def words(self) -> str:
        return f"{self.table} is append-only"


_SUBMITTED = "OLD.mode = 'submit'"
_WRITTEN_ONCE = ("item_id", "enrolment_id", "mode", "attempt", "parts", "sha256", "received_at")
_REWRITTEN = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _WRITTEN_ONCE)
_OF_A_SUBMISSION = (
    "EXISTS (SELECT 1 FROM submissions_submission s"
    " WHERE s.id = OLD.submission_id AND s.mode = 'submit')"
)

GUARDS = (
    Guard("audit_entry", "UPDATE"),
    Guard("audit_entry", "DELETE"),
    Guard("gradebook_gradeevent", "UPDATE"),
    Guard("gradebook_gradeevent", "DELETE"),
    Guard("gradebook_rubric", "UPDATE"),
    Guard("gradebook_rubric", "DELETE"),
    Guard("gradebook_humanmark", "UPDATE"),
    Guard("gradebook_humanmark", "DELETE"),
    Guard("submissions_verdict", "UPDATE"),
    # Runs, practice and console calls go after a day, and their verdicts with them.
    Guard("submissions_verdict", "DELETE", _OF_A_SUBMISSION, ("submissions_submission",)),
    Guard("submissions_submission", "UPDATE", f"{_SUBMITTED} AND ({_REWRITTEN})"),
    Guard("submissions_submission", "DELETE", _SUBMITTED),
)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of guards that the database does not have."""
    connection = connections[using]
    table = "sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        table = "(SELECT tgname AS name FROM pg_trigger WHERE tgenabled <> 'D') AS triggers"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {table}")  # noqa: S608 our own text
        there = {row[0] for row in cursor.fetchall()}
    return [guard.name for guard in GUARDS if guard.name not in there]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put all guards in place whose tables are there."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a table may be "in use"
        for guard in GUARDS:
            if {guard.table, *guard.needs} <= tables:
                for statement in (*_off(connection, guard), *_on(connection, guard)):
                    cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take all guards away."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in GUARDS:
            if guard.table in tables:
                for statement in _off(connection, guard):
                    cursor.execute(statement)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """For a command of the operator alone: one transaction in which history may be erased."""
    with transaction.atomic(using):
        remove(using)
        yield
        install(using)


def _off(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    if connection.vendor == "postgresql":
        names = (guard.name, f"{guard.name}_all") if guard.verb == "DELETE" else (guard.name,)
        return [f"DROP TRIGGER IF EXISTS {name} ON {guard.table}" for name in names]
    return [f"DROP TRIGGER IF EXISTS {guard.name}"]


def _on(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    if connection.vendor != "postgresql":
        when = f"WHEN {guard.when} " if guard.when else ""
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
        ]
    refuse = f"RAISE EXCEPTION '{guard.words}' USING ERRCODE = 'integrity_constraint_violation'"
    row = "NEW" if guard.verb == "UPDATE" else "OLD"
    statements = [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {guard.when or 'TRUE'} THEN {refuse}; END IF; RETURN {row}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]
    if guard.verb == "DELETE":
        statements += [
            f"CREATE OR REPLACE FUNCTION {guard.name}_all() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {refuse}; END $$",
            f"CREATE TRIGGER {guard.name}_all BEFORE TRUNCATE ON {guard.table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {guard.name}_all()",
        ]
    return statements
