"""How often grading the same again says something else: the share of replays that differ.

    python -m benchmarks.replays [--times 2] [--wrong 6] [--exercise ID …]

Every exercise with code: the reference, each other right answer and a few wrong ones are graded
once and then again `--times` times with the same seed and numbers, speed left out; two verdicts
are compared as `grader replay` compares them, down to messages, counterexamples and figures.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.sandbox_overhead import host
from benchmarks.submit_to_verdict import ROOT
from grader.commands.bench import Bench, bench, numbers_of
from grader.contracts import Op, Parts, VerdictLine
from grader.exercise import bank
from grader.job.alone import Adopted, do
from grader.replay import differences


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--wrong", type=int, default=6, help="wrong answers of each exercise")
    parser.add_argument("--exercise", action="append")
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.times, chosen.wrong, chosen.exercise), indent=1))


def run(times: int = 2, wrong: int = 6, exercises: list[str] | None = None) -> dict[str, Any]:
    """Return the number of replays and each difference."""
    replays, found = 0, []
    with bench("bubblewrap") as at:
        for folder in bank.folders(ROOT / "exercises"):
            if exercises and folder.name not in exercises:
                continue
            if not (folder / "checks.py").exists():
                continue
            exercise = at.adopt(folder)
            for file in answers(folder, wrong):
                fixed = fixed_draw(at, exercise, file)
                first = grade(at, exercise, fixed)
                for _ in range(times):
                    replays += 1
                    for one in differences(first, grade(at, exercise, fixed)):
                        place = f"{folder.name}/{file.parent.name}/{file.name} {one.path}"
                        found.append({"where": place, "then": str(one.then)[:200],
                                      "now": str(one.now)[:200]})  # fmt: skip
    differing = len({one["where"].rpartition(" ")[0] for one in found})
    return {"host": host(), "replays": replays, "answers_that_differ": differing, "found": found}


def answers(folder: Path, wrong: int) -> Iterator[Path]:
    yield folder / "solution.py"
    yield from sorted(folder.glob("right/*.py"))
    yield from itertools.islice(sorted(folder.glob("wrong/*.py")), wrong)


def fixed_draw(at: Bench, exercise: Adopted, file: Path) -> dict[str, Any]:
    """Return what two gradings must share to be the same."""
    seed = secrets.token_hex(8)
    return {
        "submission": {"solution.py": file.read_bytes()},
        "seed": seed,
        "numbers": numbers_of(at, exercise, seed, None),
        "parts": Parts.CORRECTNESS,
    }


def grade(at: Bench, exercise: Adopted, fixed: dict[str, Any]) -> dict[str, Any]:
    line = do(at.backend, exercise, Op.GRADE, **fixed)
    if not isinstance(line, VerdictLine):
        raise SystemExit(f"no verdict: {line}")
    return line.verdict


if __name__ == "__main__":
    main()
