"""`manage.py run`: the whole installation in the foreground, for a laptop or a small class."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gradus.ops import embedded, schema
from gradus.ops.supervisor import KeepsDying, Supervisor


class Command(BaseCommand):
    help = "Start broker, grader, worker, beat and web server; Ctrl-C stops all of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--data", type=Path, default=Path("var"))

    def handle(self, *, port: int, host: str, data: Path, **options: Any) -> None:
        os.umask(0o077)  # whatever the data folder's own mode, its files are for this user alone
        try:
            installation = embedded.plan(data, host, port)
            held = embedded.lock(installation.data)
        except embedded.CannotStart as reason:
            raise CommandError(str(reason)) from reason
        os.environ.update(installation.environment())
        supervisor = Supervisor(installation.data / "logs", self.tell)
        supervisor.take_signals()
        try:
            self.serve(installation, supervisor)
        except KeepsDying as reason:
            raise CommandError(str(reason)) from reason
        finally:
            supervisor.stop()
            installation.clear()
            held.close()
        self.tell("stopped")

    def serve(self, installation: embedded.Embedded, supervisor: Supervisor) -> None:
        children = {child.name: child for child in installation.children()}
        started = (
            ["valkey", "web"] if schema.is_current() else ["valkey"]
        )  # pages at once if we may
        for name in started:
            supervisor.start(children[name])
        supervisor.start(children["grader"])
        self.prepare_database()
        for name in children:
            if name not in (*started, "grader"):
                supervisor.start(children[name])
        supervisor.watch(until=lambda: answers(f"{installation.address}healthz"))
        if supervisor.stopping:
            return
        self.tell(f"Gradus is at {installation.address}")
        self.tell_logins(installation.data)
        supervisor.watch(until=lambda: answers(f"{installation.address}readyz"))
        if not supervisor.stopping:
            self.tell("Ready to grade. Ctrl-C stops everything.")
        supervisor.watch()

    def prepare_database(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("demo", verbosity=0)

    def tell_logins(self, data: Path) -> None:
        logins = json.loads((data / "demo-logins.json").read_text())
        for person in logins["people"]:
            self.tell(f"  {person['role']:<12}{person['username']:<8}{person['password']}")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own server
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
