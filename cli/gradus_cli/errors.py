"""What can go wrong, each with the exit code that scripts rely on."""

from __future__ import annotations


class CliError(Exception):
    """Shown as one line, without a traceback; the process ends with `exit_code`."""

    exit_code = 2  # used wrongly


class Refused(CliError):
    """The site said no: a rule, a missing right, something that is not there."""

    exit_code = 3


class NotLoggedIn(Refused):
    """There is no token for the site, or it is no longer valid."""


class Unreachable(CliError):
    """The site does not answer, or what answers is no Gradus."""

    exit_code = 4
