"""Practice: a by-hand sheet with fresh numbers, marked as often as one likes; it never counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Item
from gradus.submissions import parts as parts_rules
from gradus.submissions import policy
from gradus.submissions.errors import NothingToPractise, NotPrepared
from gradus.submissions.models import Job, StudentItem, Submission
from gradus.submissions.services import limits, submit
from gradus.submissions.services.prepare import open_item


@transaction.atomic
def draw_practice(*, enrolment: Enrolment, item: Item, now: datetime) -> StudentItem:
    """The next sheet with numbers of its own; the last one while its numbers are being drawn.

    Raises: NothingToPractise, SubmissionRefused, TooMuchAtOnce.
    """
    User.objects.select_for_update(no_key=True).get(pk=enrolment.user_id)
    _refuse(enrolment, item, now)
    sheets = StudentItem.objects.filter(enrolment=enrolment, item=item, practice__gt=0)
    waiting = sheets.filter(numbers__isnull=True).order_by("-practice").first()
    if waiting is not None:
        return open_item(enrolment=enrolment, item=item, now=now, practice=waiting.practice)
    limits.refuse_too_many_drawings(enrolment, now)
    last = sheets.aggregate(last=Max("practice"))["last"] or 0
    return open_item(enrolment=enrolment, item=item, now=now, practice=last + 1)


@transaction.atomic
def mark_practice(
    *, enrolment: Enrolment, item: Item, practice: int, parts: Mapping[str, str], now: datetime
) -> Submission:
    """Queue the marking of a practice sheet.

    Raises:
        NothingToPractise, NotPrepared, SubmissionRefused: there is no such sheet, or not now.
        PartsRefused, PartsTooLarge: the answers cannot be read.
        TooMuchAtOnce: the last sheet is still being marked, or too many in a minute.
    """
    parts_rules.refuse_unusable(parts, item.version)
    User.objects.select_for_update(no_key=True).get(pk=enrolment.user_id)
    _refuse(enrolment, item, now)
    sheets = StudentItem.objects.filter(enrolment=enrolment, item=item, practice__gt=0)
    sheet = sheets.filter(practice=practice).first()
    if sheet is None or not sheet.is_prepared:
        raise NotPrepared
    limits.refuse_too_much_scratch(enrolment, Submission.Mode.PRACTICE, now)
    made = Submission.objects.create(
        item=item,
        enrolment=enrolment,
        student_item=sheet,
        mode=Submission.Mode.PRACTICE,
        parts=dict(parts),
        sha256=parts_rules.content_hash(parts),
        received_at=now,
    )
    submit.queue_job(made, Job.Lane.LIGHT, Job.Selection.ALL, now)
    return made


def _refuse(enrolment: Enrolment, item: Item, now: datetime) -> None:
    limits.refuse_outside_window(enrolment, item, now)
    if not policy.may_practise(enrolment, item, now):
        raise NothingToPractise
