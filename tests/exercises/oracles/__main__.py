"""torch as a second authority for solutions: run by the torch flavour's own interpreter.

`python -m tests.exercises.oracles EXERCISE_FOLDER ...` compares the reference, the other right
solutions and a few mistaken ones of each exercise with torch, on drawn inputs, and prints
{exercise: {file: {"cases": comparisons, "failures": [what differed]}}} as JSON.

One file per exercise stands beside this one: `cases(module)` yields the comparisons, `MISTAKEN`
names files of `wrong/` that change numbers only slightly: proof that the comparison can fail.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import torch

from tests.exercises.oracles.common import load


def differs(got: object, expected: object, rtol: float, atol: float) -> bool:
    mine, theirs = np.asarray(got), np.asarray(expected)
    if mine.shape != theirs.shape or mine.dtype != theirs.dtype:
        return True
    return not bool(np.all(np.abs(mine - theirs) <= atol + rtol * np.abs(theirs)))


def report(oracle: ModuleType, path: Path) -> dict[str, object]:
    torch.set_default_dtype(torch.float32)
    failures, cases = [], 0
    for name, got, expected, rtol, atol in oracle.cases(load(str(path))):
        cases += 1
        if differs(got, expected, rtol, atol):
            failures.append(name)
    return {"cases": cases, "failures": failures}


def reports(folder: Path) -> dict[str, dict[str, object]]:
    oracle = importlib.import_module(f"tests.exercises.oracles.{folder.name.replace('-', '_')}")
    files = [folder / "solution.py", *sorted(folder.glob("right/*.py"))]
    files += [folder / f"wrong/{stem}.py" for stem in oracle.MISTAKEN]
    return {str(path.relative_to(folder)): report(oracle, path) for path in files}


if __name__ == "__main__":
    torch.set_num_threads(1)
    folders = [Path(argument) for argument in sys.argv[1:]]
    json.dump({folder.name: reports(folder) for folder in folders}, sys.stdout)
