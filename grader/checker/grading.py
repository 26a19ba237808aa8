"""One submission from its parts to its verdict: answer sheet, import, checks, performance."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from grader import contracts
from grader.authoring.registry import CheckSpec
from grader.checker.answers import mark_answers
from grader.checker.entry import Invalid, refuse_unusable
from grader.checker.finding import Finding
from grader.checker.judge import Judge
from grader.checker.mistakes import diagnose
from grader.checker.remote import MAX_RENEWALS, Remote
from grader.checker.results import (
    announced,
    failed,
    measured,
    plain,
    unmeasured,
    waiting_message,
)
from grader.checker.sessions import Sessions
from grader.checker.speed import Speed
from grader.checker.speed_gpu import GpuSpeed
from grader.checker.suite import load_checks
from grader.contracts import Line, Parts, Request
from grader.draws import Draw
from grader.errors import Outcome
from grader.exercise.load import ANSWERS_PART, SOLUTION_PART, Exercise
from grader.figures.figure import MEDIA
from grader.verdict import (
    CheckResult,
    CheckStatus,
    PerformanceResult,
    Status,
    StepResult,
    Usage,
    Verdict,
    sum_up,
)

Emit = Callable[[Line, bytes], None]
_RESULT: TypeAdapter[CheckResult] = TypeAdapter(CheckResult)
LOST = "Not run: your code ended its session too often."
NO_TIME = "Not run: the time for all checks was used up."
NO_FILE = "No solution.py was handed in."


class Grading:
    """The state of one grading. `emit` gets every line but the last, which `run` returns."""

    def __init__(
        self,
        exercise: Exercise,
        request: Request,
        parts: Mapping[str, bytes],
        sessions: Sessions,
        emit: Emit,
    ) -> None:
        manifest = exercise.manifest.with_thresholds(request.overrides.thresholds)
        self.exercise = replace(exercise, manifest=manifest)
        self.request, self.parts = request, parts
        self.sessions, self.emit = sessions, emit
        self.results: dict[str, CheckResult] = {}
        self.performance: list[PerformanceResult] = []
        self.diagnosed = False
        self.passed: list[CheckSpec] = []

    def run(self) -> Verdict:
        """Grade. Raises: ExerciseError, HostError, IncompatibleNumbers: our faults."""
        specs = self._selected()
        listed = [announced(spec) for spec in specs]
        self.emit(contracts.Started(checks=listed), b"")
        steps: list[StepResult] = []
        try:
            if not set(self.parts) & set(self.exercise.parts):
                raise Invalid(
                    f"Nothing was handed in; {' or '.join(self.exercise.parts)} is graded."
                )
            if self.request.parts is not Parts.VISIBLE:
                steps = mark_answers(self.exercise, self.request, self.parts.get(ANSWERS_PART))
            if specs:
                self._check_all(specs)
        except Invalid as invalid:
            return self._invalid(str(invalid))
        finally:
            self._close()
        verdict = sum_up(
            self.exercise.manifest.id,
            self.request.version,
            checks=self.results.values(),
            steps=steps,
            performance=self.performance,
        )
        return replace(verdict, usage=self._usage())

    @cached_property
    def student(self) -> Remote:
        return self.sessions.remote("student", self.parts[SOLUTION_PART])

    @cached_property
    def reference(self) -> Remote:
        source = self.sessions.reference_source
        return self.sessions.remote("reference", source, watch=False)

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.sessions, self.reference, self._draw)

    def _draw(self, spec: CheckSpec) -> Draw:
        return Draw(self.request.seed.encode(), f"check/{spec.id}", self.request.numbers)

    def _selected(self) -> list[CheckSpec]:
        if not self.exercise.has_checks:
            return []
        specs = load_checks(self.exercise)
        if self.request.parts is Parts.VISIBLE:
            return [spec for spec in specs if spec.visible and not spec.timed]
        return specs

    def _check_all(self, specs: list[CheckSpec]) -> None:
        """Raises: Invalid where the file is unusable before the first check."""
        if SOLUTION_PART not in self.parts:
            for spec in specs:
                self._conclude(spec, failed(spec, Finding(NO_FILE)))
            return
        refuse_unusable(self.student, self.exercise.manifest.functions, self.sessions.limits)
        for spec in specs:
            reason = self._skip_reason(spec)
            if reason is not None:
                self._conclude(spec, plain(spec, CheckStatus.SKIPPED, message=reason))
            elif spec.timed:
                self._conclude(spec, self._timed(spec))
            else:
                self._conclude(spec, self._checked(spec))

    def _skip_reason(self, spec: CheckSpec) -> str | None:
        if self.request.stop_at_failure and CheckStatus.FAILED in self._seen():
            return "Not run: an earlier check has failed."
        for name in spec.after:
            before = self.results.get(name)
            if before is not None and before.status is not CheckStatus.PASSED:
                return f"Not run: “{before.title}” comes first."
        if spec.timed and self._is_pending(spec):
            return None
        if spec.timed and any(
            result.status is not CheckStatus.PASSED
            for result in self.results.values()
            if result.id not in self.exercise.manifest.performance
        ):
            return "Not run: speed counts only once every other check has passed."
        if self.student.lost is Outcome.JOB or self.sessions.budget.left() <= 0:
            return NO_TIME
        return LOST if self.student.renewals > MAX_RENEWALS else None

    def _seen(self) -> set[CheckStatus]:
        return {result.status for result in self.results.values()}

    def _checked(self, spec: CheckSpec) -> CheckResult:
        began = self._begin(spec)
        finding = self.judge.judge(spec, self.student)
        seconds, output = time.monotonic() - began, self.student.printed()
        figures = self._send_figures(spec)
        if finding is not None and self._may_diagnose():
            self.diagnosed = True
            mistake = diagnose(self.judge, spec, self.student.log, finding, self.passed)
            if mistake is not None:
                # One line says what happened; those after it are about the mistake.
                said = " ".join(finding.message.splitlines())
                message = f"{said}\n{mistake.message}"
                finding = replace(finding, mistake=mistake.name, message=message)
        if finding is None:
            self.passed.append(spec)
        result = plain(spec, CheckStatus.PASSED) if finding is None else failed(spec, finding)
        return replace(result, seconds=round(seconds, 4), output=output, figures=figures)

    def _may_diagnose(self) -> bool:
        """Only the first failure is; it takes longest of all, so not where nobody reads it."""
        alive = self.student.lost is None
        return alive and not self.diagnosed and not self.request.stop_at_failure

    def _timed(self, spec: CheckSpec) -> CheckResult:
        table = self.exercise.manifest.performance[spec.id]
        if self._is_pending(spec):
            self.performance.append(unmeasured(spec, table))
            return plain(spec, CheckStatus.PENDING, message=waiting_message(table))
        began = self._begin(spec)
        kind = GpuSpeed if table.lane == "gpu" else Speed
        speed = kind(self.judge, self.parts[SOLUTION_PART])
        if table.metric == "ratio":
            timed = speed.ratio(spec, table, lambda text: self._running(spec, text))
        else:
            timed = speed.count(spec, table, self.student)
        self.performance.append(timed.result)
        result = measured(spec, table, timed)
        seconds = round(time.monotonic() - began, 4)
        figures = self._send_figures(spec)
        return replace(result, seconds=seconds, output=self.student.printed(), figures=figures)

    def _is_pending(self, spec: CheckSpec) -> bool:
        """Whether a performance check belongs to another job: on a GPU, or the speed part."""
        table = self.exercise.manifest.performance[spec.id]
        if self.request.parts is Parts.SPEED:
            return False
        if table.lane == "gpu":
            return True
        return self.request.parts is Parts.CORRECTNESS and table.metric == "ratio"

    def _begin(self, spec: CheckSpec) -> float:
        self._running(spec)
        return time.monotonic()

    def _running(self, spec: CheckSpec, message: str = "") -> None:
        self.emit(contracts.Check(id=spec.id, status="running", message=message), b"")  # type: ignore[call-arg]

    def _conclude(self, spec: CheckSpec, result: CheckResult) -> None:
        self.results[spec.id] = result
        line: dict[str, Any] = _RESULT.dump_python(result, mode="json")
        self.emit(contracts.Check(**line), b"")

    def _send_figures(self, spec: CheckSpec) -> tuple[str, ...]:
        sent = []
        for figure in self.judge.figures:
            data = figure.to_bytes()
            line = contracts.Artifact(
                sha256=figure.sha256, name=spec.id, media=MEDIA, bytes=len(data)
            )
            self.emit(line, data)
            sent.append(figure.sha256)
        self.judge.figures.clear()
        return tuple(sent)

    def _invalid(self, message: str) -> Verdict:
        manifest = self.exercise.manifest
        return Verdict(
            exercise=manifest.id,
            version=self.request.version,
            status=Status.INVALID,
            points=0.0,
            max_points=manifest.points,
            message=message,
            usage=self._usage(),
        )

    def _usage(self) -> Usage:
        if SOLUTION_PART not in self.parts:
            return Usage()
        spent = self.student.spent
        return Usage(cpu_seconds=spent.cpu_seconds, peak_bytes=spent.peak_bytes)

    def _close(self) -> None:
        for name in ("student", "reference"):
            if name in self.__dict__:
                self.__dict__[name].close()
