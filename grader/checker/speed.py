"""Performance checks: ratios by paired timing, counts and scores by what the check returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader.authoring.judging import CheckFailed, Raised
from grader.authoring.registry import CheckSpec
from grader.checker.finding import Finding, from_comparison, from_loss, from_raised
from grader.checker.judge import Judge
from grader.checker.link import CallRaised, SessionLost
from grader.checker.proxies import RemoteObject
from grader.checker.remote import CallRecord, Remote
from grader.checker.session_link import SessionLink
from grader.checker.suite import as_exercise_error
from grader.compare import compare
from grader.errors import ExerciseError, Outcome
from grader.exercise.manifest import Performance
from grader.frames import Call, Op
from grader.sandbox.outcomes import classify
from grader.timing import pairs, ratio
from grader.timing.pairs import Args, Measurement
from grader.verdict import PerformanceResult

Progress = Callable[[str], None]
SHARE_OF_JOB = 0.4  # of the seconds left, for one measurement; a second one may follow


@dataclass(frozen=True, slots=True)
class Timed:
    """How a performance check ended: its numbers, the share of its points, or why it failed."""

    result: PerformanceResult
    share: float
    finding: Finding | None = None


class Party:
    """A timed session with one function, as `grader.timing` wants it."""

    def __init__(self, link: SessionLink, function: str) -> None:
        self.link, self.function = link, function

    def keep(self, args: Args) -> Args:
        """Put all but plain numbers and texts into the session. Raises: CallRaised, SessionLost."""
        plain = (bool, int, float, str, type(None))
        return tuple(
            value
            if isinstance(value, plain)
            else self.link.call(Call(Op.KEEP, args=(value,), light=True))[0]
            for value in args
        )

    def call(self, kept: Args) -> tuple[Any, float]:
        """Raises: CallRaised, SessionLost."""
        value, _ = self.link.call(Call(Op.CALL, None, self.function, kept, light=True))
        return value, self.link.seconds

    def forget(self, kept: Args) -> None:
        for value in kept:
            if isinstance(value, RemoteObject):
                self.link.drop(value._handle.id)

    def nop(self) -> float:
        self.link.call(Call(Op.HAS, None, self.function, light=True))
        return self.link.seconds

    def cpu_seconds(self) -> float:
        return self.link.session.cpu_seconds()

    def freeze(self) -> None:
        self.link.session.freeze()

    def thaw(self) -> None:
        self.link.session.thaw()


class Baseline(Party):
    """The baseline's party: what goes wrong in it is the author's fault."""

    def keep(self, args: Args) -> Args:
        """Raises: ExerciseError."""
        with self._authors_fault(f"inputs of {self.function}", "checks.py"):
            return super().keep(args)

    def call(self, kept: Args) -> tuple[Any, float]:
        """Raises: ExerciseError."""
        with self._authors_fault(f"the baseline {self.function}", "solution.py"):
            return super().call(kept)

    def nop(self) -> float:
        """Raises: ExerciseError."""
        with self._authors_fault(f"the baseline {self.function}", "solution.py"):
            return super().nop()

    @contextmanager
    def _authors_fault(self, what: str, file: str) -> Iterator[None]:
        """But that the job's time is over, which is the student's, whoever was called just then."""
        try:
            yield
        except (CallRaised, SessionLost) as error:
            if is_time_over(error):
                raise
            raise ExerciseError(f"{what}: {error}", file) from error


class Speed:
    """Measures performance checks of one job against one submission."""

    def __init__(self, judge: Judge, source: bytes) -> None:
        self.judge, self.sessions, self.source = judge, judge.sessions, source
        self.flags: set[str] = set()  # what staff should look at

    def count(self, spec: CheckSpec, table: Performance, student: Remote) -> Timed:
        """Metric count or score: the check returns the number. Raises: ExerciseError."""
        finding = self.judge.judge(spec, student)
        if finding is not None:
            return Timed(_result(spec, table, None), 0.0, finding)
        value = self.judge.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExerciseError(f"{spec.id} returned {value!r}, which is no number", "checks.py")
        lower = table.metric == "count"
        part = ratio.share(value, table.thresholds, lower_is_better=lower)
        return Timed(_result(spec, table, float(value)), part)

    def ratio(self, spec: CheckSpec, table: Performance, progress: Progress) -> Timed:
        """Metric ratio: paired timing; a close or noisy result is measured by a second session.

        Raises: ExerciseError where the reference or the author's code is at fault, HostError.
        """
        try:
            first = self._measure(spec, table, progress)
            near = ratio.is_close_call(first.value, table.thresholds)
            again = near or (first.noisy and not first.clear)
            second = self._measure(spec, table, progress) if again else None
        except Wrong as wrong:
            return Timed(_result(spec, table, None), 0.0, wrong.finding)
        best = max((one for one in (first, second) if one), key=lambda one: one.value)
        noisy = all(one.noisy and not one.clear for one in (first, second) if one)
        result = PerformanceResult(
            id=spec.id,
            metric="ratio",
            value=round(best.value, 4),
            thresholds=table.thresholds,
            pairs=best.pairs,
            band=(round(best.band[0], 4), round(best.band[1], 4)),
            confirmed=second is not None,
            noisy=noisy,
            flags=tuple(sorted(self.flags)),
        )
        return Timed(result, ratio.share(best.value, table.thresholds))

    def _measure(self, spec: CheckSpec, table: Performance, progress: Progress) -> Measurement:
        """Measure once with two fresh timed sessions. Raises: Wrong, ExerciseError."""
        assert table.function is not None
        assert table.baseline is not None
        sessions = self.sessions
        trial = Trial(self, spec, table)
        student = sessions.remote("student", self.source)
        baseline = sessions.remote("reference", sessions.reference_source)
        links: list[SessionLink] = []
        try:
            for remote in (baseline, student):
                links.append(sessions.link(remote, timed=True))
                links[-1].load(remote.load)
            return pairs.measure(
                Party(links[1], table.function),
                Baseline(links[0], table.baseline),
                trial.fresh,
                trial.verify,
                table.thresholds,
                seconds=SHARE_OF_JOB * max(0.0, sessions.budget.left()),
                progress=teller(progress),
            )
        except (CallRaised, SessionLost, CheckFailed) as error:
            if len(links) < 2 and not is_time_over(error):
                raise not_importable(error) from error
            raise Wrong(self.finding(error, trial)) from error
        finally:
            for link in links:
                link.close()

    def finding(self, error: Exception, trial: Trial) -> Finding:
        """Say what went wrong in the student's timed session."""
        sessions = self.sessions
        if isinstance(error, CheckFailed):
            return from_comparison(error, trial.log, sessions.rules)
        if isinstance(error, SessionLost):
            return from_loss(error.outcome, trial.log, sessions.rules, sessions.limits)
        assert isinstance(error, CallRaised)
        raised = error.exception
        outcome = classify(None, sessions.limits, raised.classes, raised.message)
        found = Raised("student", trial.function, raised.classes, raised.message, raised.line)
        return from_raised(found, trial.log, sessions.rules, sessions.limits, outcome)


