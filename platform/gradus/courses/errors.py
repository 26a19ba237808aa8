"""Refusals around courses and assignments."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from gradus.courses.exams import Gate
from gradus.lib.refusal import Refused

_AT_THE_DOOR = {
    Gate.NETWORK: _("This exam opens only from the networks that its staff allowed."),
    Gate.PASSWORD: _("This exam opens with a password, which is given on its page in a browser."),
}


class CourseRefused(Refused):
    message = _("This cannot be done in this course.")


class CourseArchived(CourseRefused):
    message = _("The course is archived and can no longer be changed.")


class ExamRefused(CourseRefused):
    """An exam that does not open here and now; `gate` says why."""

    def __init__(self, assignment_id: int, gate: Gate) -> None:
        self.assignment_id, self.gate = assignment_id, gate
        super().__init__(gettext(_AT_THE_DOOR[gate]))


class RosterRefused(CourseRefused):
    message = _("This file cannot be read as a roster.")


class RosterChanged(CourseRefused):
    message = _(
        "The roster changed while you looked at the preview. Nothing was done; look at it again."
    )


class AssignmentChanged(CourseRefused):
    message = _("The assignment was changed since you read it. Nothing was done; read it again.")
