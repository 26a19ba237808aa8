"""Days of the clock, over both changes to daylight saving and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.lib.wallclock import between, days_begun, shift

HELSINKI = ZoneInfo("Europe/Helsinki")  # forward on 28 March 2027 at 03:00, back on 31 October
DAY = timedelta(days=1)


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2027-03-27T23:59", "2027-03-28T23:59", 23),
        ("2027-10-30T23:59", "2027-10-31T23:59", 25),
        ("2027-06-01T23:59", "2027-06-02T23:59", 24),
    ],
)
def test_a_day_later_is_the_same_time_on_the_clock(start: str, end: str, hours: int) -> None:
    found = shift(local(start), HELSINKI, DAY)
    assert found == local(end)
    assert found - local(start) == timedelta(hours=hours)
    assert between(local(start), local(end), HELSINKI) == DAY


def test_a_time_that_never_comes_is_the_later_reading() -> None:
    assert shift(local("2027-03-27T03:30"), HELSINKI, DAY) == local("2027-03-28T04:30")


def test_a_time_that_comes_twice_is_the_second() -> None:
    second = local("2027-10-31T03:30", fold=1)
    assert shift(local("2027-10-30T03:30"), HELSINKI, DAY) == second
    assert second - local("2027-10-31T03:30") == timedelta(hours=1)


def test_no_distance_changes_nothing() -> None:
    first = local("2027-10-31T03:30")
    assert shift(first, HELSINKI, timedelta()) == first


START = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 365 * 24 * 3600).map(lambda s: START + timedelta(seconds=s))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Helsinki", "America/New_York", "Asia/Kolkata", "UTC")]
    + [ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]
)


@given(MOMENTS, ZONES, st.integers(0, 30))
def test_days_begun_counts_from_one_deadline_of_the_clock_to_the_next(
    due: datetime, zone: ZoneInfo, days: int
) -> None:
    end = shift(due, zone, timedelta(days=days))
    assert days_begun(due, end, zone) == days
    assert days_begun(due, end + timedelta(microseconds=1), zone) == days + 1
