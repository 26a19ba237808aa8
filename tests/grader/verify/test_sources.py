"""Gates that need no run."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.exercise.load import load
from grader.verify import sources
from tests.grader.bank import write_exercise


def test_a_good_exercise_has_no_errors(tmp_path: Path) -> None:
    exercise = load(write_exercise(tmp_path / "double"))
    assert sources.import_errors(exercise) == []
    assert sources.docstring_errors(exercise) == []
    assert sources.placeholder_errors(exercise, set()) == []
    assert sources.concept_errors(exercise, {"arrays"}) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("checks.py", "import os\n"),
        ("checks.py", "from grader.checker import main\n"),
        ("checks.py", "def f():\n    import torch\n"),
        ("solution.py", "import torch\n"),
        ("solution.py", "from grader.authoring import close\n"),
        ("solution.py", "from . import given\n"),
        ("wrong/squared.py", "import requests\n"),
        ("right/times_two.py", "import scipy.special\n"),
        ("starter.py", "import pandas\n"),
    ],
)
def test_an_import_that_is_not_offered_is_named_with_its_line(
    tmp_path: Path, file: str, source: str
) -> None:
    exercise = load(write_exercise(tmp_path / "double", {file: source}))
    line = source.count("\n")
    assert [error.split(" ")[0] for error in sources.import_errors(exercise)] == [f"{file}:{line}:"]


def test_given_modules_and_the_standard_library_are_offered(tmp_path: Path) -> None:
    files = {"given/net.py": "x = 1\n", "solution.py": "import math\nimport net\n"}
    exercise = load(write_exercise(tmp_path / "double", files))
    assert sources.import_errors(exercise) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def double(x): return 0\n", "no docstring"),
        ('"""Only a name."""\n', "no hint"),
        ('"""' + "x" * 200 + '\n\nHint.\n"""\n', "200 characters"),
    ],
)
def test_a_wrong_file_must_name_its_mistake(tmp_path: Path, source: str, says: str) -> None:
    exercise = load(write_exercise(tmp_path / "double", {"wrong/squared.py": source}))
    assert [says in error for error in sources.docstring_errors(exercise)] == [True]


def test_two_wrong_files_may_not_name_the_same_mistake(tmp_path: Path) -> None:
    text = '"""The same.\n\nHint.\n"""\n'
    files = {"wrong/squared.py": text, "wrong/zero.py": text}
    errors = sources.docstring_errors(load(write_exercise(tmp_path / "double", files)))
    assert errors == ["wrong/zero.py: wrong/squared.py has the same name"]


def test_an_unknown_number_in_the_statement_is_named_with_its_line(tmp_path: Path) -> None:
    exercise = load(
        write_exercise(tmp_path / "double", {"statement.md": "a\n{{ w }} {{ x[0] }}\n"})
    )
    assert sources.placeholder_errors(exercise, {"x"}) == [
        "statement.md:2: {{ w }} is no number of this exercise"
    ]


def test_an_unknown_concept_is_named(tmp_path: Path) -> None:
    exercise = load(write_exercise(tmp_path / "double"))
    assert sources.concept_errors(exercise, {"matrices"}) == ["arrays is not in concepts.toml"]
