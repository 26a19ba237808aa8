"""`manage.py demo_samples`: grade some submissions of each exercise, as stuff for demos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gradus.ops.embedded import ROOT
from gradus.ops.smoke.site import SmokeError
from gradus.ops.term import samples
from gradus.ops.term.sampling import Sampler, SamplingError
from gradus.submissions.errors import GraderLost, GraderUnreachable


class Command(BaseCommand):
    help = "Grade some submissions of each exercise and keep what came of them, for the demos."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--socket", default=settings.GRADER_SOCKET, help="of a running grader")
        parser.add_argument("--output", type=Path, default=samples.FILE)

    def handle(self, *, socket: str, output: Path, **options: Any) -> None:
        sampler = Sampler(str(socket), ROOT, self.tell)
        try:
            found = sampler.take(settings.EXERCISES)
        except (SamplingError, SmokeError, GraderLost, GraderUnreachable) as error:
            raise CommandError(str(error)) from error
        samples.write(found, output)
        count = sum(map(len, found.graded.values()))
        self.tell(f"{count} graded submissions of {len(found.graded)} exercises in {output}")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
