"""What a checker's lines told so far: enough to make a verdict when it dies."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from grader.contracts import Check, LineError, Started
from grader.errors import Outcome
from grader.verdict import CheckResult, CheckStatus, Status, Verdict, sum_up

_RESULT: TypeAdapter[CheckResult] = TypeAdapter(CheckResult)
SKIPPED = "Not run: grading ended before this check."


class Tally:
    """The announced checks of one job, which ran and how they ended."""

    def __init__(self, exercise: str, version: str, max_points: float) -> None:
        self._exercise = exercise
        self._version = version
        self._max_points = max_points
        self._announced: dict[str, CheckResult] = {}  # as skipped, until they run
        self._ended: dict[str, CheckResult] = {}
        self._running: str | None = None

    @property
    def began(self) -> bool:
        """Whether a check has started: from then on there is no way back."""
        return self._running is not None or bool(self._ended)

    def started(self, line: Started) -> None:
        """Note the announced checks. Raises: LineError."""
        for check in line.checks:
            known = {key: value for key, value in check.items() if key in _ANNOUNCED}
            result = _result({**known, "status": "skipped", "points": 0.0, "message": SKIPPED})
            self._announced[result.id] = result

    def check(self, line: Check) -> None:
        """Note that a check began or ended. Raises: LineError."""
        if line.id not in self._announced:
            raise LineError(f"check {line.id!r} was not announced")
        if line.status == "running":
            self._running = line.id
            return
        self._ended[line.id] = _result(line.model_dump(exclude={"event"}))
        if self._running == line.id:
            self._running = None

    def died(self, outcome: Outcome, message: str, limit: float | None = None) -> Verdict:
        """Return the verdict of a job whose checker ended early, after a check had started."""
        checks = []
        for check_id, announced in self._announced.items():
            result = self._ended.get(check_id, announced)
            if check_id == self._running:
                result = _result(
                    {
                        **{name: getattr(announced, name) for name in _ANNOUNCED},
                        "status": CheckStatus.FAILED,
                        "points": 0.0,
                        "message": message,
                        "outcome": str(outcome),
                        "limit": limit,
                    }
                )
            checks.append(result)
        return sum_up(self._exercise, self._version, checks=checks)

    def error(self, message: str) -> Verdict:
        """Return the verdict of a job that failed by our own fault."""
        return Verdict(
            exercise=self._exercise,
            version=self._version,
            status=Status.ERROR,
            points=0.0,
            max_points=self._max_points,
            message=message,
        )


_ANNOUNCED = ("id", "title", "max_points", "visible", "reveal")


def _result(data: dict[str, Any]) -> CheckResult:
    try:
        return _RESULT.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise LineError(f"check: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
