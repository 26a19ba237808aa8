"""All gates of one exercise: first those that need no run, then one task for each of its files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.contracts import Gate, Measured
from grader.errors import ExerciseError
from grader.exercise import derived
from grader.exercise.bank import load_in_bank
from grader.exercise.load import Exercise
from grader.verify import sources
from grader.verify.trials import Ask, Trial, Trials, Unusable

Task = Callable[[], Iterable[Gate]]


@dataclass
class Verification:
    """The gates of one exercise folder. `ask` does one job of its version."""

    exercise: Exercise
    ask: Ask
    seeds: int = 5
    timing: bool = True
    concepts: Collection[str] | None = None  # None: not in a bank, so not looked at
    _tolerances: dict[str, float] = field(default_factory=dict)
    _trials: list[Trial] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._runs = Trials(self.exercise, self.ask, self.seeds, self.timing)

    @property
    def id(self) -> str:
        return self.exercise.manifest.id

    def static(self) -> Iterator[Gate]:
        """Yield the gates that need no run."""
        yield self._gate("manifest", [])
        yield self._gate("imports", _errors(sources.import_errors, self.exercise))
        yield self._gate("mistakes named", _errors(sources.docstring_errors, self.exercise))
        if self.concepts is not None:
            yield self._gate("concepts", sources.concept_errors(self.exercise, self.concepts))

    def draw(self) -> Iterator[Gate]:
        """Draw each trial's numbers; yield the gates about them. Before `tasks`."""
        try:
            self._trials = [self._runs.prepare(index) for index in range(self.seeds)]
        except Unusable as error:
            yield self._gate("numbers", [str(error)])
            return
        first = self._trials[0]
        names = set(first.numbers or {})
        yield self._gate("statement", sources.placeholder_errors(self.exercise, names))
        if first.key is not None:
            self._tolerances = first.key.tolerances
            yield self._gate("numbers", [])

    def tasks(self) -> Iterator[Task]:
        """Yield tasks that may run at the same time, the longest first."""
        trials, runs = self._trials, self._runs
        if not trials:
            return
        if self.exercise.has_checks:
            yield partial(runs.passes, "reference", "solution.py", trials)
            for name in self.exercise.right:
                yield partial(runs.passes, "right", name, trials)
            for name in self.exercise.wrong:
                yield partial(runs.killed, name, trials)
            yield partial(runs.starter, trials[0])
        for trial in trials:
            yield partial(runs.sheets, trial)

    def finish(self, write_to: Path | None) -> Iterator[Gate]:
        """Yield the gates about points and derived.json, which is written first if asked for."""
        yield from self.points()
        if not self._has_derived:
            return
        known = self.exercise.derived
        if write_to is not None:
            ratios = self._runs.ratios or self._measured_before(write_to)
            known = derived.write(write_to, tolerances=self._tolerances, ratios=ratios)
        yield self._gate("derived", self._stale(known))

    def points(self) -> Iterator[Gate]:
        """Yield the gate about the sum of the points. After `tasks`."""
        manifest, found = self.exercise.manifest, self._runs.max_points
        if found is not None:
            wrong = f"exercise.toml says {manifest.points:g}, but its parts add up to {found:g}"
            yield self._gate("points", [] if abs(found - manifest.points) < 1e-6 else [wrong])

    def measured(self) -> Measured:
        """Return what derived.json should hold; nothing where it needs none. After `tasks`."""
        if not self._has_derived:
            return Measured()
        return Measured(tolerances=self._tolerances, ratios=self._runs.ratios)

    @property
    def _has_derived(self) -> bool:
        timed = self.exercise.manifest.performance.values()
        ratio = any(part.metric == "ratio" and part.lane == "cpu" for part in timed)
        return ratio or bool(self._tolerances)

    def _measured_before(self, folder: Path) -> dict[str, float]:
        """Return the ratios of the last timed run: without one now, they stay as they are."""
        before = derived.read(folder)
        timed = self.exercise.manifest.performance
        return {name: r for name, r in (before.ratios if before else {}).items() if name in timed}

    def _stale(self, known: derived.Derived | None) -> list[str]:
        if known is None:
            return ["derived.json is missing or belongs to other files; run verify --write"]
        if known.tolerances != self._tolerances:
            return ["derived.json holds other tolerances than measured now; run verify --write"]
        return []

    def _gate(self, gate: str, errors: list[str]) -> Gate:
        return Gate(exercise=self.id, gate=gate, passed=not errors, message="\n".join(errors[:20]))


def unreadable(folder: Path, error: ExerciseError) -> Gate:
    """Return the red gate of a folder that is no exercise."""
    return Gate(exercise=folder.name, gate="manifest", passed=False, message=str(error))


def readable(folder: Path) -> Exercise | Gate:
    """Load an exercise of a bank, or return its red gate."""
    try:
        return load_in_bank(folder)
    except ExerciseError as error:
        return unreadable(folder, error)


def _errors(rule: Callable[[Exercise], list[str]], exercise: Exercise) -> list[str]:
    try:
        return rule(exercise)
    except ExerciseError as error:
        return [str(error)]
