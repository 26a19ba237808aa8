"""The numbers that a statement prints in its example are those of the reference solution.

One file per exercise in `examples/`: `example(module)` yields the numbers, computed by `module`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import ArrayLike

EXERCISES = Path(__file__).parents[2] / "exercises"
EXAMPLES = sorted(Path(__file__).with_name("examples").glob("*.py"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(value: ArrayLike) -> list[str]:
    """Return each number as a statement prints it: six decimals, trailing zeros optional."""
    return [f"{number + 0.0:.6f}".rstrip("0").rstrip(".") for number in np.ravel(value)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem.replace("_", "-"))
def test_the_example_in_the_statement_is_right(path: Path) -> None:
    folder = next(EXERCISES.glob(f"*/{path.stem.replace('_', '-')}"))
    statement = (folder / "statement.md").read_text(encoding="utf-8")
    statement = statement.replace("\N{MINUS SIGN}", "-")
    values = load(path).example(load(folder / "solution.py"))
    numbers = [text for value in values for text in printed(value)]
    assert numbers
    assert [text for text in numbers if text not in statement] == []
