"""`manage.py demo`: the demo course with its logins; with `--students`, a term full of people."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gradus.accounts.models import User
from gradus.catalog.services import sync
from gradus.courses.models import Course
from gradus.ops import demo
from gradus.ops.term import demo as term

WORD = "demo"


class Command(BaseCommand):
    help = (
        "Make the demo course over all exercises, one student and one instructor. With --students,"
        " also a term that is half over, with people and graded work in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=0, help="make the term with so many")
        parser.add_argument("--remove", action="store_true", help="take the term away again")
        parser.add_argument(
            "--confirm", default="", metavar="WORD",
            help=f"'{WORD}', where real people use this installation",
        )  # fmt: skip

    def handle(self, *, students: int, remove: bool, confirm: str, **options: Any) -> None:
        loud = options["verbosity"] > 0
        try:
            if remove:
                self._remove()
                return
            if students:
                self._ask(confirm)
            course = self._demo()
            if loud:
                self.tell(f"{course.title}: {course.assignments.count()} assignments")
                self.tell(f"logins are in {settings.DATA / demo.LOGINS}")
            if students:
                self._term(students)
        except (ValueError, term.DemoRefused) as error:
            raise CommandError(str(error)) from error

    def _demo(self) -> Course:
        report = sync(settings.EXERCISES)
        for name, why in report.refused.items():
            self.stderr.write(f"refused {name}: {why}")
        return demo.make_demo(settings.DATA)

    def _term(self, students: int) -> None:
        made = term.make(
            owner=User.objects.get(username="iris"), student=User.objects.get(username="ada"),
            students=students, now=timezone.now(), tell=self.tell,
        )  # fmt: skip
        self.tell(f"{made.title}, {made.term}: log in as iris to see it, or as ada, who studies it")

    def _remove(self) -> None:
        count = term.remove(self.tell)
        self.tell(f"{count:,} rows are gone; the demo course and its logins stay")

    def _ask(self, confirm: str) -> None:
        """Raises: CommandError, where real people are here and nobody typed the word."""
        others = term.others()
        if not others or confirm == WORD:
            return
        people = f"{others} other {'person uses' if others == 1 else 'people use'}"
        self.stderr.write(f"{people} this installation. The demo would stand among their courses.")
        if not confirm and sys.stdin.isatty():
            self.stderr.write(f"Type {WORD} to make it all the same:")
            confirm = sys.stdin.readline().strip()
        if confirm != WORD:
            raise CommandError(f"Nothing was made. To do it all the same: --confirm {WORD}")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
