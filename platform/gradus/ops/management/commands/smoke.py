"""`manage.py smoke`: one right and one wrong submission of each exercise, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grader.errors import ExerciseError
from grader.exercise import bank
from gradus.ops import demo
from gradus.ops.smoke import report
from gradus.ops.smoke.attempts import Attempt, attempts
from gradus.ops.smoke.report import Line
from gradus.ops.smoke.site import Site, SmokeError


class Command(BaseCommand):
    help = "Grade one right and one wrong submission of each demo exercise over HTTP."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--data", type=Path, default=settings.DATA)
        parser.add_argument("exercise", nargs="*", help="ids; default: all")

    def handle(
        self, *, port: int, host: str, data: Path, exercise: list[str], **options: Any
    ) -> None:
        site = Site(f"http://{host}:{port}", self.token(data))
        lines: list[Line] = []
        try:
            for item in site.items():
                if not exercise or item["exercise"] in exercise:
                    lines += self.graded(site, item)
        except SmokeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report.table(lines))
        self.stdout.write(report.latencies(lines))
        bad = [line for line in lines if line.complaint]
        if bad or not lines:
            raise CommandError(f"{len(bad)} of {len(lines)} submissions ended unexpectedly.")

    def token(self, data: Path) -> str:
        for login in demo.logins(data):
            if login.role == "student":
                return login.token
        raise CommandError(f"{data / demo.LOGINS} has no student; start the installation first.")

    def graded(self, site: Site, item: dict[str, Any]) -> Iterator[Line]:
        try:
            exercise = bank.load_in_bank(bank.find(settings.EXERCISES, item["exercise"]))
        except ExerciseError as error:
            yield Line(item["exercise"], item["kind"], "", "", "", None, str(error))
            return
        page = site.exercise(item["id"])
        if page["version"] != exercise.version:
            why = "the installation has another version of it; start it again"
            yield Line(item["exercise"], item["kind"], "", "", "", None, why)
            return
        for attempt in attempts(exercise, page["numbers"], settings.ROOT):
            yield self.line(site, item, attempt)

    def line(self, site: Site, item: dict[str, Any], attempt: Attempt) -> Line:
        found, seconds = site.grade(item["id"], attempt.parts)
        verdict = found["verdict"] or {"status": found["phase"], "points": 0, "max_points": 0}
        status = verdict["status"]
        if found["phase"] == "waiting-for-gpu":
            status += ", speed waits"
        return Line(
            exercise=item["exercise"],
            kind=item["kind"],
            submitted=attempt.name,
            verdict=status,
            points=f"{verdict['points']:g}/{verdict['max_points']:g}",
            seconds=seconds,
            complaint=attempt.complaint(found),
        )
