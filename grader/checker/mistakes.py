"""Names the mistake: the failed check runs again with known-wrong solutions in the student's place.

Draws are the same, so a known-wrong solution that does what the student did answers every call
alike. The first deviation ends its trial. What matches to the end, and fails there too, is the
student's mistake. All of them live in one session, as modules: they are the author's files, and a
session for each would cost more than everything else together.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.authoring.judging import CheckFailed, Raised
from grader.authoring.registry import CheckSpec
from grader.checker.engine_checks import Rules
from grader.checker.finding import Finding, first_violation
from grader.checker.judge import Judge
from grader.checker.link import CallRaised, SessionLost
from grader.checker.proxies import RemoteObject
from grader.checker.remote import CallRecord, Remote
from grader.checker.sessions import Sessions
from grader.checker.tape import OffTape
from grader.compare import compare
from grader.errors import ExerciseError
from grader.exercise.outputs import Place

MAX_CALLS = 2500  # of all known-wrong solutions of a submission together: about 0.3 s when idle
MAX_OTHERS = 2
# Calls are counted, so that a replay says the same; the clock only ends what is far out of bounds.
SECONDS = 6.0
CALL_SECONDS = 1.0
ROUNDING = (1e-9, 1e-12)  # two ways to make one mistake may round differently
_MODULE = "_known_wrong_{}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known-wrong solution in words: the first line of its docstring, and the rest as a hint.

    `others` are the names of those that the calls of this check cannot tell from it.
    """

    name: str
    hint: str
    others: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What a student reads below the name, in one line."""
        same = "A solution with this mistake does the same as yours in every call of this check."
        also = "".join(f" So does one with another: {name}" for name in self.others[:MAX_OTHERS])
        return f"{same} {self.hint}".strip() + also


class Deviation(BaseException):
    """A known-wrong solution did not do what the student did; author code cannot catch it."""


def diagnose(
    judge: Judge,
    spec: CheckSpec,
    log: list[CallRecord],
    finding: Finding,
    passed: Sequence[CheckSpec] = (),
) -> Mistake | None:
    """Return the mistake behind a failed check, None where no known-wrong solution matches.

    `log` holds the student's calls of the failed check, `finding` says how it failed. `passed` are
    the checks that the student passed: of several that match, those that fail one are not named.
    """
    exercise = judge.sessions.exercise
    if not log or not exercise.wrong:
        return None
    if any(judge.sessions.rules.of(record.label).slow for record in log):
        return None
    sources = [exercise.read(name) for name in exercise.wrong]
    remote = _remote(judge.sessions, sources)
    end = time.monotonic() + min(SECONDS, judge.sessions.budget.left())
    calls = 0
    found: dict[str, Mistake] = {}  # by module
    try:
        for number, source in enumerate(sources):
            if calls > MAX_CALLS or time.monotonic() > end:
                break
            remote.module = _MODULE.format(number)
            trial = _Trial(iter(log), finding, log[-1], judge.sessions.rules)
            if _matches(judge, spec, remote, trial):
                found[remote.module] = mistake_of(source)
            calls += len(remote.log)
        if len(found) > 1:
            found = _unrefuted(judge, remote, found, passed, end)
    finally:
        remote.close()
    names = tuple(dict.fromkeys(mistake.name for mistake in found.values()))
    return replace(next(iter(found.values())), others=names[1:]) if found else None


def mistake_of(source: str) -> Mistake:
    """Read the docstring of a known-wrong solution."""
    text = ast.get_docstring(ast.parse(source)) or ""
    first, _, rest = text.partition("\n")
    return Mistake(first.strip(), " ".join(rest.split()))


def _remote(sessions: Sessions, sources: list[str]) -> Remote:
    remote = sessions.remote("wrong", "")
    modules = {f"{_MODULE.format(i)}.py": text.encode() for i, text in enumerate(sources)}
    load = replace(remote.load, given={**sessions.given, **modules})
    return Remote(
        "wrong",
        load,
        lambda made: sessions.link(made, seconds=min(CALL_SECONDS, sessions.limits.wall_seconds)),
        sessions.rules,
        watch=True,
    )


@dataclass
class _Trial:
    """The student's calls that a known-wrong solution has not matched yet."""

    calls: Iterator[CallRecord]
    finding: Finding
    last: CallRecord
    rules: Rules

    def observe(self, record: CallRecord) -> None:
        """Compare the next call. Raises: Deviation."""
        own = next(self.calls, None)
        opaque = self.rules.opaque(record.label)
        if own is None or not _alike(own, record, self.finding.tolerance, opaque):
            raise Deviation
        if own is self.last and self._said(own) != self._said(record):
            raise Deviation

    def _said(self, record: CallRecord) -> list[str]:
        """Return what counts in its message where the last call's exception is the failure."""
        if record.raised is None or self.finding.looked_at is None:
            return []
        return re.findall(self.finding.looked_at, record.raised.message.casefold())

    def is_over(self) -> bool:
        return next(self.calls, None) is None


