"""What must hold before the first check: the file can be imported and defines what is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from grader.checker.link import CallRaised, SessionLost
from grader.checker.remote import Remote
from grader.errors import outcome_message
from grader.exercise.limits import Limits
from grader.frames import RaisedException

MAX_NAMES = 8


class Invalid(Exception):
    """A submission that is unusable before the first check; the message is the student's."""


def refuse_unusable(student: Remote, functions: Iterable[str], limits: Limits) -> None:
    """Import the student's file and look for the functions asked for. Raises: Invalid."""
    student.begin()
    try:
        student.start()
        missing = [name for name in functions if not _defines(student, name)]
    except CallRaised as raised:
        raise Invalid(import_message(raised.exception)) from None
    except SessionLost as lost:
        message = outcome_message(lost.outcome, limits)
        raise Invalid(f"Your file could not be imported. {message}{_printed(student)}") from None
    if missing:
        raise Invalid(_missing_message(student, missing[0]))


def import_message(exception: RaisedException) -> str:
    """Say why a file cannot be read or imported."""
    kind, text = exception.classes[0], exception.message.strip()[:500]
    if "SyntaxError" in exception.classes:
        where = f"Line {exception.line}" if exception.line else "The file"
        return f"{where} cannot be read: {text or kind}."
    where = f" in line {exception.line}" if exception.line else ""
    return f"The file could not be imported: {kind}{where}{': ' + text if text else ''}"


def _defines(student: Remote, name: str) -> bool:
    if "." in name:
        return student.proxy.has(name)
    kind = student.names.get(name)
    return kind in ("function", "class") or (kind is None and student.proxy.has(name))


def _missing_message(student: Remote, name: str) -> str:
    if student.names.get(name) == "value":
        return f"{name} is no function."
    what = "class" if name[:1].isupper() and "." not in name else "function"
    found = [known for known, kind in student.names.items() if kind != "value"][:MAX_NAMES]
    defined = f"it defines {', '.join(found)}" if found else "it defines none"
    return f"The file defines no {what} {name}; {defined}."


def _printed(student: Remote) -> str:
    text = student.printed().strip()
    return f" It printed: {text[:500]}" if text else ""
