"""One role of a job (student, reference, known-wrong) over the sessions that it needs.

It opens the session lazily, logs every call, applies the engine-wide checks and renews the session
after a loss. What `checks.py` sees of it are the proxies.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.judging import Raised
from grader.checker import engine_checks
from grader.checker.engine_checks import Rules, Violation
from grader.checker.link import CallRaised, Link, SessionLost
from grader.checker.proxies import (
    Proxy,
    RemoteName,
    RemoteObject,
    handle_of,
    is_callback,
    resolve,
    stays,
)
from grader.checker.tape import Tape, own_copy
from grader.errors import ExerciseError, Outcome
from grader.frames import Call, Handle, Load, RaisedException
from grader.frames.messages import NOTHING, Meta

MAX_RENEWALS = 3
MAX_CALLS = 100_000  # in the log of one check
SMALL = 2048  # entries of an array that the log copies, lest the check changes it after the call


@dataclass(slots=True)
class CallRecord:
    """One call as it was made and answered; large arguments are the checker's own objects."""

    label: str  # "softmax_ce", "EarlyStopping.update"
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    raised: RaisedException | None = None
    violations: list[Violation] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What the sessions of a role used so far."""

    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class Remote:
    """One role (student, reference, wrong) of a job: one session at a time, the log of a check."""

    def __init__(
        self,
        role: str,
        load: Load,
        open_link: Callable[[Remote], Link],
        rules: Rules,
        *,
        watch: bool,
    ) -> None:
        self.role, self.rules, self.watch = role, rules, watch
        self.module: str | None = None  # a given module that plays the role of the file itself
        self.log: list[CallRecord] = []
        self.lost: Outcome | None = None  # in this check
        self.renewals = 0
        self.names: dict[str, str] = {}
        self.observer: Callable[[CallRecord], None] | None = None
        self.tape: Tape | None = None  # what the reference answers is recorded or played back
        self.proxy = Proxy(self)
        self.spent = Spent()
        self.load, self._open_link = load, open_link
        self._link: Link | None = None
        self._repeated: set[str] = set()
        self._printed = ""  # by a session that was lost

    def begin(self) -> None:
        """Start a check with an empty log."""
        self.log, self.lost, self._repeated = [], None, set()

    def start(self) -> Link:
        """Return the live session, opening one where there is none.

        Raises: CallRaised where the file cannot be imported, SessionLost.
        """
        if self.lost is not None:
            raise SessionLost(self.lost)
        if self._link is None:
            link = self._open_link(self)
            try:
                self.names = link.load(self.load)
            except CallRaised:
                link.close()
                raise
            except SessionLost as lost:
                self._printed += link.printed.text()
                self._count(link)
                self._lose(lost.outcome)
                raise
            self._link = link
        return self._link

    def close(self) -> None:
        """End the session and count what it used (idempotent)."""
        if self._link is not None:
            self._link.close()
            self._count(self._link)
            self._link = None

    def _count(self, link: Link) -> None:
        if link.ending is not None:
            seconds = self.spent.cpu_seconds + link.ending.cpu_seconds
            self.spent = Spent(seconds, max(self.spent.peak_bytes, link.ending.peak_bytes))

    def cpu_seconds(self) -> float:
        """Return the processor time of the live session so far. Raises: as `ask`."""
        if self.tape is not None and self.tape.plays:
            return 0.0
        return self._live().cpu_seconds()

    def printed(self) -> str:
        """Return what the session printed since the last call."""
        text, self._printed = self._printed, ""
        return text if self._link is None else text + self._link.printed.text()

    def finish(self) -> None:
        """End a check: a frame that came unasked loses the session. Raises: SessionLost."""
        if self._link is not None:
            self._guard(self._link.check_silence)

    def ask(self, call: Call, label: str, key: str | None = None) -> Any:
        """Make one logged call. `key` names the function whose rules apply.

        Raises: Raised where the code raised, SessionLost, ExerciseError for the reference.
        """
        if self.tape is not None and self.tape.plays:
            return self.tape.play(call, label)
        link = self._live()
        if len(self.log) >= MAX_CALLS:  # the judge finds out whose fault
            raise RuntimeError(f"more than {MAX_CALLS} calls in one check")
        if not self.watch:
            call = Call(call.op, call.subject, call.name, call.args, call.kwargs, call.keep, True)
        record = CallRecord(label, own_copy(call.args, SMALL), own_copy(call.kwargs, SMALL))
        self.log.append(record)
        rules = self.rules.of(key) if self.watch and key is not None else None
        try:
            value, meta = self._guard(lambda: link.call(call))
        except CallRaised as raised:
            record.raised, record.seconds = raised.exception, link.seconds
            record.violations = self._seen(record, key, raised.meta)
            self._observe(record)
            raise self._as_raised(label, raised.exception) from None
        record.result, record.seconds = value, link.seconds
        record.violations = self._seen(record, key, meta)
        if rules is not None and rules.repeat and key not in self._repeated:
            self._repeated.add(str(key))
            self._repeat(link, call, record)
        self._observe(record)
        self._tape(call, label, value)
        return value

    def _tape(self, call: Call, label: str, value: Any) -> None:
        if self.tape is not None:
            spoils = engine_checks.holds((call.args, call.kwargs), is_callback)
            self.tape.record(call, label, value, spoils=spoils)

    def quiet(self, call: Call, label: str) -> Any:
        """Make one call outside the log: attributes, names, handles. Raises: as `ask`."""
        if self.tape is not None and self.tape.plays:
            return self.tape.play(call, label)
        link = self._live()
        try:
            value = self._guard(lambda: link.call(call))[0]
            self._tape(call, label, value)
            return value
        except CallRaised as raised:
            raise self._as_raised(label, raised.exception) from None

    def _live(self) -> Link:
        try:
            return self.start()
        except CallRaised as raised:  # it could be imported before, now it cannot
            self._lose(Outcome.DIED)
            raise self._as_raised("import", raised.exception) from None

    def _seen(self, record: CallRecord, key: str | None, meta: Meta) -> list[Violation]:
        if not self.watch or meta is NOTHING:
            return []
        return engine_checks.violations(record.label, self.rules, key, meta)

    def _repeat(self, link: Link, call: Call, record: CallRecord) -> None:
        values = (call.args, call.kwargs, record.result)
        if any(engine_checks.holds(value, stays) for value in values):
            return
        link.printed.shows = False  # the student would wonder why everything is there twice
        try:
            again, _ = self._guard(lambda: link.call(call))
        except CallRaised as raised:
            record.violations.append(engine_checks.raised_again(record.label, raised.exception))
            return
        finally:
            link.printed.shows = True
        violation = engine_checks.differs_again(record.label, again, record.result)
        if violation is not None:
            record.violations.append(violation)

    def _observe(self, record: CallRecord) -> None:
        if self.observer is not None:
            self.observer(record)

    def _guard(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except SessionLost as lost:
            self._lose(lost.outcome)
            raise

    def _lose(self, outcome: Outcome) -> None:
        self.lost = outcome
        self.renewals += 1
        self._printed = self.printed()
        self.close()
        if self.role == "reference" and outcome is not Outcome.JOB:
            raise ExerciseError(f"the reference ended its session ({outcome})", "solution.py")

    def _as_raised(self, label: str, exception: RaisedException) -> Raised:
        return Raised(self.role, label, exception.classes, exception.message, exception.line)

    def to_handle(self, value: object) -> Handle | None:
        """For the link: the handle behind a proxy."""
        if isinstance(value, RemoteName):
            value = resolve(value)
        if isinstance(value, RemoteObject):
            return handle_of(value, self)
        return None

    def from_handle(self, handle: Handle) -> RemoteObject:
        """For the link: a proxy that lets the session forget the object when it is not needed."""
        found = RemoteObject(self, handle)
        if self._link is not None:
            self._link.hold(handle.id)
            weakref.finalize(found, _drop, weakref.ref(self._link), handle.id)
        return found


def _drop(link: weakref.ref[Link], handle: int) -> None:
    live = link()
    if live is not None:
        live.drop(handle)
