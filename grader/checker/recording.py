"""Records what the visible checks ask, and what they expect: examples for a student's own computer.

The reference stands in the student's place, in a session of its own. Written down is every call of
a check until the first that has no form as JSON, with the values that the check then compared and
within which tolerance. Hidden checks are not run, nor is a visible one that reveals less than all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.judging import CheckFailed, Compared, Raised, watch_comparisons
from grader.authoring.registry import CheckSpec
from grader.checker.judge import Judge
from grader.checker.proxies import RemoteObject
from grader.checker.remote import Remote
from grader.checker.sessions import Sessions
from grader.checker.suite import as_exercise_error, load_checks
from grader.checker.written import Unwritable, write
from grader.draws import Draw
from grader.errors import ExerciseError
from grader.exercise.load import Exercise
from grader.frames import Call, Op

CHECK_BYTES = 48 * 1024  # of one check as JSON
MAX_STEPS = 200  # of one check
TOO_LARGE = "uses too many values"
Path = tuple[int | str, ...]


@dataclass
class Step:
    """One call as it was made, and what came back."""

    written: dict[str, Any]
    result: Any = None
    expects: list[dict[str, Any]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        return self.written | ({"expects": self.expects} if self.expects else {})


class Recorder(Remote):
    """The reference in the student's place, that writes down what it is asked."""

    steps: list[Step]
    stopped: str = ""  # why nothing is written any more

    def begin(self) -> None:
        """Start a check with nothing written."""
        super().begin()
        self.steps, self.stopped = [], ""

    def ask(self, call: Call, label: str, key: str | None = None) -> Any:
        step = self._begun(call)
        try:
            return self._ended(step, super().ask(call, label, key))
        except Raised as raised:
            if step is not None:
                step.written["raises"] = raised.classes[0]
            raise

    def quiet(self, call: Call, label: str) -> Any:
        if call.op is Op.HAS:
            return super().quiet(call, label)
        step = self._begun(call)
        return self._ended(step, super().quiet(call, label))

    def _begun(self, call: Call) -> Step | None:
        if self.stopped:
            return None
        try:
            written = {
                "op": call.op.value,
                "on": {"object": call.subject} if isinstance(call.subject, int) else call.subject,
                "name": call.name,
                "args": [write(one) for one in call.args],
                "kwargs": {name: write(one) for name, one in call.kwargs.items()},
            }
        except Unwritable as why:
            self.stopped = str(why)
            return None
        if len(self.steps) == MAX_STEPS:
            self.stopped = TOO_LARGE
            return None
        self.steps.append(Step(written))
        return self.steps[-1]

    def _ended(self, step: Step | None, value: Any) -> Any:
        if step is not None:
            step.result = value
            made = [[list(path), one._handle.id] for path, one in _objects(value)]
            if made:
                step.written["objects"] = made
        return value


def record(exercise: Exercise, sessions: Sessions, seed: str, numbers: Any) -> list[dict[str, Any]]:
    """Return what each visible check asks, in file order.

    Raises: ExerciseError where the reference fails one of them, HostError.
    """
    specs = [s for s in load_checks(exercise) if s.visible and not s.timed and s.reveal == "full"]
    recorder = _recorder(sessions)
    reference = sessions.remote("reference", sessions.reference_source, watch=False)
    judge = Judge(
        sessions, reference, lambda spec: Draw(seed.encode(), f"check/{spec.id}", numbers)
    )
    try:
        return [_recorded(spec, judge, recorder) for spec in specs]
    finally:
        recorder.close()
        reference.close()


def _recorder(sessions: Sessions) -> Recorder:
    plain = sessions.remote("student", sessions.reference_source, watch=False)
    return Recorder("student", plain.load, sessions.link, sessions.rules, watch=False)


def _recorded(spec: CheckSpec, judge: Judge, recorder: Recorder) -> dict[str, Any]:
    noted: list[bool] = []
    recorder.begin()
    judge.reference.begin()
    watch_comparisons(lambda compared: noted.append(_note(recorder.steps, compared)))
    try:
        spec.function(recorder.proxy, judge.reference.proxy, judge.draw_for(spec))
    except (CheckFailed, Raised) as failed:
        raise ExerciseError(f"the reference fails {spec.id}: {failed}", "solution.py") from failed
    except Exception as error:
        raise as_exercise_error(error, judge.sessions.exercise.folder) from error
    finally:
        watch_comparisons(None)
    missed = noted.count(False)
    steps, left_out = _fitting(recorder.steps, recorder.stopped)
    if missed and not left_out:
        left_out = f"works out {missed} of its {len(noted)} values from what your code returned"
    return {"id": spec.id, "title": spec.title, "steps": steps, "left_out": left_out}


def _note(steps: list[Step], compared: Compared) -> bool:
    """Write a comparison to the last step that returned its value; whether there is one."""
    for step in reversed(steps):
        for path, value in _inside(step.result, ()):
            if value is compared.got:
                try:
                    expected = write(compared.expected)
                except Unwritable:
                    return False
                tolerances = {"rtol": compared.rtol, "atol": compared.atol}
                step.expects.append({"at": list(path), "value": expected} | tolerances)
                return True
    return False


def _fitting(steps: list[Step], left_out: str) -> tuple[list[dict[str, Any]], str]:
    """Return the first steps that fit into the limit, and why others are left out."""
    size, data = 0, []
    for step in steps:
        data.append(step.data())
        size += len(json.dumps(data[-1]))
        if size > CHECK_BYTES:
            return data[:-1], TOO_LARGE
    return data, left_out


def _inside(value: Any, path: Path) -> list[tuple[Path, Any]]:
    """Return a value and what it holds, each with its place."""
    found = [(path, value)]
    if isinstance(value, list | tuple) and len(path) < 4:
        for at, one in enumerate(value):
            found += _inside(one, (*path, at))
    elif isinstance(value, dict) and len(path) < 4:
        for key, one in value.items():
            found += _inside(one, (*path, key)) if isinstance(key, int | str) else []
    return found


def _objects(value: Any) -> list[tuple[Path, RemoteObject]]:
    return [(path, one) for path, one in _inside(value, ()) if isinstance(one, RemoteObject)]