def _matches(judge: Judge, spec: CheckSpec, wrong: Remote, trial: _Trial) -> bool:
    wrong.observer = trial.observe
    wrong.begin()
    judge.reference.begin()
    tape = judge.reference.tape
    if tape is None or tape.spoilt:
        judge.reference.tape = None
    else:
        tape.rewind()
    try:
        spec.function(wrong.proxy, judge.reference.proxy, judge.draw_for(spec))
        failed = first_violation(wrong.log) is not None
    except (CheckFailed, Raised):
        failed = True
    except (Deviation, OffTape, SessionLost, CallRaised, ExerciseError):
        return False
    except Exception:  # noqa: BLE001 -- the check cannot go on with its values, nor with the student's
        failed = True
    return failed and trial.is_over()


def _unrefuted(
    judge: Judge,
    wrong: Remote,
    found: dict[str, Mistake],
    passed: Sequence[CheckSpec],
    end: float,
) -> dict[str, Mistake]:
    """Leave out what fails a check that the student passed, unless that leaves none."""
    wrong.observer, judge.reference.tape = None, None
    left = dict(found)
    calls = 0
    for spec in passed:
        for module in [*left] if len(left) > 1 else []:
            if calls > MAX_CALLS or time.monotonic() > end:
                return left
            wrong.module = module
            if _fails(judge, spec, wrong) and len(left) > 1:
                del left[module]
            calls += len(wrong.log)
    return left


def _fails(judge: Judge, spec: CheckSpec, wrong: Remote) -> bool:
    wrong.begin()
    judge.reference.begin()
    try:
        spec.function(wrong.proxy, judge.reference.proxy, judge.draw_for(spec))
    except Exception:  # noqa: BLE001 -- whatever it is, the student's file did better
        return True
    return first_violation(wrong.log) is not None


def _alike(
    own: CallRecord,
    other: CallRecord,
    tolerance: tuple[float, float],
    opaque: frozenset[Place],
) -> bool:
    """Tell whether two calls had one outcome: value within tolerance, or one class of exception."""
    if own.label != other.label or (own.raised is None) != (other.raised is None):
        return False
    if {v.without_line for v in own.violations} != {v.without_line for v in other.violations}:
        return False
    if own.raised is not None and other.raised is not None:
        return own.raised.classes[0] == other.raised.classes[0]
    got, expected = _masked(_open(own.result, opaque), _open(other.result, opaque))
    rtol = max(tolerance[0], ROUNDING[0])
    # A check that compares without atol looks at tiny numbers: among them ROUNDING is no rounding.
    atol = tolerance[1] if tolerance[0] else ROUNDING[1]
    return compare(got, expected, rtol=rtol, atol=atol) is None


def _open(result: Any, opaque: frozenset[Place]) -> Any:
    """Return a result without the outputs that have another form in every file."""
    if None in opaque:
        return None
    if opaque and isinstance(result, list | tuple):
        return [None if at in opaque else one for at, one in enumerate(result)]
    return result


def _masked(own: Any, other: Any) -> tuple[Any, Any]:
    """Return both with no more of what stays in a session than that it does."""
    if _is_remote(own) or _is_remote(other):
        return _is_remote(own), _is_remote(other)
    if isinstance(own, list | tuple) and isinstance(other, list | tuple) and len(own) == len(other):
        pairs = [_masked(*pair) for pair in zip(own, other, strict=True)]
        return [one for one, _ in pairs], [one for _, one in pairs]
    if isinstance(own, dict) and isinstance(other, dict) and own.keys() == other.keys():
        inner = {key: _masked(own[key], other[key]) for key in own}
        return {k: v[0] for k, v in inner.items()}, {k: v[1] for k, v in inner.items()}
    return own, other


def _is_remote(value: object) -> bool:
    return isinstance(value, RemoteObject)
