"""`manage.py sync_exercises`: take the current state of an exercises folder into the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gradus.catalog import services


class Command(BaseCommand):
    help = "Store the current version of every exercise of a folder; refuse the unusable ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.EXERCISES)

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        report = services.sync(folder)
        self.stdout.write(
            f"{len(report.new)} new, {len(report.changed)} changed,"
            f" {len(report.unchanged)} unchanged"
        )
        for name, why in report.refused.items():
            self.stderr.write(f"refused {name}: {why}")
        if report.refused:
            raise CommandError(f"{len(report.refused)} exercises were refused.")
