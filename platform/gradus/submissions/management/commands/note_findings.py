"""`manage.py note_findings`: rows for statistics from verdicts that were stored without them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gradus.submissions.findings import services
from gradus.submissions.models import Verdict


class Command(BaseCommand):
    help = "Take failed checks and named mistakes out of stored verdicts. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", type=int, help="only of this course")

    def handle(self, *args: Any, course: int | None = None, **options: Any) -> None:
        verdicts = Verdict.objects.all()
        if course is not None:
            verdicts = verdicts.filter(submission__item__assignment__course=course)
        self.stdout.write(f"{services.note_all(verdicts)} verdicts read")
