"""Gates that need no run: what files import, what wrong files say, what the statement names."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Set
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise.load import Exercise

_AUTHORING = {"numpy", "math", "cmath", "grader.authoring", "__future__"}
_FLAVOUR = {"numpy": {"numpy"}, "torch": {"numpy", "torch"}, "torch-cuda": {"numpy", "torch"}}
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MISTAKE_CHARACTERS = 160  # the first line of a wrong file's docstring is one sentence on a page


def import_errors(exercise: Exercise) -> list[str]:
    """Return `file:line: ...` for each import that its place does not offer."""
    own = {Path(name).stem for name in exercise.given if name.endswith(".py")}
    code = set(sys.stdlib_module_names) | _FLAVOUR[exercise.manifest.flavour] | own
    authors = [name for name in ("checks.py", "problem.py") if (exercise.folder / name).is_file()]
    students = ["starter.py", "solution.py", *exercise.right, *exercise.wrong]
    errors: list[str] = []
    for name in authors:
        errors += _not_offered(exercise, name, _AUTHORING)
    for name in students:
        if (exercise.folder / name).is_file():
            errors += _not_offered(exercise, name, code)
    return errors


def docstring_errors(exercise: Exercise) -> list[str]:
    """Return what is wrong with the docstrings that name the mistakes of wrong/."""
    errors: list[str] = []
    seen: dict[str, str] = {}
    for name in exercise.wrong:
        text = ast.get_docstring(_tree(exercise, name)) or ""
        first, _, hint = text.partition("\n")
        if not first:
            errors.append(f"{name}: no docstring; its first line names the mistake")
        elif len(first) > _MISTAKE_CHARACTERS:
            errors.append(f"{name}: the name of the mistake has {len(first)} characters")
        elif not hint.strip():
            errors.append(f"{name}: no hint below the name of the mistake")
        elif first in seen:
            errors.append(f"{name}: {seen[first]} has the same name")
        seen.setdefault(first, name)
    return errors


def placeholder_errors(exercise: Exercise, numbers: Set[str]) -> list[str]:
    """Return each `{{ name }}` of the statement that no drawn number fills."""
    return [
        f"statement.md:{exercise.statement.count(chr(10), 0, match.start()) + 1}: "
        f"{{{{ {match.group(1)} }}}} is no number of this exercise"
        for match in _PLACEHOLDER.finditer(exercise.statement)
        if re.split(r"[.\[]", match.group(1))[0] not in numbers
    ]


def concept_errors(exercise: Exercise, known: Iterable[str]) -> list[str]:
    """Return each concept that concepts.toml does not have."""
    used = {*exercise.manifest.concepts, *(item.concept for item in exercise.items)}
    return [f"{concept} is not in concepts.toml" for concept in sorted(used - set(known))]


def _not_offered(exercise: Exercise, name: str, offered: Set[str]) -> list[str]:
    errors = []
    for node in ast.walk(_tree(exercise, name)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level + (node.module or "")]
        else:
            continue
        errors += [
            f"{name}:{node.lineno}: {module} is not offered there"
            for module in modules
            if module not in offered and module.split(".")[0] not in offered
        ]
    return errors


def _tree(exercise: Exercise, name: str) -> ast.Module:
    try:
        return ast.parse(exercise.read(name))
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise ExerciseError(f"No valid Python: {error}.", name, line) from error
