"""The bugs that fix-the-loop plants are those that its known-wrong solutions have, one each."""

from __future__ import annotations

import importlib.util
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).parents[2] / "exercises/training-practice/fix-the-loop"
spec = importlib.util.spec_from_file_location("problem", FOLDER / "problem.py")
assert spec is not None
assert spec.loader is not None
problem = importlib.util.module_from_spec(spec)
spec.loader.exec_module(problem)
BUGS = list(problem.BUGS)


def body(name: str) -> str:
    """Return a file without the docstring at its head."""
    return (FOLDER / name).read_text(encoding="utf-8").split('"""', 2)[2].lstrip("\n")


def test_the_script_without_bugs_is_the_reference() -> None:
    assert problem.with_bugs([]) == body("solution.py")


@pytest.mark.parametrize("bug", BUGS)
def test_each_bug_alone_is_a_known_wrong_solution(bug: str) -> None:
    assert problem.with_bugs([bug]) == body(f"wrong/{bug}.py")


def test_four_bugs_are_in_the_script_whichever_are_drawn() -> None:
    for drawn in combinations(range(len(BUGS)), 4):
        script = problem.starter(SimpleNamespace(planted=list(drawn)))
        compile(script, "starter.py", "exec")
        for index in drawn:
            lines = [new for old, new in problem.BUGS[BUGS[index]].items() if old.strip()]
            assert all(line in script for line in lines), BUGS[index]


def test_no_two_bugs_hide_each_other() -> None:
    for first, second in combinations(BUGS, 2):
        both = problem.with_bugs([first, second])
        assert both == problem.with_bugs([second, first])
        assert both not in {problem.with_bugs([first]), problem.with_bugs([second])}
