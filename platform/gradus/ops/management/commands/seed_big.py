"""`manage.py seed_big`: 200 courses, 5,000 students and 200,000 submissions, to time pages with."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gradus.accounts.models import User
from gradus.catalog.services import sync
from gradus.ops.term import big

_DEFAULT = big.Size()


class Command(BaseCommand):
    help = "Fill an empty database with a large site, to time pages with. Never for real use."

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("courses", "students", "submissions", "largest_students", "largest_items"):
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, type=int, default=getattr(_DEFAULT, name))

    def handle(self, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("There are people in this database. Name another one: GRADUS_DATA.")
        size = big.Size(**{name: options[name] for name in big.Size.__slots__ if name in options})
        if min(size.courses, size.students, size.submissions, size.largest_students) < 1:
            raise CommandError("There must be at least one of everything.")
        began = time.monotonic()
        sync(settings.EXERCISES)
        big.make(size, timezone.now(), self.tell)
        self.tell(f"made in {time.monotonic() - began:.0f} s")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
