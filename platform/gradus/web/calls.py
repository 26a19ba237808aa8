"""Calls of the scratch console as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gradus.courses.models import Enrolment, Item
from gradus.submissions import selectors
from gradus.submissions.selectors import ConsoleCall
from gradus.web.text import visible

ENTRY = "web/parts/console_entry.html"
LOG = "console-log"  # the element that entries are added to
PAUSES = ((2, "200ms"), (10, "500ms"))  # seconds since it was typed, pause between two questions
LONGEST_PAUSE = "2s"
TOLD = 300  # characters of an answer that a screen reader is told at once


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call as the console shows it; all text is made visible."""

    id: int
    typed: str
    output: str
    value: str
    is_open: bool
    is_fault: bool
    pause: str

    @property
    def told(self) -> str:
        if self.is_open:
            return ""
        if self.is_fault:
            return _("Not answered, by a fault of ours.")
        return (f"{self.output}\n{self.value}".strip() or _("Done; there is no value."))[:TOLD]


def shown_calls(enrolment: Enrolment, item: Item) -> list[ShownCall]:
    """The latest calls, oldest first."""
    now = timezone.now()
    return [shown_call(call, now) for call in selectors.console_calls(enrolment, item)]


def shown_call(found: ConsoleCall, now: datetime) -> ShownCall:
    age_seconds = (now - found.submission.received_at).total_seconds()
    return ShownCall(
        id=found.submission.pk,
        typed=visible(found.typed),
        output=visible(found.output).rstrip("\n"),
        value=visible(found.value),
        is_open=found.is_open,
        is_fault=found.is_fault,
        pause=next((pause for limit, pause in PAUSES if age_seconds < limit), LONGEST_PAUSE),
    )
