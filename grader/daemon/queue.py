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
TELL_SECONDS = 0.5  # a new position is told after at most so long


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
    _recent: Counter[str] = field(default_factory=Counter)  # of these, by key
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
        ranks = self._ranks(now)
        ticket = min(self._waiting, key=ranks.__getitem__)
        self._waiting.remove(ticket)
        ticket.running = True
        self._running[ticket.key] += 1
        self._starts.append((now, ticket.key))
        self._recent[ticket.key] += 1
        return ticket

    def order(self, now: float) -> list[Ticket]:
        """Return the waiting jobs in the order in which they would start if none came or ended."""
        return sorted(self._waiting, key=self._ranks(now).__getitem__)

    def _ranks(self, now: float) -> dict[Ticket, tuple[int, int, int]]:
        while self._starts and self._starts[0][0] <= now - RECENT_SECONDS:
            key = self._starts.popleft()[1]
            self._recent[key] -= 1
            if not self._recent[key]:
                del self._recent[key]
        ahead: Counter[str] = Counter()
        ranks: dict[Ticket, tuple[int, int, int]] = {}
        for ticket in self._waiting:  # in order of arrival
            key, earlier = ticket.key, ahead[ticket.key]
            ranks[ticket] = (
                self._running[key] + earlier,
                self._recent[key] + earlier,
                ticket.number,
            )
            ahead[key] += 1
        return ranks

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
        self._lock = threading.Lock()
        self._bells: dict[Ticket, threading.Condition] = {}  # of those that wait: one is rung
        self._positions: dict[Ticket, int] | None = None  # None: to be counted anew
        self._changed = threading.Condition(self._lock)  # in the line for timing
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
        """Wait for a slot and hold it; `tell` hears its position (1 = next), soon after a change.

        Raises: Interrupted where `cancelled` turned true; whoever turns it calls `wake`.
        """
        with self._lock:
            ticket = self._order.join(key)
            self._bells[ticket] = threading.Condition(self._lock)
            self._start_all()
        try:
            self._wait(ticket, tell, cancelled)
            yield
        finally:
            with self._lock:
                self._bells.pop(ticket, None)
                self._order.leave(ticket)
                self._start_all()

    def hold(self, held: bool) -> None:
        """Start nothing while held: what waits keeps its place, what runs goes on."""
        with self._lock:
            self._held = held
            self._start_all()

    def wake(self) -> None:
        """Let all that wait look again whether they were cancelled."""
        with self._lock:
            self._changed.notify_all()
            for bell in self._bells.values():
                bell.notify_all()

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
            with self._lock:
                if told and not ticket.running and not cancelled():
                    self._bells[ticket].wait(TELL_SECONDS)
                if cancelled():
                    raise Interrupted
                if ticket.running:
                    return
                position = self._position(ticket)
            if position != told:
                tell(position)  # outside the lock: it writes to a socket
            told = position

    def _position(self, ticket: Ticket) -> int:
        """Count once for all that wait, and not for each of them."""
        if self._positions is None:
            order = self._order.order(time.monotonic())
            self._positions = {waiting: place for place, waiting in enumerate(order, 1)}
        return self._positions[ticket]

    def _start_all(self) -> None:
        """Start what may start now; who waits longer is not woken."""
        self._positions = None
        while not self._held and (ticket := self._order.start_next(time.monotonic())):
            self._bells.pop(ticket).notify_all()
