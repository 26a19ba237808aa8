"""`manage.py demo`: sync the exercises and make the demo course with its people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gradus.catalog.services import sync
from gradus.ops import demo


class Command(BaseCommand):
    help = "Make the demo course over all exercises, one student and one instructor."

    def handle(self, **options: Any) -> None:
        report = sync(settings.EXERCISES)
        for name, why in report.refused.items():
            self.stderr.write(f"refused {name}: {why}")
        try:
            course = demo.make_demo(settings.DATA)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 0:
            self.stdout.write(f"{course.title}: {course.assignments.count()} assignments")
            self.stdout.write(f"logins are in {settings.DATA / demo.LOGINS}")
