"""When an assignment opens, is due and closes, and how late something is. Pure.

A submission is judged by the moment at which it was received. What comes at the deadline itself,
or within the grace after it, is in time. After that each begun day counts; a day ends when the
clock in the course's zone shows the time of the deadline again, and has the same grace.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gradus.lib import wallclock

_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    zone: ZoneInfo
    opens_at: datetime | None = None  # none: open
    due_at: datetime | None = None  # none: no end
    late_until: datetime | None = None  # a hard stop; none: `late_days` after the deadline
    solutions_at: datetime | None = None  # none: never
    grace: timedelta = _NO_TIME
    late_days: int = 0  # days after the deadline in which late work is accepted

    def has_opened(self, now: datetime) -> bool:
        return self.opens_at is None or self.opens_at <= now

    def is_past_due(self, now: datetime) -> bool:
        return self.due_at is not None and now > self.due_at

    @property
    def closes_at(self) -> datetime | None:
        """The last moment at which something is accepted; none: no end."""
        if self.due_at is None:
            return None
        in_time = self.due_at + self.grace
        if self.late_until is not None:
            return max(self.late_until, in_time)
        late = wallclock.shift(self.due_at, self.zone, timedelta(days=self.late_days))
        return late + self.grace

    @property
    def takes_late(self) -> bool:
        """Whether something is accepted that is not in time."""
        closes = self.closes_at
        return closes is not None and self.due_at is not None and closes > self.due_at + self.grace

    def has_closed(self, now: datetime) -> bool:
        closes = self.closes_at
        return closes is not None and now > closes

    def days_late(self, received_at: datetime) -> int:
        """Begun days after the deadline; 0 for what is in time."""
        if self.due_at is None or received_at <= self.due_at:
            return 0
        return wallclock.days_begun(self.due_at, received_at - self.grace, self.zone)

    def shows_solutions(self, now: datetime) -> bool:
        """Never before this student's own work is closed."""
        if self.solutions_at is None or now < self.solutions_at:
            return False
        return self.due_at is None or self.has_closed(now)

    def extended(self, due_at: datetime | None) -> Window:
        """The window with a later deadline; the late period moves along. Never an earlier one."""
        if due_at is None or self.due_at is None or due_at <= self.due_at:
            return self
        late = self.late_until
        if late is not None:
            period = wallclock.between(self.due_at, late, self.zone)
            late = max(wallclock.shift(due_at, self.zone, period), late)
        return replace(self, due_at=due_at, late_until=late)
