"""Grade a handful of right and wrong submissions of each exercise, for `samples`."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import contracts
from grader.contracts import Op, Parts, Request
from grader.exercise import bank, bundle
from grader.exercise.load import ANSWERS_PART, SOLUTION_PART, Exercise
from gradus.ops.smoke.attempts import attempts
from gradus.ops.term.samples import Drawing, Picture, Sample, Samples
from gradus.submissions import client

WRONG = 5  # known-wrong solutions of each exercise
DRAWINGS = 3  # students whose numbers are drawn
_CUDA = "torch-cuda"


class SamplingError(Exception):
    """The grader did not answer with what was asked for."""


@dataclass(frozen=True, slots=True)
class Sampler:
    """Asks one grader, exercise by exercise."""

    socket: str
    root: Path  # of the clone, where the engine's own commands run
    tell: Callable[[str], None]

    def take(self, exercises: Path) -> Samples:
        """Raises: SamplingError; GraderUnreachable and GraderLost of the client."""
        found = Samples()
        for folder in bank.folders(exercises):
            exercise = bank.load_in_bank(folder)
            if exercise.manifest.flavour == _CUDA:
                continue  # half of its verdict is measured on a device
            slug = exercise.manifest.id
            drawn = [self._draw(exercise, k) for k in range(DRAWINGS)] if _draws(exercise) else []
            if drawn:
                found.drawings[slug] = drawn
            for number, drawing in enumerate(drawn) if drawn else [(None, None)]:
                for name, parts in self._parts(exercise, drawing):
                    if name in exercise.wrong:
                        parts = {SOLUTION_PART: unexplained(parts[SOLUTION_PART])}
                    sample = self._grade(exercise, name, parts, number, drawing)
                    found.graded[slug].append(sample)
            shares = ", ".join(f"{sample.share:.0%}" for sample in found.graded[slug])
            self.tell(f"{slug}: {shares}")
        return found

    def _parts(
        self, exercise: Exercise, drawing: Drawing | None
    ) -> Iterator[tuple[str, dict[str, str]]]:
        numbers = drawing.numbers if drawing else None
        for attempt in attempts(exercise, numbers, self.root):
            yield attempt.name, attempt.parts
            if attempt.is_right and ANSWERS_PART in attempt.parts:
                for slips in (1, 2, 4):
                    answers = _with_slips(attempt.parts[ANSWERS_PART], slips)
                    yield f"{slips} slips", {**attempt.parts, ANSWERS_PART: answers}
        if exercise.parts == (SOLUTION_PART,):
            for name in [*exercise.right[:1], *_spread(exercise.wrong[1:]), "starter.py"]:
                text = drawing.starter if drawing and name == "starter.py" else None
                yield name, {SOLUTION_PART: text or exercise.read(name)}

    def _draw(self, exercise: Exercise, number: int) -> Drawing:
        seed = hashlib.sha256(f"{exercise.manifest.id}:{number}".encode()).hexdigest()
        last, _ = self._ask(exercise, {}, op=Op.PREPARE, student_seed=seed)
        if not isinstance(last, contracts.Prepared):
            raise SamplingError(f"{exercise.manifest.id} was not prepared: {last}")
        return Drawing(last.numbers, last.form, last.figure, last.starter)

    def _grade(
        self,
        exercise: Exercise,
        name: str,
        parts: dict[str, str],
        number: int | None,
        drawing: Drawing | None,
    ) -> Sample:
        numbers = drawing.numbers if drawing else None
        seed = hashlib.sha256(f"{exercise.manifest.id}:{name}".encode()).hexdigest()[:32]
        last, pictures = self._ask(
            exercise, parts, op=Op.GRADE, parts=Parts.ALL, seed=seed, numbers=numbers
        )
        if not isinstance(last, contracts.VerdictLine) or last.verdict["status"] == "error":
            raise SamplingError(f"{exercise.manifest.id}, {name}: {last}")
        slug = exercise.manifest.id
        return Sample(slug, name, number, parts, last.verdict, tuple(pictures))

    def _ask(
        self, exercise: Exercise, given: dict[str, str], **fields: Any
    ) -> tuple[contracts.Reply, list[Picture]]:
        data = {name: text.encode() for name, text in given.items()}
        request = Request(
            job=f"sample-{exercise.manifest.id}"[:64],
            version=exercise.version,
            bytes={name: len(part) for name, part in data.items()},
            **fields,
        )
        pictures: dict[str, Picture] = {}
        last = None
        for heard in client.ask(
            self.socket, request, data, lambda version: bundle.pack(exercise.folder)
        ):
            last = heard.line
            if isinstance(last, contracts.Artifact):
                text = heard.payload.decode()
                pictures[last.sha256] = Picture(last.sha256, last.name, last.media, text)
        if last is None:
            raise SamplingError(f"{exercise.manifest.id}: no answer")
        return last, list(pictures.values())


def unexplained(source: str) -> str:
    """A wrong solution without its docstring: no student writes down what the mistake is."""
    first = ast.parse(source).body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        return source
    return "".join(source.splitlines(keepends=True)[first.end_lineno :]).lstrip()


def _draws(exercise: Exercise) -> bool:
    return exercise.has_problem or ANSWERS_PART in exercise.parts


def _spread(names: tuple[str, ...]) -> list[str]:
    """Some from everywhere in the list."""
    step = max(1, len(names) // WRONG)
    return list(names[::step][:WRONG])


def _with_slips(answers: str, count: int) -> str:
    """The same sheet with so many of its answers left out or miscalculated."""
    sheet = json.loads(answers)
    fields = sorted(sheet)
    for place in range(min(count, len(fields))):
        name = fields[(place * 7 + count) % len(fields)]
        sheet[name] = "" if place % 3 == 2 else _miscalculated(sheet[name])
    return json.dumps(sheet, ensure_ascii=False)


def _miscalculated(answer: object) -> object:
    try:
        return f"{1.5 * float(str(answer)) + 0.1:.4f}"
    except ValueError:
        return ""
