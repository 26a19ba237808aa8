"""Strict models of exercise.toml, items.toml and concepts.toml (see docs/contributors)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    field_validator,
    model_validator,
)

from grader.exercise.limits import BOUNDS, Limits
from grader.exercise.strict_toml import Strict, parse

T = TypeVar("T")
Kind = Literal["code", "by-hand", "quiz", "data", "performance", "gpu", "experiment"]
Flavour = Literal["numpy", "torch", "torch-cuda"]
Lane = Literal["cpu", "gpu"]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)]
Callee = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$", max_length=128)
]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^\S(.*\S)?$")]
Source = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Dotted = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\*?$")]


def _within(name: str) -> Any:
    low, high = BOUNDS[name]
    return Field(default=getattr(Limits(), name), ge=low, le=high)


class LimitsTable(Strict):
    """`[limits]`: what is not named keeps the engine's default."""

    wall_seconds: float = _within("wall_seconds")
    job_seconds: float = _within("job_seconds")
    cpu_seconds: float = _within("cpu_seconds")
    memory_mib: int = _within("memory_mib")
    device_mib: int = _within("device_mib")
    processes: int = _within("processes")
    files: int = _within("files")
    output_kib: int = _within("output_kib")
    disk_mib: int = _within("disk_mib")

    @model_validator(mode="after")
    def _one_call_fits_into_the_job(self) -> LimitsTable:
        if self.wall_seconds > self.job_seconds:
            raise ValueError("wall_seconds (one call) is above job_seconds (all of it)")
        return self


class FunctionRules(Strict):
    """`[functions.NAME]`: engine-wide checks of one function, or of `Class.method`."""

    stable: bool = False  # a floating-point warning fails the check whose call caused it
    mutates: tuple[Name, ...] = ()  # parameters that may change
    aliases: bool = False  # results may share memory with arguments or earlier results
    repeat: bool = True  # the first call in a check is made twice and must agree
    opaque: tuple[Name, ...] = ()  # outputs of free form: no mistake is recognised by them
    slow: bool = False  # no mistake is recognised by calling it: that would take too long


class Performance(Strict):
    """`[performance.NAME]`: how a `@performance` function of checks.py is graded."""

    metric: Literal["ratio", "count", "score"]
    function: Callee | None = None  # ratio only
    baseline: Name | None = None  # ratio only: a function of solution.py
    thresholds: tuple[tuple[float, float], ...] = Field(min_length=1, max_length=16)
    calibrated: bool = True  # false: shown, not graded
    lane: Lane = "cpu"

    @model_validator(mode="after")
    def _only_a_ratio_has_a_baseline(self) -> Performance:
        for name in ("function", "baseline"):
            if (getattr(self, name) is not None) != (self.metric == "ratio"):
                needs = "needs" if self.metric == "ratio" else "has no"
                raise ValueError(f"the metric {self.metric} {needs} `{name}`")
        return self

    @field_validator("thresholds")
    @classmethod
    def _shares_rise_to_one(
        cls, thresholds: tuple[tuple[float, float], ...]
    ) -> tuple[tuple[float, float], ...]:
        shares = [share for _, share in thresholds]
        if not all(0 < share <= 1 for share in shares) or shares[-1] != 1:
            raise ValueError("each share is above 0 and at most 1, and the last one is 1")
        if any(a >= b for a, b in pairwise(shares)):
            raise ValueError("each threshold gives a larger share than the one before")
        return thresholds

    @model_validator(mode="after")
    def _values_go_towards_better(self) -> Performance:
        values = [value for value, _ in self.thresholds]
        if self.metric == "count":  # fewer is better
            values.reverse()
        if any(a >= b for a, b in pairwise(values)):
            better = "falls" if self.metric == "count" else "rises"
            raise ValueError(f"thresholds: the value {better} from one entry to the next")
        if self.metric == "ratio" and values[0] <= 0:
            raise ValueError("thresholds: a ratio is above 0")
        return self


class QuizRules(Strict):
    """`[quiz]`"""

    draw: int = Field(ge=1, le=100)  # items per student
    points: float | None = Field(default=None, gt=0, le=1000)  # all of them; else the exercise's


