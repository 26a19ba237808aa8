"""Take in a console call: the student's file, then what the student typed, in one session."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Item
from gradus.submissions import parts as parts_rules
from gradus.submissions.errors import NothingToRun
from gradus.submissions.models import Job, Submission
from gradus.submissions.services import limits, submit


@transaction.atomic
def call(*, enrolment: Enrolment, item: Item, source: str, typed: str, now: datetime) -> Submission:
    """Queue one call. It costs no attempt, and no check and no reference has a part in it.

    Raises:
        PartsRefused, PartsTooLarge: nothing typed, too long, or no text.
        SubmissionRefused: not open, not for this role, or nothing to run.
        TooMuchAtOnce: the last call still runs, or too many in a minute.
    """
    parts = {"solution.py": source, parts_rules.CONSOLE_PART: typed}
    if not item.version.has_code:
        raise NothingToRun
    parts_rules.refuse_unusable_console(parts)
    User.objects.select_for_update(no_key=True).get(pk=enrolment.user_id)
    limits.refuse_outside_window(enrolment, item, now)
    limits.refuse_too_much_scratch(enrolment, Submission.Mode.CONSOLE, now)
    made = Submission.objects.create(
        item=item,
        enrolment=enrolment,
        student_item=submit.own_numbers(enrolment, item),
        mode=Submission.Mode.CONSOLE,
        parts=parts,
        sha256=parts_rules.content_hash(parts),
        received_at=now,
    )
    submit.queue_job(made, Job.Lane.LIGHT, Job.Selection.VISIBLE, now)
    return made
