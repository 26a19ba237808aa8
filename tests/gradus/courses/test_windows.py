"""Windows around the second, in both halves of the year, and with extensions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.courses.windows import Window

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


def window(**fields: Any) -> Window:
    return Window(**{"zone": BERLIN, "due_at": DUE, **fields})


@pytest.mark.parametrize(("gap", "late"), [(-TICK, 0), (0 * TICK, 0), (TICK, 1)])
def test_the_deadline_itself_is_in_time(gap: timedelta, late: int) -> None:
    assert window().days_late(DUE + gap) == late
    assert window().has_closed(DUE + gap) is bool(late)


@pytest.mark.parametrize(
    ("gap", "days"),
    [
        (timedelta(minutes=5), 0),
        (timedelta(minutes=5) + TICK, 1),
        (DAY + timedelta(minutes=5), 1),
        (DAY + timedelta(minutes=5) + TICK, 2),
    ],
)
def test_each_day_ends_with_the_grace(gap: timedelta, days: int) -> None:
    assert window(grace=timedelta(minutes=5), late_days=3).days_late(DUE + gap) == days


def test_late_work_is_accepted_for_so_many_days_of_the_clock() -> None:
    due = datetime(2027, 3, 27, 22, 59, tzinfo=UTC)  # 23:59 before the clock is set forward
    stop = datetime(2027, 3, 28, 21, 59, tzinfo=UTC)  # 23:59 on the next day, 23 hours later
    found = window(due_at=due, late_days=1)
    assert found.closes_at == stop
    assert not found.has_closed(stop)
    assert found.has_closed(stop + TICK)
    assert found.days_late(stop) == 1


def test_a_hard_stop_wins_over_the_days_of_the_course_and_takes_no_grace() -> None:
    stop = DUE + timedelta(hours=2)
    found = window(late_until=stop, late_days=9, grace=timedelta(minutes=5))
    assert found.closes_at == stop
    assert window(late_until=DUE, late_days=9).takes_late is False


def test_a_hard_stop_within_the_grace_does_not_take_it_away() -> None:
    grace = timedelta(minutes=5)
    assert window(late_until=DUE, grace=grace).closes_at == DUE + grace


def test_without_a_deadline_nothing_closes() -> None:
    found = window(due_at=None, late_days=3)
    assert found.closes_at is None
    assert not found.has_closed(DUE + 1000 * DAY)
    assert found.days_late(DUE + 1000 * DAY) == 0
    assert not found.takes_late


def test_it_opens_on_the_moment() -> None:
    found = window(opens_at=DUE - DAY)
    assert not found.has_opened(DUE - DAY - TICK)
    assert found.has_opened(DUE - DAY)


def test_solutions_wait_for_the_own_hard_stop() -> None:
    found = window(solutions_at=DUE + DAY, late_days=1)
    assert not found.shows_solutions(DUE + DAY)  # the last moment in which one may submit
    assert found.shows_solutions(DUE + DAY + TICK)
    extended = found.extended(DUE + 2 * DAY)
    assert not extended.shows_solutions(DUE + 3 * DAY)
    assert extended.shows_solutions(DUE + 3 * DAY + TICK)
    assert not window(solutions_at=None).shows_solutions(DUE + 9 * DAY)


@given(st.integers(-10, 40), st.integers(0, 5), st.integers(0, 48))
def test_an_extension_never_takes_anything_away(days: int, late_days: int, hours: int) -> None:
    for late_until in (None, DUE + timedelta(hours=hours)):
        found = window(late_days=late_days, late_until=late_until)
        extended = found.extended(DUE + days * DAY)
        assert extended.due_at is not None
        assert extended.closes_at is not None
        assert found.closes_at is not None
        assert extended.due_at >= DUE
        assert extended.closes_at >= found.closes_at
        if days > 0 and late_until is not None:  # the late period moves along, on the clock
            summer = extended.due_at.astimezone(BERLIN).dst() or timedelta()
            gap = extended.closes_at - extended.due_at
            assert abs(gap - timedelta(hours=hours)) <= max(summer, timedelta(hours=1))