class Trial:
    """Inputs and expected outputs of one measurement."""

    def __init__(self, speed: Speed, spec: CheckSpec, table: Performance) -> None:
        self.judge, self.spec, self.function = speed.judge, spec, str(table.function)
        self.log: list[CallRecord] = []
        self._draw = self.judge.draw_for(spec)
        self.judge.reference.tape = None

    def fresh(self) -> Args:
        """Draw inputs. Raises: ExerciseError."""
        try:
            args = self.spec.function(self._draw)
        except Exception as error:
            raise as_exercise_error(error, self.judge.sessions.exercise.folder) from error
        return args if isinstance(args, tuple) else (args,)

    def verify(self, args: Args, output: Any) -> None:
        """Compare an output with the reference's. Raises: CheckFailed, ExerciseError."""
        spec, reference = self.spec, self.judge.reference
        self.log[:] = [CallRecord(self.function, args, {}, output)]
        expected = getattr(reference.proxy, self.function)(*args)
        reference.begin()
        difference = compare(output, expected, rtol=spec.rtol, atol=spec.atol)
        if difference is not None:
            raise CheckFailed(
                "", difference=difference, got=output, expected=expected,
                tolerance=(spec.rtol, spec.atol),
            )  # fmt: skip


def teller(progress: Progress) -> Callable[[Any], None]:
    """Return what says how many pairs there are, and what they say so far."""

    def tell(ratios: Any) -> None:
        about = f"{ratio.middle(ratios):.3g}"
        progress(f"{len(ratios)} pairs measured: about {about} times as fast as the baseline.")

    return tell


def is_time_over(error: Exception) -> bool:
    """Whether the job's own time ended, and nothing is wrong with what was called just then."""
    return isinstance(error, SessionLost) and error.outcome is Outcome.JOB


def not_importable(error: Exception) -> ExerciseError:
    return ExerciseError(f"it cannot be imported for timing: {error}", "solution.py")


class Wrong(Exception):
    """The student's timed session failed; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _result(spec: CheckSpec, table: Performance, value: float | None) -> PerformanceResult:
    return PerformanceResult(
        id=spec.id, metric=table.metric, value=value, thresholds=table.thresholds
    )
