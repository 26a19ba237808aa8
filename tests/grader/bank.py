"""Small exercises for tests, written into a folder."""

from __future__ import annotations

from pathlib import Path

MANIFEST = """
id = "{name}"
title = "Double it"
kind = "code"
points = 4
flavour = "numpy"
concepts = ["arrays"]
{extra}
"""
CHECKS = """
from grader.authoring import check, close


@check("Doubles a vector", points=1, visible=True)
def vector(student, reference, draw):
    x = draw.normal(3)
    close(student.double(x), reference.double(x))


@check("Doubles a matrix", points=3)
def matrix(student, reference, draw):
    x = draw.normal(2, 3)
    close(student.double(x), reference.double(x))
"""
SOLUTION = "def double(x):\n    return x + x\n"
FILES = {
    "statement.md": "# Double it\n",
    "checks.py": CHECKS,
    "solution.py": SOLUTION,
    "starter.py": "def double(x):\n    raise NotImplementedError\n",
    "right/times_two.py": "def double(x):\n    return 2 * x\n",
    "wrong/squared.py": '"""The input is squared.\n\nTwice a number is not its square.\n"""\n\n\n'
    "def double(x):\n    return x * x\n",
}


def write_exercise(folder: Path, files: dict[str, str] | None = None, extra: str = "") -> Path:
    """Write an exercise named like its folder; `files` replaces or adds, an empty text removes."""
    manifest = {"exercise.toml": MANIFEST.format(name=folder.name, extra=extra)}
    for name, text in {**manifest, **FILES, **(files or {})}.items():
        if text:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder
