"""Triggers by which the database itself refuses to rewrite history.

They are no part of the migrations, because SQLite drops them whenever a migration rebuilds their
table: the command `migrate` takes them away, does its work, and puts all of them back.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

LOCK_SECONDS = 60.0  # how long guards wait for their tables; only PostgreSQL has locks of tables
_LOCK_PAUSE_SECONDS = 0.05
_IN_USE = "55P03"  # PostgreSQL: lock not available
_OURS = re.compile(r"_no_(update|delete|truncate)(_|$)")


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses one kind of statement on one table, for the rows for which `when` is true."""

    table: str
    verb: str  # UPDATE, DELETE or TRUNCATE
    when: str = ""  # SQL over OLD and NEW; empty: always
    needs: tuple[str, ...] = ()  # other tables that `when` reads

    @property
    def name(self) -> str:
        """A guard that comes to mean something else has another name, so an old one is missed."""
        digest = hashlib.sha256(f"{self.when} {self.words}".encode()).hexdigest()[:8]
        return f"{self.table}_no_{self.verb.lower()}_{digest}"

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
    Guard("submissions_submission", "UPDATE", f"{_SUBMITTED} AND ({_REWRITTEN})"),
    Guard("submissions_submission", "DELETE", _SUBMITTED),
    Guard("submissions_submission", "TRUNCATE"),
    Guard("submissions_verdict", "UPDATE"),
    # Runs, practice and console calls go after a day, and their verdicts with them.
    Guard("submissions_verdict", "DELETE", _OF_A_SUBMISSION, ("submissions_submission",)),
    Guard("submissions_verdict", "TRUNCATE"),
    *(
        Guard(table, verb)
        for table in (
            *("gradebook_rubric", "gradebook_humanmark", "gradebook_gradeevent"),
            "audit_entry",
        )
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ),
)


def guards(using: str = DEFAULT_DB_ALIAS) -> list[Guard]:
    """Those that this database can hold: SQLite knows no TRUNCATE."""
    truncates = connections[using].vendor == "postgresql"
    return [guard for guard in GUARDS if truncates or guard.verb != "TRUNCATE"]


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of guards that the database does not have, or has in an earlier form."""
    with connections[using].cursor() as cursor:
        there = {name for _, name, works in _triggers(connections[using], cursor) if works}
    return [guard.name for guard in guards(using) if guard.name not in there]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put all guards in place whose tables are there, at once; nothing where none is missing.

    Raises: OperationalError, where others kept the tables for LOCK_SECONDS.
    """
    if not missing(using):
        return
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = _clear(connection, cursor)
        for guard in guards(using):
            if {guard.table, *guard.needs} <= tables:
                for statement in _on(connection, guard):
                    cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take all guards away. Raises: OperationalError, like `install`."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        _clear(connections[using], cursor)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """For a command of the operator alone: one transaction in which history may be erased."""
    with transaction.atomic(using):
        remove(using)
        yield
        install(using)


def _clear(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> set[str]:
    """Drop every guard, of whatever form; return the tables of the database, guarded ones held."""
    tables = set(connection.introspection.table_names(cursor))
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a table may be "in use"
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # as they are for what comes after
        _hold(connection, cursor, [name for name in _guarded_tables() if name in tables])
    for table, name, _ in list(_triggers(connection, cursor)):
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    return tables


def _guarded_tables() -> list[str]:
    return list(dict.fromkeys(guard.table for guard in GUARDS))


def _hold(connection: BaseDatabaseWrapper, cursor: CursorWrapper, tables: list[str]) -> None:
    """Lock all tables or none: who waits with one in hand could be in a deadlock with a teacher."""
    if not tables:
        return
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            with transaction.atomic(connection.alias):  # a savepoint: a refusal lets all locks go
                cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE NOWAIT")
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _IN_USE or time.monotonic() > until:
                raise
        time.sleep(_LOCK_PAUSE_SECONDS)


def _triggers(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper
) -> Iterator[tuple[str, str, bool]]:
    """Guards in the database, of this version or an earlier one: table, name, whether it works."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT relname, tgname, tgenabled <> 'D' FROM pg_trigger"
            " JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
        )
    else:
        cursor.execute("SELECT tbl_name, name, 1 FROM sqlite_master WHERE type = 'trigger'")
    tables = _guarded_tables()
    for table, name, works in cursor.fetchall():
        if table in tables and _OURS.match(name.removeprefix(table)):
            yield table, name, bool(works)


def _on(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    if connection.vendor != "postgresql":
        when = f"WHEN {guard.when} " if guard.when else ""
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
        ]
    refuse = f"RAISE EXCEPTION '{guard.words}' USING ERRCODE = 'integrity_constraint_violation'"
    returned = {"UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}[guard.verb]
    each = "STATEMENT" if guard.verb == "TRUNCATE" else "ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {guard.when or 'TRUE'} THEN {refuse}; END IF; RETURN {returned}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}"
        f" FOR EACH {each} EXECUTE FUNCTION {guard.name}()",
    ]
