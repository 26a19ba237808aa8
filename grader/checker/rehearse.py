"""A grading in the zygote itself, before the first fork.

The exercise is the engine's own (`rehearsal/`), and its student is its reference: nothing of an
author or a student comes near this process.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from grader import contracts
from grader.checker.grading import Grading
from grader.checker.inside import InsideLink
from grader.checker.remote import Remote
from grader.checker.sessions import Sessions
from grader.contracts import Line, Op, Request
from grader.exercise.load import SOLUTION_PART, load
from grader.runner import rehearse as runner
from grader.verdict import to_dict

FOLDER = Path(__file__).with_name("rehearsal")
ROUNDS = 3  # of some twenty calls


class _Rehearsed(Sessions):
    """Sessions that need no sandbox."""

    def link(self, remote: Remote, **_: object) -> InsideLink:  # type: ignore[override]
        return InsideLink(self.limits, self.budget, remote)


def rehearse() -> None:
    """Grade the exercise's reference. Raises: RuntimeError where it has not full marks."""
    runner.rehearse()
    for _ in range(ROUNDS):
        exercise = load(FOLDER)
        source = exercise.read(SOLUTION_PART).encode()
        line = contracts.encode_line(
            Request(
                op=Op.GRADE,
                job="rehearsal",
                version=exercise.version,
                bytes={SOLUTION_PART: len(source)},
            )
        )
        request = contracts.parse_request(line)
        sessions = _Rehearsed(exercise, exercise.manifest.limits, _no_session, seed=request.seed)
        verdict = Grading(exercise, request, {SOLUTION_PART: source}, sessions, _emit).run()
        contracts.encode_line(contracts.VerdictLine(verdict=to_dict(verdict)))
        if verdict.points != verdict.max_points:
            raise RuntimeError(f"the rehearsal failed: {to_dict(verdict)}")


def _emit(line: Line, payload: bytes) -> None:
    contracts.encode_line(line)


def _no_session(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("a rehearsal opens no session")
