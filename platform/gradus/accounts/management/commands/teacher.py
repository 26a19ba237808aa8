"""`manage.py teacher`: who may make courses on this installation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gradus.accounts import services


class Command(BaseCommand):
    help = "Let a person make courses, or end it. Who has no account gets one, and a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="", help="needed for a new account")
        parser.add_argument("--withdraw", action="store_true", help="may make no more courses")

    def handle(self, *, username: str, email: str, withdraw: bool, **options: Any) -> None:
        try:
            if withdraw:
                services.withdraw_teaching(username=username)
                self.stdout.write(f"{username} may make no more courses; those there are stay.")
                return
            user, password = services.let_teach(username=username, email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.username} may make courses.")
        if password:
            self.stdout.write(f"password: {password}    (shown once; change it after the login)")
