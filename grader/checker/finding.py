"""Why a check failed, as data: from the way it ended to the result that a verdict holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.authoring.judging import WHOLE_MESSAGE, CheckFailed, Raised
from grader.checker import relations
from grader.checker.engine_checks import Rules, Violation
from grader.checker.messages import MAX_MESSAGE, difference_message, raised_message
from grader.checker.remote import CallRecord
from grader.checker.show import show
from grader.errors import Outcome, outcome_message
from grader.exercise.limits import Limits
from grader.verdict import Counterexample

_LIMITS = {  # the limit that a student reads beside an outcome
    Outcome.WALL: "wall_seconds",
    Outcome.JOB: "job_seconds",
    Outcome.CPU: "cpu_seconds",
    Outcome.MEMORY: "memory_mib",
    Outcome.PROCESSES: "processes",
    Outcome.FILES: "files",
    Outcome.OUTPUT: "output_kib",
    Outcome.DISK: "disk_mib",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One failure, in words and as a counterexample. `tolerance` is that of the comparison.

    Where an exception failed the check, `looked_at` is the pattern of what counts in its message.
    """

    message: str
    counterexample: Counterexample | None = None
    outcome: Outcome | None = None
    limit: float | None = None
    mistake: str | None = None
    tolerance: tuple[float, float] = (0.0, 0.0)
    looked_at: str | None = None


def from_comparison(failed: CheckFailed, log: list[CallRecord], rules: Rules) -> Finding:
    """A value was not as expected, or a property did not hold."""
    difference = failed.difference
    record = _owner(log, failed.got) if difference is not None else None
    last = record or (log[-1] if log else None)
    if difference is None:
        text = failed.message[:MAX_MESSAGE]
        return Finding(text, _example(last, rules), looked_at=failed.looked_at)
    message = difference_message(failed, record.label if record else None)
    broken = first_violation(log)
    more = relations.describe(
        difference.got,
        difference.expected,
        rtol=failed.tolerance[0],
        atol=failed.tolerance[1],
        sizes=_sizes(last),
    )
    if broken is not None:  # a broken promise often is the reason of the wrong value
        more = broken[0].message
    message = f"{message} {more or ''}".rstrip()
    example = _example(last, rules)
    if example is not None and record is not None:
        numeric = difference.kind == "value"
        example = replace(
            example,
            got=show(difference.got, difference.index),
            expected=show(difference.expected, difference.index),
            differs=difference.differs if numeric else None,
            count=difference.count if numeric else None,
            index=difference.index if numeric else None,
        )
    return Finding(message[:MAX_MESSAGE], example, tolerance=failed.tolerance)


def from_raised(
    raised: Raised, log: list[CallRecord], rules: Rules, limits: Limits, outcome: Outcome | None
) -> Finding:
    """The student's code raised where nothing of the kind was asked for."""
    message = raised_message(raised)
    if outcome is not None:
        message = f"{outcome_message(outcome, limits)} {message}"
    example = _example(log[-1] if log else None, rules)
    limit = _limit(outcome, limits)
    return Finding(message[:MAX_MESSAGE], example, outcome, limit, looked_at=WHOLE_MESSAGE)


def from_loss(outcome: Outcome, log: list[CallRecord], rules: Rules, limits: Limits) -> Finding:
    """The session was lost: a limit, a death or a broken protocol."""
    record = log[-1] if log else None
    during = f" It happened in {record.label}." if record else " It happened during the import."
    message = outcome_message(outcome, limits) + during
    return Finding(message, _example(record, rules), outcome, _limit(outcome, limits))


def from_violation(violation: Violation, record: CallRecord, rules: Rules) -> Finding:
    """All values were right, but a call broke a promise of its function."""
    return Finding(violation.message[:MAX_MESSAGE], _example(record, rules))


def first_violation(log: list[CallRecord]) -> tuple[Violation, CallRecord] | None:
    return next(((record.violations[0], record) for record in log if record.violations), None)


def _limit(outcome: Outcome | None, limits: Limits) -> float | None:
    name = _LIMITS.get(outcome) if outcome is not None else None
    return None if name is None else float(getattr(limits, name))


def _example(record: CallRecord | None, rules: Rules) -> Counterexample | None:
    if record is None:
        return None
    inputs = [
        {"name": rules.name_of(record.label, place) or "", "value": show(value)}
        for place, value in enumerate(record.args)
    ]
    inputs += [{"name": name, "value": show(value)} for name, value in record.kwargs.items()]
    got = None if record.raised is not None else show(record.result)
    return Counterexample(call=record.label, inputs=tuple(inputs[:12]), got=got)


def _owner(log: list[CallRecord], value: Any) -> CallRecord | None:
    """Return the latest call whose result is, or holds, this value; None where that is not sure."""
    own = [record for record in log if record.raised is None and _within(record.result, value)]
    if isinstance(value, bool | int | str | None) and len({record.label for record in own}) > 1:
        return None  # Python has one object for equal ones: it may be from any of these calls
    return own[-1] if own else None


def _within(result: Any, value: Any, depth: int = 0) -> bool:
    if result is value:
        return True
    if isinstance(result, np.ndarray) and isinstance(value, np.ndarray):
        return value.base is not None and np.may_share_memory(result, value)
    if depth < 8 and isinstance(result, list | tuple):
        return any(_within(inner, value, depth + 1) for inner in result)
    if depth < 8 and isinstance(result, dict):
        return any(_within(inner, value, depth + 1) for inner in result.values())
    return False


def _sizes(record: CallRecord | None) -> set[int]:
    """Return the lengths that occur in the inputs: candidates for a mean left out."""
    found: set[int] = set()
    for value in () if record is None else (*record.args, *record.kwargs.values()):
        shape = np.shape(value) if isinstance(value, np.ndarray) else ()
        found.update(shape)
        if len(shape) > 1:
            found.add(int(np.prod(shape)))
    return found
