"""Author code comes in: `checks.py` and `problem.py` are imported by path, only here."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

from grader.authoring.registry import CheckSpec, collect
from grader.errors import ExerciseError
from grader.exercise.load import Exercise

CHECKS = "checks.py"
PROBLEM = "problem.py"


def load_checks(exercise: Exercise) -> list[CheckSpec]:
    """Import checks.py and return its checks in file order, timed ones last.

    Raises: ExerciseError with file and line.
    """
    module = load_module(exercise.folder, CHECKS)
    try:
        specs = collect(vars(module))
    except ValueError as error:
        raise ExerciseError(str(error), CHECKS) from error
    timed = {spec.id for spec in specs if spec.timed}
    declared = set(exercise.manifest.performance)
    if timed != declared:
        odd = min(timed ^ declared)
        where = "exercise.toml" if odd in timed else CHECKS
        raise ExerciseError(f"the performance check {odd} is missing here", where)
    return [spec for spec in specs if not spec.timed] + [spec for spec in specs if spec.timed]


def load_module(folder: Path, name: str) -> ModuleType:
    """Import one file of the exercise under a name of its own. Raises: ExerciseError."""
    alias = f"exercise_{name.removesuffix('.py')}"
    spec = importlib.util.spec_from_file_location(alias, folder / name)
    if spec is None or spec.loader is None:
        raise ExerciseError("the file cannot be imported", name)
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise ExerciseError(f"no valid Python: {error.msg}", name, error.lineno) from error
    except ExerciseError:
        raise
    except Exception as error:
        raise as_exercise_error(error, folder) from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def as_exercise_error(error: BaseException, folder: Path) -> ExerciseError:
    """Return an author's exception with the last place in the exercise's own files."""
    if isinstance(error, ExerciseError):
        return error
    file, line = None, None
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(folder):
            file, line = path.relative_to(folder).as_posix(), frame.lineno
    return ExerciseError(f"{type(error).__name__}: {error}", file, line)
