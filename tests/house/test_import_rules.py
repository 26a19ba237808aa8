"""Who may import whom: .importlinter, and what only a fresh interpreter can tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.syntax import ROOT

DOORS = [
    "grader.contracts",
    "grader.verdict",
    "grader.errors",
    "grader.exercise",
    "grader.answers",
]


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", DOORS)
def test_what_the_platform_may_import_loads_neither_numpy_nor_torch_nor_django(module: str) -> None:
    code = (
        f"import sys, pkgutil, importlib; m = importlib.import_module({module!r});"
        "[importlib.import_module(f'{m.__name__}.{i.name}') for i in"
        " pkgutil.iter_modules(getattr(m, '__path__', []))];"
        "print(sorted({'numpy', 'torch', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
