"""An exercise folder as frozen data. No code of the folder is executed, only read."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise import derived as derived_numbers
from grader.exercise.derived import Derived
from grader.exercise.digest import files_of, version_of
from grader.exercise.manifest import Item, Manifest, parse_items, parse_manifest
from grader.exercise.outputs import outputs

MANIFEST = "exercise.toml"
SOLUTION_PART = "solution.py"  # names of the parts of a submission
ANSWERS_PART = "answers.json"
_FILES = frozenset({
    MANIFEST, "statement.md", "starter.py", "checks.py", "problem.py", "items.toml", "solution.py",
    derived_numbers.NAME, "README.md",
})  # fmt: skip
_FOLDERS = frozenset({"given", "right", "wrong"})
MAX_TEXT_BYTES = 512 * 1024  # one file of code or prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One version of an exercise. Names of files are relative to `folder`."""

    folder: Path
    version: str
    manifest: Manifest
    statement: str
    starter: str | None
    right: tuple[str, ...]  # right/*.py
    wrong: tuple[str, ...]  # wrong/*.py
    given: tuple[str, ...]  # given/**
    has_checks: bool
    has_problem: bool  # draws numbers, with or without steps
    has_steps: bool
    items: tuple[Item, ...]  # of the quiz
    derived: Derived | None  # only while it belongs to the other files

    @property
    def parts(self) -> tuple[str, ...]:
        """The named parts of a submission for it."""
        answers = self.has_steps or bool(self.items)
        return (SOLUTION_PART,) * self.has_checks + (ANSWERS_PART,) * answers

    @property
    def unit(self) -> str:
        """The unit, where the folder lies in a bank (`exercises/<unit>/<id>`)."""
        return self.folder.parent.name

    def read(self, name: str) -> str:
        """The text of one of its files. Raises: ExerciseError."""
        return _text(self.folder, name)


def load(folder: Path, version: str | None = None) -> Exercise:
    """Read an exercise folder, wherever it lies. `version`: its digest, where that is known.

    Raises: ExerciseError with file and line.
    """
    files = files_of(folder)
    _refuse_unknown_files(files)
    manifest = parse_manifest(_text(folder, MANIFEST))
    has = frozenset(files).__contains__
    measured = derived_numbers.read(folder)
    if measured is not None and not derived_numbers.is_current(measured, folder):
        measured = None
    exercise = Exercise(
        folder=folder,
        version=version_of(folder) if version is None else version,
        manifest=manifest,
        statement=_text(folder, "statement.md"),
        starter=_text(folder, "starter.py") if has("starter.py") else None,
        right=_below(files, "right/"),
        wrong=_below(files, "wrong/"),
        given=_below(files, "given/"),
        has_checks=has("checks.py"),
        has_problem=has("problem.py"),
        has_steps=has("problem.py") and _defines(_text(folder, "problem.py"), "steps"),
        items=parse_items(_text(folder, "items.toml")).items if has("items.toml") else (),
        derived=measured,
    )
    _refuse_missing_parts(exercise, files)
    _refuse_unknown_outputs(exercise)
    return exercise


def _refuse_unknown_files(files: tuple[str, ...]) -> None:
    for name in files:
        top, _, rest = name.partition("/")
        if (top not in _FOLDERS) if rest else (top not in _FILES):
            raise ExerciseError("No exercise has a file of this name here.", name)
        module = rest.removesuffix(".py")
        if top in ("right", "wrong") and not (rest != module and module.isidentifier()):
            raise ExerciseError(f"{top}/ holds Python files named like modules.", name)


def _refuse_missing_parts(exercise: Exercise, files: tuple[str, ...]) -> None:
    manifest = exercise.manifest
    if not exercise.parts:
        raise ExerciseError("There is nothing to mark: no checks.py, steps or items.toml.")
    if exercise.has_checks:
        for name in ("starter.py", "solution.py"):
            if name not in files:
                raise ExerciseError("checks.py needs this file beside it.", name)
    elif manifest.performance or manifest.functions or exercise.wrong or exercise.right:
        raise ExerciseError("Functions, right/ and wrong/ need a checks.py.", MANIFEST)
    if (manifest.quiz is None) != (not exercise.items):
        raise ExerciseError("items.toml and [quiz] need each other.", MANIFEST)
    if manifest.quiz is None:
        return
    if (exercise.has_checks or exercise.has_steps) and manifest.quiz.points is None:
        raise ExerciseError("quiz.points: say what the quiz is worth beside other parts.", MANIFEST)
    if manifest.quiz.draw > len(exercise.items):
        raise ExerciseError(
            f"quiz.draw is {manifest.quiz.draw}, but items.toml has {len(exercise.items)} items.",
            MANIFEST,
        )


def _refuse_unknown_outputs(exercise: Exercise) -> None:
    opaque = {name: rules.opaque for name, rules in exercise.manifest.functions.items()}
    if not any(opaque.values()):
        return
    try:
        known = outputs(exercise.read(SOLUTION_PART))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _no_python(SOLUTION_PART, error) from error
    for function, names in opaque.items():
        for name in names:
            if name not in known.get(function, {}):
                raise ExerciseError(
                    f"functions.{function}.opaque: not every `return` of {function} in "
                    f"{SOLUTION_PART} gives a variable `{name}` at the same place.",
                    MANIFEST,
                )


def _no_python(file: str, error: BaseException) -> ExerciseError:
    return ExerciseError(f"No valid Python: {error}.", file, getattr(error, "lineno", None))


def _below(files: Iterable[str], folder: str) -> tuple[str, ...]:
    return tuple(name for name in files if name.startswith(folder))


def _defines(source: str, name: str) -> bool:
    """Whether a module assigns a name at its top level.

    Raises: ExerciseError for a syntax error.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _no_python("problem.py", error) from error
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _text(folder: Path, name: str) -> str:
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise ExerciseError(f"The file cannot be read: {error.strerror}.", name) from error
    if len(data) > MAX_TEXT_BYTES:
        raise ExerciseError(f"The file has {len(data)} bytes; at most {MAX_TEXT_BYTES}.", name)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise ExerciseError("The file holds a NUL character, so it is no text.", name, line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExerciseError("The file is no UTF-8 text.", name, line) from error
