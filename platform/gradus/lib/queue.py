"""Wake-ups for workers. A lost one costs time, never work: the rows are swept."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

WORK = "submissions.work"
RECORD_VERDICT = "gradebook.record_verdict"
SEND_LETTER = "accounts.send_letter"


def wake_lane(lane: str, *, after: timedelta = timedelta(0)) -> None:
    """Tell the workers of a lane, once the transaction is committed, that there is work.

    `after` is for pauses of seconds: the broker delivers a message again when it is held for hours.
    """
    transaction.on_commit(partial(send, WORK, [lane], lane=lane, after=after))


def tell(task: str, argument: int) -> None:
    """Wake a task by name after commit: how a lower app tells a higher one that a row is there."""
    transaction.on_commit(partial(send, task, [argument], lane="light"))


def send(task: str, arguments: list[Any], *, lane: str, after: timedelta = timedelta(0)) -> bool:
    """Send at once; False (and a warning) where the broker does not answer."""
    countdown = after.total_seconds() or None
    try:
        current_app.send_task(
            task, args=arguments, queue=lane, retry=False, expires=3600, countdown=countdown
        )
    except (OperationalError, OSError) as error:
        log.warning("wake-up not sent", task=task, lane=lane, error=type(error).__name__)
        return False
    return True


def waiting(lane: str) -> int:
    """Messages that no worker of the lane has taken yet. Raises: OperationalError, OSError."""
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(lane).message_count)
