"""Draw a student's numbers: once, at the first view of an item, and never again.

Form, figure and starter are made of them, and anew for each version that the item moves to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from secrets import token_bytes

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gradus.accounts.models import User
from gradus.courses.models import Enrolment, Item
from gradus.courses.services import pin_newest
from gradus.lib import queue
from gradus.submissions import policy
from gradus.submissions.models import Job, StudentItem


@transaction.atomic
def open_item(*, enrolment: Enrolment, item: Item, now: datetime, practice: int = 0) -> StudentItem:
    """What this student's page needs. `is_prepared` is false while the grader draws the numbers.

    One query after the first time. A drawing that failed is tried again.
    """
    version = item.version
    ready = not version.is_personal
    found = StudentItem.objects.filter(enrolment=enrolment, item=item, practice=practice).first()
    if found is not None and found.is_prepared and (ready or found.numbers is not None):
        if ready:
            found.starter = version.starter  # nothing was drawn, so it follows the version
        return found
    User.objects.select_for_update(no_key=True).get(pk=enrolment.user_id)
    if found is not None and ready:  # a version that does not draw came after one that did
        StudentItem.objects.filter(pk=found.pk).update(
            prepared_at=now, form=None, figure=None, starter=version.starter
        )
    elif found is not None:  # a version that draws came after one that did not
        StudentItem.objects.filter(pk=found.pk, numbers__isnull=True).update(prepared_at=None)
    student_item, _ = StudentItem.objects.get_or_create(
        enrolment=enrolment,
        item=item,
        practice=practice,
        defaults={
            "starter": version.starter,
            "prepared_at": now if ready else None,
            "created_at": now,
        },
    )
    if not student_item.is_prepared:
        _queue_drawing(student_item, now)
    return student_item


@transaction.atomic
def move_to_newest(*, item: Item) -> bool:
    """Pin an item to its exercise's newest version; whether it moved. Students' numbers stay."""
    if not pin_newest(item=item):
        return False
    prepare_anew([item.pk])
    return True


def prepare_anew(items: Iterable[int]) -> None:
    """Let the pages of items that moved to another version be prepared for it; numbers stay.

    Rows that wait for their first numbers are written too: a drawing for the version that was left
    either ended before, or sees the move.
    """
    drawn = Q(numbers__isnull=False) | Q(prepared_at__isnull=True)
    StudentItem.objects.filter(drawn, item__in=items).update(prepared_at=None)


def student_seed(student_item: StudentItem) -> str:
    """64 hexadecimal digits from which this student's numbers are drawn; never from the version."""
    enrolment, item = student_item.enrolment, student_item.item
    subject = (item.pk, item.exercise.slug, enrolment.user_id, student_item.practice)
    message = ":".join(map(str, ("numbers", *subject))).encode()
    return hmac.new(settings.INSTALLATION_SECRET.encode(), message, hashlib.sha256).hexdigest()


def _queue_drawing(student_item: StudentItem, now: datetime) -> None:
    waiting = student_item.jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if waiting.exists():
        return
    failed = student_item.jobs.filter(state=Job.State.ERROR, ended_at__gt=now - settings.WAKE_AFTER)
    if failed.exists():
        return  # each look at the page must not cost a drawing
    Job.objects.create(
        student_item=student_item,
        lane=Job.Lane.LIGHT,
        fair_key=policy.fair_key(student_item.enrolment),
        seed=token_bytes(16),
        created_at=now,
        not_before=now,
    )
    queue.wake_lane(Job.Lane.LIGHT)