class Manifest(Strict):
    """exercise.toml."""

    id: Id
    title: Title
    kind: Kind
    points: float = Field(gt=0, le=1000)
    flavour: Flavour
    order: int = Field(default=0, ge=0, le=999)
    difficulty: int = Field(default=1, ge=1, le=5)
    concepts: tuple[Id, ...] = Field(min_length=1, max_length=64)
    sources: tuple[Source, ...] = Field(default=(), max_length=32)
    prerequisites: tuple[Id, ...] = Field(default=(), max_length=16)
    limits_table: LimitsTable = Field(default=LimitsTable(), alias="limits")
    functions: dict[Callee, FunctionRules] = Field(default={}, max_length=64)
    performance: dict[Name, Performance] = Field(default={}, max_length=8)
    quiz: QuizRules | None = None
    bans: tuple[Dotted, ...] = Field(default=(), max_length=64)  # raise when called; advice

    @property
    def limits(self) -> Limits:
        return Limits(**self.limits_table.model_dump())

    def with_thresholds(self, changes: Mapping[str, Sequence[tuple[float, float]]]) -> Manifest:
        """Replace thresholds of performance checks. Raises: ValueError, as a manifest would."""
        unknown = sorted(set(changes) - set(self.performance))
        if unknown:
            raise ValueError(f"thresholds: there is no performance check named {unknown[0]!r}")
        changed = {
            name: Performance(**{**dict(self.performance[name]), "thresholds": tuple(pairs)})
            for name, pairs in changes.items()
        }
        return self.model_copy(update={"performance": {**self.performance, **changed}})

    @field_validator("concepts", "sources", "prerequisites")
    @classmethod
    def _no_entry_twice(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        return _distinct(entries, lambda entry: entry)

    @model_validator(mode="after")
    def _a_gpu_part_has_a_gpu_flavour(self) -> Manifest:
        for name, part in self.performance.items():
            if part.lane == "gpu" and self.flavour != "torch-cuda":
                raise ValueError(f'performance.{name} has lane "gpu", which needs "torch-cuda"')
        if self.id in self.prerequisites:
            raise ValueError("prerequisites: an exercise does not come before itself")
        return self


class Option(Strict):
    """One option of a choice."""

    text: str = Field(min_length=1, max_length=400)
    right: bool = False
    why: str = Field(min_length=1, max_length=600)  # the explanation shown when it was chosen


class _Item(Strict):
    id: Id
    concept: Id
    source: Source
    text: str = Field(min_length=1, max_length=2000)


class Choice(_Item):
    """An item with options: one right (single) or at least one (multiple, all or nothing)."""

    kind: Literal["single", "multiple"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Choice:
        _distinct(self.options, lambda option: option.text.strip().casefold())
        right = sum(option.right for option in self.options)
        if self.kind == "single" and right != 1:
            raise ValueError(f"{self.id}: exactly one option is right, not {right}")
        if right == 0:
            raise ValueError(f"{self.id}: at least one option is right")
        return self


class NumericItem(_Item):
    """An item that asks for a number; `answer` is arithmetic over the drawn integers."""

    kind: Literal["numeric"]
    draw: dict[Name, tuple[int, int]] = Field(default={}, max_length=8)  # both ends included
    answer: str = Field(min_length=1, max_length=200)
    tolerance: float = Field(default=1e-3, ge=0, le=1e6)  # absolute
    unit: str = Field(default="", max_length=20)
    why: str = Field(min_length=1, max_length=600)

    @field_validator("draw")
    @classmethod
    def _low_is_not_above_high(cls, draw: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        for name, (low, high) in draw.items():
            if low > high or max(abs(low), abs(high)) > 10**6:
                raise ValueError(f"{name} = [low, high], low not above high, within a million")
        return draw


Item = Annotated[Choice | NumericItem, Field(discriminator="kind")]


class Items(Strict):
    """items.toml."""

    items: tuple[Item, ...] = Field(min_length=1, max_length=500)

    @field_validator("items")
    @classmethod
    def _ids_are_unique(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return _distinct(items, lambda item: item.id)


class Concept(Strict):
    """One entry of concepts.toml; its key is the table's name."""

    title: str = Field(min_length=1, max_length=200)
    unit: Id


class Concepts(RootModel[dict[Id, Concept]]):
    """concepts.toml: what a course must cover."""

    model_config = ConfigDict(frozen=True, strict=True)


def parse_manifest(text: str, file: str = "exercise.toml") -> Manifest:
    """Read exercise.toml. Raises: ExerciseError with file and line."""
    return parse(Manifest, text, file)


def parse_items(text: str, file: str = "items.toml") -> Items:
    """Read items.toml. Raises: ExerciseError with file and line."""
    return parse(Items, text, file)


def parse_concepts(text: str, file: str = "concepts.toml") -> dict[str, Concept]:
    """Read concepts.toml. Raises: ExerciseError with file and line."""
    return parse(Concepts, text, file).root


def _distinct(entries: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    seen: set[str] = set()
    for entry in entries:
        if (name := key(entry)) in seen:
            raise ValueError(f"{name!r} is there twice")
        seen.add(name)
    return entries
