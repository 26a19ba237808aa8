"""One right and one wrong submission for an exercise, and what must come of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.exercise.load import ANSWERS_PART, SOLUTION_PART, Exercise
from gradus.ops.smoke.site import SmokeError

_ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submission and its expected end."""

    name: str  # file that it is made of
    parts: dict[str, str]
    is_right: bool

    def complaint(self, found: dict[str, Any]) -> str:
        """Why the outcome is not as it must be; empty when it is."""
        verdict = found["verdict"] or {}
        status = verdict.get("status")
        if not self.is_right:
            return "" if status in ("partial", "failed", "invalid") else f"{status}, expected less"
        if found["phase"] == "waiting-for-gpu":
            states = {check["status"] for check in verdict["checks"]}
            return "" if states <= {"passed", "pending"} else "correctness is not complete"
        return "" if status == "passed" else f"{status}, expected passed"


def attempts(exercise: Exercise, numbers: dict[str, Any] | None, root: Path) -> Iterator[Attempt]:
    """One right, then one wrong submission. Raises: SmokeError."""
    for is_right in (True, False):
        parts: dict[str, str] = {}
        names = []
        if SOLUTION_PART in exercise.parts:
            name = _source(exercise, is_right)
            parts[SOLUTION_PART] = exercise.read(name)
            names.append(name)
        if ANSWERS_PART in exercise.parts:
            parts[ANSWERS_PART] = _answers(exercise, numbers, root, is_right)
            names.append("right answers" if is_right else "mistaken answers")
        yield Attempt(", ".join(names), parts, is_right)


def _source(exercise: Exercise, is_right: bool) -> str:
    if is_right:
        return "solution.py"
    return exercise.wrong[0] if exercise.wrong else "starter.py"


def _answers(exercise: Exercise, numbers: dict[str, Any] | None, root: Path, is_right: bool) -> str:
    """Ask the engine's own command for a sheet over these numbers."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(numbers or {}, file)
        file.flush()
        command = [sys.executable, "-m", "grader", "answers", str(exercise.folder), "--json"]
        command += ["--numbers", file.name, *([] if is_right else ["--wrong"])]
        done = subprocess.run(  # noqa: S603 - our own program
            command, cwd=root, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False
        )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise SmokeError(f"no answers for {exercise.manifest.id}: {last}")
    return done.stdout
