"""Django's `migrate`, with the triggers that keep history taken away before and put back after."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from gradus.audit import append_only


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        append_only.remove(using)
        try:
            super().handle(*args, **options)
        finally:
            append_only.install(using)
