"""Names the mistake: the failed check runs again with each known-wrong solution in the student's place.

Draws are the same, so a known-wrong solution that does what the student did answers every call alike. The
first deviation ends its trial. What matches to the end, and fails there too, is the student's mistake.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.authoring.judging import CheckFailed, Raised
from grader.authoring.registry import CheckSpec
from grader.checker.engine_checks import holds
from grader.checker.finding import first_violation
from grader.checker.judge import Judge
from grader.checker.link import Budget, CallRaised, SessionLost
from grader.checker.remote import CallRecord, Remote, RemoteObject
from grader.compare import compare
from grader.errors import ExerciseError

SECONDS = 0.5  # for all known-wrong solutions of a submission together
ROUNDING = (1e-9, 1e-12)  # two ways to make one mistake may round differently


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known-wrong solution in words: the name is its docstring's first line, the hint the rest."""

    name: str
    hint: str

    @property
    def message(self) -> str:
        return f"Your output equals this mistake on every input that was drawn. {self.hint}".strip()


class Deviation(BaseException):
    """A known-wrong solution did something else than the student; no author code may catch it."""


def diagnose(
    judge: Judge, spec: CheckSpec, log: list[CallRecord], tolerance: tuple[float, float]
) -> Mistake | None:
    """Return the mistake behind a failed check, None where no known-wrong solution matches.

    `log` holds the student's calls of the failed check.
    """
    if not log:
        return None
    sessions = judge.sessions
    budget = Budget(min(SECONDS, max(0.0, sessions.budget.left())))
    for name in sessions.exercise.wrong:
        if budget.left() <= 0:
            return None
        source = sessions.exercise.read(name)
        if _matches(judge, spec, log, tolerance, sessions.remote("wrong", source, budget=budget)):
            return mistake_of(source)
    return None


def mistake_of(source: str) -> Mistake:
    """Read the docstring of a known-wrong solution."""
    text = ast.get_docstring(ast.parse(source)) or ""
    first, _, rest = text.partition("\n")
    return Mistake(first.strip(), " ".join(rest.split()))


def _matches(
    judge: Judge,
    spec: CheckSpec,
    log: list[CallRecord],
    tolerance: tuple[float, float],
    wrong: Remote,
) -> bool:
    made = iter(log)

    def observe(record: CallRecord) -> None:
        own = next(made, None)
        if own is None or not _alike(own, record, tolerance):
            raise Deviation

    wrong.observer = observe
    try:
        wrong.begin()
        judge.reference.begin()
        spec.function(wrong.proxy, judge.reference.proxy, judge.draw_for(spec))
        failed = first_violation(wrong.log) is not None
    except (CheckFailed, Raised):
        failed = True
    except (Deviation, SessionLost, CallRaised):
        return False
    except ExerciseError:
        return False
    except Exception:  # noqa: BLE001 -- the check could not go on with its values, as with the student's
        failed = True
    finally:
        wrong.close()
    return failed and next(made, None) is None


def _alike(own: CallRecord, other: CallRecord, tolerance: tuple[float, float]) -> bool:
    """Tell whether two calls had one outcome: value within tolerance, or one class of exception."""
    if own.label != other.label or (own.raised is None) != (other.raised is None):
        return False
    if {v.kind for v in own.violations} != {v.kind for v in other.violations}:
        return False
    if own.raised is not None and other.raised is not None:
        return own.raised.classes[0] == other.raised.classes[0]
    if holds(own.result, _is_remote) or holds(other.result, _is_remote):
        return type(own.result) is type(other.result)
    rtol, atol = (max(pair) for pair in zip(tolerance, ROUNDING, strict=True))
    return compare(own.result, other.result, rtol=rtol, atol=atol) is None


def _is_remote(value: object) -> bool:
    return isinstance(value, RemoteObject)
