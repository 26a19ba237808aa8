"""Whether the database is as this version of the platform needs it."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from gradus.audit import append_only


def is_current(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether it has all migrations and guards already."""
    executor = MigrationExecutor(connections[using])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not waiting and not append_only.missing(using)
