"""Runs one check function against a student's session and tells why it failed, if it did."""

from __future__ import annotations

from collections.abc import Callable

from grader.authoring.judging import CheckFailed, Raised, collect_figures
from grader.authoring.registry import CheckSpec
from grader.checker.finding import (
    Finding,
    first_violation,
    from_comparison,
    from_loss,
    from_raised,
    from_violation,
)
from grader.checker.link import SessionLost
from grader.checker.messages import difference_message
from grader.checker.remote import CallRecord, Remote
from grader.checker.sessions import Sessions
from grader.checker.suite import as_exercise_error
from grader.checker.tape import Tape
from grader.compare import compare
from grader.draws import Draw
from grader.errors import ExerciseError, Outcome
from grader.figures import Figure
from grader.sandbox.outcomes import classify

_STRUCTURE = ("type", "device", "shape", "dtype", "length", "keys")


class Judge:
    """Judges checks of one job. `draw_for` gives each check its own random stream."""

    def __init__(
        self, sessions: Sessions, reference: Remote, draw_for: Callable[[CheckSpec], Draw]
    ) -> None:
        self.sessions, self.reference, self.draw_for = sessions, reference, draw_for
        self.figures: list[Figure] = []
        self.value: object = None  # what the function returned: the number of a count or score

    def judge(self, spec: CheckSpec, student: Remote) -> Finding | None:
        """Run a check; None where it passed.

        Raises: ExerciseError where the author's code or the reference is at fault, HostError.
        """
        student.begin()
        self.reference.begin()
        self.reference.tape = Tape()
        self.figures, self.value = [], None
        collect_figures(self.figures)
        found: Finding | None = None
        lost: Outcome | None = None
        try:
            draw = self.draw_for(spec)
            self.value = spec.function(student.proxy, self.reference.proxy, draw)
            student.finish()
        except CheckFailed as failed:
            found = from_comparison(failed, student.log, self.sessions.rules)
        except Raised as raised:
            found = self._raised(raised, student)
        except SessionLost as error:
            lost = error.outcome
        except ExerciseError:
            raise
        except Exception as error:  # noqa: BLE001 -- author code: anything may come
            try:
                found = self._blame(spec, student, error)
            except SessionLost as over:
                lost = over.outcome
        finally:
            collect_figures(None)
        lost = student.lost or lost  # or the job's time is over, whoever was called when it ended
        if lost is not None:
            return from_loss(lost, student.log, self.sessions.rules, self.sessions.limits)
        return found or self._violation(student.log)

    def _raised(self, raised: Raised, student: Remote) -> Finding:
        if raised.role == "reference":
            line = raised.line
            raise ExerciseError(f"{raised.classes[0]}: {raised.message}", "solution.py", line)
        limits = self.sessions.limits
        outcome = classify(None, limits, raised.classes, raised.message)
        return from_raised(raised, student.log, self.sessions.rules, limits, outcome)

    def _violation(self, log: list[CallRecord]) -> Finding | None:
        found = first_violation(log)
        return None if found is None else from_violation(*found, self.sessions.rules)

    def _blame(self, spec: CheckSpec, student: Remote, error: Exception) -> Finding:
        """Decide whose fault an exception in checks.py is: it is the student's where the same check
        passes with the reference in the student's place, and the author's otherwise.
        """
        if student.lost is not None:
            return Finding("")
        log = student.log
        stand_in = self.sessions.remote("student", self.sessions.reference_source)
        self.reference.tape = None
        try:
            stand_in.begin()
            self.reference.begin()
            spec.function(stand_in.proxy, self.reference.proxy, self.draw_for(spec))
        except SessionLost as lost:
            if lost.outcome is not Outcome.JOB:
                raise as_exercise_error(error, self.sessions.exercise.folder) from error
            raise
        except Exception:  # noqa: BLE001 -- it fails for the reference too
            raise as_exercise_error(error, self.sessions.exercise.folder) from error
        finally:
            stand_in.close()
        return self._unusable(log, stand_in.log, error)

    def _unusable(
        self, log: list[CallRecord], expected: list[CallRecord], error: Exception
    ) -> Finding:
        rules = self.sessions.rules
        for own, theirs in zip(log, expected, strict=False):
            difference = compare(own.result, theirs.result)
            if difference is not None and difference.kind in _STRUCTURE:
                failed = CheckFailed("", difference=difference, got=own.result)
                found = from_comparison(failed, [own], rules)
                return Finding(difference_message(failed, own.label), found.counterexample)
        what = f"What {log[-1].label} returned" if log else "A value of your file"
        failed = CheckFailed(f"{what} cannot be used: {type(error).__name__}: {error}"[:600])
        return from_comparison(failed, log, rules)
