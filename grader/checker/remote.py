"""What `checks.py` sees as `student` and `reference`: names and objects that live in a session.

`Remote` is the engine's side: it opens the session lazily, logs every call, applies the engine-wide
checks and renews the session after a loss. The proxies have as few names of their own as they can,
because the student's functions may be called anything.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from grader.authoring.judging import Raised
from grader.checker import engine_checks
from grader.checker.engine_checks import Rules, Violation
from grader.checker.link import CallRaised, Link, SessionLost
from grader.checker.tape import Tape
from grader.errors import ExerciseError, Outcome
from grader.frames import Call, Handle, Load, Op, RaisedException
from grader.frames.messages import NOTHING, Meta

MAX_RENEWALS = 3
MAX_CALLS = 100_000  # in the log of one check


@dataclass(slots=True)
class CallRecord:
    """One call as it was made and answered. Arguments are the checker's own objects."""

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
        if len(self.log) >= MAX_CALLS:
            raise ExerciseError(f"a check made more than {MAX_CALLS} calls", "checks.py")
        if not self.watch:
            call = replace(call, light=True)
        record = CallRecord(label, call.args, call.kwargs)
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
            spoils = engine_checks.holds((call.args, call.kwargs), _is_callback)
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
        if any(engine_checks.holds(value, _stays) for value in values):
            return
        try:
            again, _ = self._guard(lambda: link.call(call))
        except CallRaised as raised:
            record.violations.append(engine_checks.raised_again(record.label, raised.exception))
            return
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
        if self.role == "reference":
            raise ExerciseError(f"the reference ended its session ({outcome})", "solution.py")

    def _as_raised(self, label: str, exception: RaisedException) -> Raised:
        return Raised(self.role, label, exception.classes, exception.message, exception.line)

    def to_handle(self, value: object) -> Handle | None:
        """For the link: the handle behind a proxy."""
        if isinstance(value, RemoteName):
            value = _resolve(value)
        if isinstance(value, RemoteObject):
            return _handle_of(value, self)
        return None

    def from_handle(self, handle: Handle) -> RemoteObject:
        """For the link: a proxy that lets the session forget the object when it is not needed."""
        found = RemoteObject(self, handle)
        if self._link is not None:
            self._link.hold(handle.id)
            weakref.finalize(found, _drop, weakref.ref(self._link), handle.id)
        return found


class Proxy:
    """`student` in a check: any name of the student's file, and keep, has, given."""

    __slots__ = ("_remote",)

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, None, name, name)

    def has(self, name: str) -> bool:
        """Tell whether the file defines a name; "Net.forward" works too."""
        return bool(self._remote.quiet(Call(Op.HAS, self._remote.module, name), name))

    def keep(self, value: Any) -> RemoteObject:
        """Put a value into the session, to be passed again and again; `.value()` reads it back."""
        kept: RemoteObject = self._remote.quiet(Call(Op.KEEP, args=(value,)), "keep")
        return kept

    def given(self, module: str) -> RemoteModule:
        """Return a module of given/ as it lives in the session."""
        return RemoteModule(self._remote, module)


class RemoteModule:
    """A module of given/ in the session."""

    __slots__ = ("_module", "_remote")

    def __init__(self, remote: Remote, module: str) -> None:
        self._remote, self._module = remote, module

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, self._module, name, f"{self._module}.{name}")


class RemoteName:
    """A name in the session: call it, read it with `.value()`, or pass it on as an argument."""

    __slots__ = ("_label", "_name", "_remote", "_subject")

    def __init__(
        self, remote: Remote, subject: RemoteObject | str | None, name: str, label: str
    ) -> None:
        self._remote, self._subject, self._name, self._label = remote, subject, name, label

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = Call(Op.CALL, self._target(), self._name, args, kwargs)
        key = None if isinstance(self._subject, str) else self._label
        found = self._remote.ask(call, self._label, key)
        if isinstance(found, RemoteObject) and self._subject is None:
            object.__setattr__(found, "_origin", self._name)
        return found

    def value(self) -> Any:
        """Return the attribute by value (or as an object, where it cannot cross)."""
        return self._remote.quiet(Call(Op.GET, self._target(), self._name), self._label)

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._remote, _resolve(self), name, f"{self._label}.{name}")

    def __iter__(self) -> Iterator[Any]:
        return iter(_resolve(self))

    def _target(self) -> int | str | None:
        if isinstance(self._subject, RemoteObject):
            return _handle_of(self._subject, self._remote).id
        return self._remote.module if self._subject is None else self._subject


class RemoteObject:
    """An object that stays in the session: attributes, methods, calls, iteration, `.value()`."""

    __slots__ = ("__weakref__", "_handle", "_origin", "_remote")

    def __init__(self, remote: Remote, handle: Handle) -> None:
        self._remote, self._handle = remote, handle
        self._origin: str | None = None  # the name that made it, "Net" of Net(3)

    def __repr__(self) -> str:
        return f"<{self._handle.type_name} in the session>"

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        owner = self._origin or self._handle.type_name
        return RemoteName(self._remote, self, name, f"{owner}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        name = self._origin or self._handle.type_name
        call = Call(Op.CALL, _handle_of(self, self._remote).id, "", args, kwargs)
        return self._remote.ask(call, name, f"{name}.__call__")

    def __len__(self) -> int:
        call = Call(Op.CALL, _handle_of(self, self._remote).id, "__len__")
        try:
            found: int = self._remote.quiet(call, self._handle.type_name)
        except Raised as raised:  # what list() and iter() expect of an object without a length
            raise TypeError(f"{self!r} has no length") from raised
        return found

    def __getitem__(self, key: Any) -> Any:
        return self._method("__getitem__", key)

    def __iter__(self) -> Iterator[Any]:
        call = Call(Op.ITER, _handle_of(self, self._remote).id)
        found: RemoteObject = self._remote.quiet(call, self._handle.type_name)
        return found

    def __next__(self) -> Any:
        call = Call(Op.NEXT, _handle_of(self, self._remote).id)
        try:
            return self._remote.ask(call, f"next({self._handle.type_name})")
        except Raised as raised:
            if raised.classes[:1] == ("StopIteration",):
                raise StopIteration from None
            raise

    def value(self) -> Any:
        """Read the object back by value."""
        call = Call(Op.VALUE, _handle_of(self, self._remote).id)
        return self._remote.quiet(call, self._handle.type_name)

    def _method(self, name: str, *args: Any) -> Any:
        label = f"{self._origin or self._handle.type_name}.{name}"
        call = Call(Op.CALL, _handle_of(self, self._remote).id, name, args)
        return self._remote.ask(call, label)


def _handle_of(found: RemoteObject, remote: Remote) -> Handle:
    """Return the handle. Raises: TypeError for an object of another session."""
    if found._remote is not remote:
        raise TypeError(f"{found!r} lives in another session")
    return found._handle


def _resolve(name: RemoteName) -> RemoteObject:
    call = Call(Op.GET, name._target(), name._name, keep=True)
    found: RemoteObject = name._remote.quiet(call, name._label)
    return found


def _stays(value: object) -> bool:
    return isinstance(value, RemoteObject | RemoteName) or callable(value)


def _is_callback(value: object) -> bool:
    return callable(value) and not isinstance(value, RemoteObject | RemoteName)


def _drop(link: weakref.ref[Link], handle: int) -> None:
    live = link()
    if live is not None:
        live.drop(handle)
