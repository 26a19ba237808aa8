"""Who gets a slot next. `FairOrder` is the rule alone; `Slots` lets threads wait for it."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from grader.job.cancel import Interrupted

RECENT_SECONDS = 60.0  # a start this long ago no longer counts against its key


@dataclass(eq=False)
class Ticket:
    """One job's place: waiting, then running, then gone."""

    key: str
    number: int  # order of arrival
    running: bool = False
    gone: bool = False


@dataclass
class FairOrder:
    """Fewest running first, then fewest started in the last minute, then oldest. `now`: seconds."""

    slots: int
    _waiting: list[Ticket] = field(default_factory=list)
    _running: Counter[str] = field(default_factory=Counter)
    _starts: deque[tuple[float, str]] = field(default_factory=deque)
    _arrivals: int = 0

    def join(self, key: str) -> Ticket:
        """Add a job. An empty key is nobody's: such jobs do not count against each other."""
        self._arrivals += 1
        ticket = Ticket(key or f"\0{self._arrivals}", self._arrivals)
        self._waiting.append(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give the place or the slot back (idempotent)."""
        if ticket.gone:
            return
        ticket.gone = True
        if ticket.running:
            self._running[ticket.key] -= 1
            self._running += Counter()  # drops the zeros
        else:
            self._waiting.remove(ticket)

    def start_next(self, now: float) -> Ticket | None:
        """Give a free slot, where there is one, to the job that is next."""
        if not self._waiting or self._running.total() >= self.slots:
            return None
        ticket = self.order(now)[0]
        self._waiting.remove(ticket)
        ticket.running = True
        self._running[ticket.key] += 1
        self._starts.append((now, ticket.key))
        return ticket

    def order(self, now: float) -> list[Ticket]:
        """Return the waiting jobs in the order in which they would start if none came or ended."""
        while self._starts and self._starts[0][0] <= now - RECENT_SECONDS:
            self._starts.popleft()
        recent = Counter(key for _, key in self._starts)
        ahead: Counter[str] = Counter()
        ranks: dict[Ticket, tuple[int, int, int]] = {}
        for ticket in self._waiting:  # in order of arrival
            key, earlier = ticket.key, ahead[ticket.key]
            ranks[ticket] = (self._running[key] + earlier, recent[key] + earlier, ticket.number)
            ahead[key] += 1
        return sorted(self._waiting, key=lambda ticket: ranks[ticket])

    @property
    def running(self) -> int:
        return self._running.total()

    @property
    def waiting(self) -> int:
        return len(self._waiting)


class Slots:
    """Slots of this host, for threads: one fair queue, and one timing slot per reserved core."""

    def __init__(self, slots: int, timing_cores: tuple[int, ...] = ()) -> None:
        self._order = FairOrder(slots)
        self._changed = threading.Condition()
        self._free_cores = list(timing_cores)
        self._cores = timing_cores
        self._timing_line: deque[object] = deque()
        self._held = False

    @contextmanager
    def take(
        self,
        key: str,
        tell: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> Iterator[None]:
        """Wait for a slot and hold it; `tell` hears each new position (1 = next).

        Raises: Interrupted where `cancelled` turned true; whoever turns it calls `wake`.
        """
        with self._changed:
            ticket = self._order.join(key)
        try:
            self._wait(ticket, tell, cancelled)
            yield
        finally:
            with self._changed:
                self._order.leave(ticket)
                self._start_all()

    def hold(self, held: bool) -> None:
        """Start nothing while held: what waits keeps its place, what runs goes on."""
        with self._changed:
            self._held = held
            self._start_all()

    def wake(self) -> None:
        """Let all that wait look again whether they were cancelled."""
        with self._changed:
            self._changed.notify_all()

    @contextmanager
    def timing(self, cancelled: Callable[[], bool]) -> Iterator[int | None]:
        """Wait in line for a reserved core and hold it. None = this host has none.

        Raises: Interrupted.
        """
        if not self._cores:
            yield None
            return
        place = object()
        with self._changed:
            self._timing_line.append(place)
            try:
                while not (self._timing_line[0] is place and self._free_cores):
                    if cancelled():
                        raise Interrupted
                    self._changed.wait()
                core = self._free_cores.pop()
            finally:
                self._timing_line.remove(place)
                self._changed.notify_all()
        try:
            yield core
        finally:
            with self._changed:
                self._free_cores.append(core)
                self._changed.notify_all()

    @property
    def busy(self) -> tuple[int, int]:
        """Return how many jobs run and how many wait."""
        with self._changed:
            return self._order.running, self._order.waiting

    def _wait(
        self, ticket: Ticket, tell: Callable[[int], None], cancelled: Callable[[], bool]
    ) -> None:
        told = 0
        while True:
            with self._changed:
                self._start_all()
                while not ticket.running and not cancelled():
                    position = self._order.order(time.monotonic()).index(ticket) + 1
                    if position != told:
                        break
                    self._changed.wait()
                if cancelled():
                    raise Interrupted
                if ticket.running:
                    return
            told = position
            tell(position)  # outside the lock: it writes to a socket

    def _start_all(self) -> None:
        while not self._held and self._order.start_next(time.monotonic()):
            pass
        self._changed.notify_all()
