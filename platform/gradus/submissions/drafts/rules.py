"""When an earlier state of a draft is kept, and how many are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from gradus.submissions.drafts.models import Why

MOST_STATES = 20
MOST_STATES_BYTES = 512 << 10  # of all kept states of one draft
APART = timedelta(minutes=5)  # between kept states while somebody types
MOST_LOST_BYTES = 80  # of a text that loses a quarter, before its state is kept
MOST_PER_MINUTE = 60  # saves of one draft
_STEADY = (Why.TYPED, Why.SENT)


def is_kept(old: Why, new: Why, since_kept: timedelta | None, *, stands_out: bool) -> bool:
    """Whether the replaced state becomes one of the history.

    What a single act made or replaced does, and what stands out: another page goes on from it, or
    much is taken from it. Else one in five minutes.
    `since_kept` is the time from the newest kept state to the replaced one, None without one.
    """
    if old not in _STEADY or new not in _STEADY or stands_out:
        return True
    return since_kept is None or since_kept >= APART


def shrinks(old_bytes: int, new_bytes: int) -> bool:
    return old_bytes - new_bytes > MOST_LOST_BYTES and new_bytes < old_bytes * 3 / 4


def too_many(sizes: Sequence[int]) -> int:
    """How many of the kept states must go, of sizes in bytes from the newest to the oldest."""
    total, kept = 0, 0
    for size_bytes in sizes[:MOST_STATES]:
        total += size_bytes
        if kept and total > MOST_STATES_BYTES:
            break
        kept += 1
    return len(sizes) - kept


def size_bytes(parts: Mapping[str, str]) -> int:
    return sum(len(text.encode()) for text in parts.values())


def seconds_to_wait(minute_at: datetime, saves: int, now: datetime) -> int:
    """Until the next save is possible; 0: now."""
    left = minute_at + timedelta(minutes=1) - now
    if saves < MOST_PER_MINUTE or left <= timedelta(0):
        return 0
    return max(1, int(left.total_seconds()))
