"""An iCalendar file (RFC 5545) of deadlines. Pure: rows in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from gradus.web.text import visible

FOLD_BYTES = 75  # RFC 5545, 3.1: a line has at most so many octets


@dataclass(frozen=True, slots=True)
class Deadline:
    uid: str
    due_at: datetime
    title: str
    course: str
    address: str


def calendar(deadlines: Iterable[Deadline], now: datetime) -> bytes:
    """One event for each deadline, without a length, which blocks no time."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gradus//Deadlines//EN", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(_('Gradus deadlines'))}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]  # fmt: skip
    for one in deadlines:
        lines += [
            "BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{_moment(now)}",
            f"DTSTART:{_moment(one.due_at)}", f"SUMMARY:{_text(_summary(one))}",
            f"DESCRIPTION:{_text(one.course)}", f"URL:{one.address}", "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _summary(one: Deadline) -> str:
    return _("Due: {title}").format(title=one.title)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Escaped as RFC 5545, 3.3.11, asks; control characters are made visible before."""
    shown = visible(text)
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        shown = shown.replace(plain, escaped)
    return shown


def _folded(line: str) -> bytes:
    """The line in pieces of at most FOLD_BYTES, no character cut; each further one begins with a
    space, which belongs to the folding."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > FOLD_BYTES:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
