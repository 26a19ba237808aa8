"""One exercise version on trial: grades its files and says for each whether its gate held."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from grader.contracts import (
    Answers,
    Gate,
    GateCheck,
    Line,
    Op,
    Parts,
    Prepared,
    Refused,
    VerdictLine,
)
from grader.exercise.load import ANSWERS_PART, SOLUTION_PART, Exercise
from grader.verdict import CheckStatus, Status, StepStatus, Verdict, from_json

Ask = Callable[..., Line]  # (op, submission, **fields of the request) -> the last line
Sheet = Mapping[str, Any]
SURVIVES = "survives every check"


class Unusable(Exception):
    """A trial did not end as its gate wants; the message is the gate's."""

    def __init__(self, message: str, verdict: Verdict | None = None) -> None:
        super().__init__(message)
        self.verdict = verdict


@dataclass(frozen=True)
class Trial:
    """One draw of the exercise: a seed, and this seed's numbers and answers."""

    seed: str
    numbers: dict[str, Any] | None = None
    key: Answers | None = None


@dataclass
class Trials:
    """All trials of one exercise. `ask` does one job of it."""

    exercise: Exercise
    ask: Ask
    seeds: int
    timing: bool
    ratios: dict[str, float] = field(default_factory=dict)  # measured for the reference
    max_points: float | None = None  # what checks, steps and quiz of the right submission add up to

    @property
    def id(self) -> str:
        return self.exercise.manifest.id

    def seed(self, index: int) -> str:
        """Return the seed of one trial: the same for every run of `verify`."""
        return hashlib.sha256(f"verify/{self.id}/{index}".encode()).hexdigest()[:32]

    def prepare(self, index: int) -> Trial:
        """Draw the numbers and answers of one trial. Raises: Unusable."""
        seed, exercise = self.seed(index), self.exercise
        if not (exercise.has_problem or exercise.items):
            return Trial(seed)
        prepared = self._expect(Prepared, Op.PREPARE, {}, student_seed=seed)
        if ANSWERS_PART not in exercise.parts:
            return Trial(seed, prepared.numbers)
        key = self._expect(Answers, Op.ANSWERS, {}, numbers=prepared.numbers)
        return Trial(seed, prepared.numbers, key)

    def passes(self, gate: str, name: str, trials: list[Trial]) -> Iterator[Gate]:
        """Yield a gate for each trial: this file gets full marks."""
        for index, trial in enumerate(trials):
            yield self._gate(gate, name, trial, partial(self._passed, name, trial, index))

    def starter(self, trial: Trial) -> Iterator[Gate]:
        """The starter can be graded, and does not pass."""
        yield self._gate("starter", "starter.py", trial, partial(self._starter_fails, trial))

    def killed(self, name: str, trials: list[Trial]) -> Iterator[Gate]:
        """Yield a gate for each trial: this wrong file loses points at a named check."""
        slow = False
        for index, trial in enumerate(trials):
            if slow:  # only timing tells it from a right one; that is measured once
                return
            gate = self._gate("wrong", name, trial, partial(self._killed, name, trial, index))
            if index == 0 and gate.message == SURVIVES and self._has_timing:
                gate = self._gate("slow", name, trial, partial(self._too_slow, name, trial))
                slow = gate.passed
            yield gate

    def sheets(self, trial: Trial) -> Iterator[Gate]:
        """Yield the gates of answers: the right sheet, a blank one, and one for each mistake."""
        key = trial.key
        if key is None:
            return
        yield self._gate("answers", "right", trial, partial(self._sheet_passes, trial, key.right))
        yield self._gate("answers", "blank", trial, partial(self._blank_is_nothing, trial))
        if self.exercise.items:
            yield self._gate("answers", "wrong", trial, partial(self._wrong_is_nothing, trial))
        for mistake, sheet in key.mistakes.items():
            yield self._gate(
                "mistake",
                mistake,
                trial,
                partial(self._mistake_told, trial, sheet),
            )

    @property
    def _has_timing(self) -> bool:
        return any(p.lane == "cpu" for p in self.exercise.manifest.performance.values())

    def _grade(
        self, submission: dict[str, bytes], trial: Trial, selection: Parts, **fields: Any
    ) -> Verdict:
        fields |= {"seed": trial.seed, "numbers": trial.numbers, "parts": selection}
        line = self._expect(VerdictLine, Op.GRADE, submission, **fields)
        verdict = from_json(line.verdict)
        if verdict.status is Status.ERROR:
            raise Unusable(f"the grading failed: {verdict.message or _first_error(verdict)}")
        if verdict.status is not Status.INVALID:
            self.max_points = verdict.max_points
        return verdict

    def _file(self, name: str, trial: Trial, selection: Parts, **fields: Any) -> Verdict:
        submission = self._parts(trial, {SOLUTION_PART: self._read(name)})
        return self._grade(submission, trial, selection, **fields)

    def _parts(self, trial: Trial, own: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return a submission that is right but for its own parts."""
        parts: dict[str, bytes] = {}
        if self.exercise.has_checks:
            parts[SOLUTION_PART] = self._read("solution.py")
        if trial.key is not None:
            parts[ANSWERS_PART] = json.dumps(trial.key.right).encode()
        return {**parts, **own}

    def _read(self, name: str) -> bytes:
        return self.exercise.read(name).encode()

    def _passed(self, name: str, trial: Trial, index: int) -> dict[str, Any]:
        timed = self._has_timing and self.timing and index == 0
        verdict = self._file(name, trial, Parts.ALL if timed else Parts.CORRECTNESS)
        bad = [check for check in verdict.checks if check.status not in _GOOD]
        bad_steps = [step.id for step in verdict.steps if step.status is not StepStatus.VALUE]
        lost = [
            check.id
            for check in verdict.checks
            if check.status is CheckStatus.PASSED and check.points < check.max_points
        ]
        if verdict.status is Status.INVALID:
            raise Unusable(f"cannot be graded: {verdict.message}")
        if bad:
            raise Unusable(f"{bad[0].id}: {bad[0].message or bad[0].status}", verdict)
        if bad_steps or lost:
            raise Unusable(f"loses points at {', '.join(bad_steps + lost)}", verdict)
        if timed and name == "solution.py":
            self.ratios.update(
                {
                    part.id: float(f"{part.value:.3g}")
                    for part in verdict.performance
                    if part.metric == "ratio" and part.value is not None
                }
            )
        message = f"{verdict.points:g} of {verdict.max_points:g} points"
        return {"message": message, "checks": _checks(verdict)}

    def _starter_fails(self, trial: Trial) -> dict[str, Any]:
        verdict = self._file("starter.py", trial, Parts.CORRECTNESS)
        failed = [check.id for check in verdict.checks if check.status is CheckStatus.FAILED]
        if verdict.status is Status.INVALID:
            raise Unusable(f"cannot be graded: {verdict.message}")
        if not failed:
            raise Unusable("passes every check", verdict)
        message = f"{verdict.points:g} points"
        return {"killed_by": failed, "message": message, "checks": _checks(verdict)}

    def _killed(self, name: str, trial: Trial, index: int) -> dict[str, Any]:
        verdict = self._file(name, trial, Parts.CORRECTNESS, stop_at_failure=index > 0)
        if verdict.status is Status.INVALID:
            raise Unusable(f"cannot be graded, so it is no mistake: {verdict.message}")
        failed = [
            check
            for check in verdict.checks
            if check.status is CheckStatus.FAILED and check.points < check.max_points
        ]
        if not failed:
            raise Unusable(SURVIVES, verdict)
        told = next((check.mistake for check in failed if check.mistake), None)
        killed_by = [check.id for check in failed]
        return {"killed_by": killed_by, "told": told, "checks": _checks(verdict)}

    def _too_slow(self, name: str, trial: Trial) -> dict[str, Any]:
        if not self.timing:
            return {"message": "survives every check but the timed ones, which were not run"}
        verdict = self._file(name, trial, Parts.ALL)
        timed = set(self.exercise.manifest.performance)
        lost = [c.id for c in verdict.checks if c.id in timed and c.points < c.max_points]
        if not lost:
            raise Unusable("survives every check, the timed ones too", verdict)
        return {"killed_by": lost, "message": "only too slow", "checks": _checks(verdict)}

    def _sheet_passes(self, trial: Trial, sheet: Sheet) -> dict[str, Any]:
        verdict = self._sheet(trial, sheet)
        wrong = [step.id for step in verdict.steps if step.points < step.max_points]
        if wrong:
            raise Unusable(f"the right answers lose points at {', '.join(wrong)}")
        return {}

    def _blank_is_nothing(self, trial: Trial) -> dict[str, Any]:
        points = sum(step.points for step in self._sheet(trial, {}).steps)
        if points:
            raise Unusable(f"a blank sheet gets {points:g} points")
        return {}

    def _wrong_is_nothing(self, trial: Trial) -> dict[str, Any]:
        assert trial.key is not None
        items = {item.id for item in self.exercise.items}
        steps = self._sheet(trial, trial.key.wrong).steps
        paid = [step.id for step in steps if step.id in items and step.points]
        if paid:
            raise Unusable(f"a wrong answer gets points: {', '.join(paid)}")
        return {}

    def _mistake_told(self, trial: Trial, sheet: Sheet) -> dict[str, Any]:
        wrong = [step for step in self._sheet(trial, sheet).steps if step.points < step.max_points]
        if not wrong:
            raise Unusable("costs no points with these numbers")
        told = next((step.mistake for step in wrong if step.mistake), None)
        return {"killed_by": [step.id for step in wrong], "told": told}

    def _sheet(self, trial: Trial, sheet: Sheet) -> Verdict:
        data = json.dumps(dict(sheet)).encode()
        parts = self._parts(trial, {ANSWERS_PART: data})
        return self._grade(parts, trial, Parts.CORRECTNESS)

    def _expect(self, kind: type[Line], op: Op, submission: dict[str, bytes], **fields: Any) -> Any:
        line = self.ask(op, submission, **fields)
        if isinstance(line, Refused):
            raise Unusable(line.why)
        if not isinstance(line, kind):
            raise Unusable(f"{op} ended with {type(line).__name__}")
        return line

    def _gate(
        self, gate: str, subject: str, trial: Trial, act: Callable[[], dict[str, Any]]
    ) -> Gate:
        began = time.monotonic()
        told: dict[str, Any]
        try:
            told, passed = act(), True
        except Unusable as error:
            checks = _checks(error.verdict) if error.verdict is not None else ()
            told, passed = {"message": str(error), "checks": checks}, False
        return Gate(
            exercise=self.id,
            gate=gate,
            subject=subject,
            seed=trial.seed,
            passed=passed,
            seconds=round(time.monotonic() - began, 4),
            **told,
        )


_GOOD = (CheckStatus.PASSED, CheckStatus.PENDING)


def _checks(verdict: Verdict) -> tuple[GateCheck, ...]:
    return tuple(
        GateCheck(id=check.id, title=check.title, status=check.status.value)
        for check in verdict.checks
    )


def _first_error(verdict: Verdict) -> str:
    errors = [check for check in verdict.checks if check.status is CheckStatus.ERROR]
    return f"{errors[0].id}: {errors[0].message}" if errors else "without a reason"
