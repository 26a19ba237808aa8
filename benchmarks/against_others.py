"""Seconds from a handed-in file to its marks: Gradus beside nbgrader, otter and `docker run`.

    python -m benchmarks.against_others [--rounds 10] [--image gradus/torch]

One exercise (a row softmax in torch, three checks), one right submission, the same checks in each
grader's own form, taken in turns in one run. nbgrader and otter are installed from the package
index into environments of their own under var/bench/, with the torch of the torch flavour. Each
does what its manual says for one submission: `nbgrader autograde`, `otter check`. `docker run` is
the least that a container per submission costs: a container whose Python imports torch and runs
the three checks, with nothing around it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.sandbox_overhead import host, percentiles
from benchmarks.submit_to_verdict import ROOT
from benchmarks.throughput import Work, daemon

HERE = Path(__file__).parent / "others"
EXERCISE = HERE / "row-softmax"
ENVIRONMENTS = ROOT / "var" / "bench"
TORCH = ROOT / ".venv/flavours/torch"
PACKAGES = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
INPUTS = (
    "torch.randn(4, 7).double()",
    "1000 * torch.randn(4, 7).double()",
    "torch.randn(3, 1).double()",
)
SAME = "torch.allclose(softmax(x), torch.softmax(x, 1))"
CHECKS = f"import torch\nfor x in ({', '.join(INPUTS)}):\n    assert {SAME}\n"
OTTER_CASE = f">>> import torch\n>>> x = {{x}}\n>>> {SAME}\nTrue"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--image", default="gradus/torch", help="for docker run")
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.rounds, chosen.image), indent=1))


def run(rounds: int = 10, image: str = "gradus/torch") -> dict[str, Any]:
    """Return seconds of each grader, and how many times those of Gradus they are."""
    with tempfile.TemporaryDirectory() as name, daemon(Path(name)) as (_, socket):
        folder = Path(name)
        work = Work.of(str(EXERCISE), socket)
        graders: dict[str, Callable[[], None]] = {"gradus": lambda: work.grade("bench")}
        graders["nbgrader autograde"] = nbgrader(folder / "nbgrader")
        graders["otter check"] = otter(folder / "otter")
        left_out = {}
        try:
            graders["docker run"] = docker_run(folder / "docker", image)
        except OSError as error:
            left_out["docker run"] = str(error)
        return {"host": host(), **compare(graders, rounds), "left_out": left_out}


def compare(graders: dict[str, Callable[[], None]], rounds: int) -> dict[str, Any]:
    seconds: dict[str, list[float]] = {name: [] for name in graders}
    for grade in graders.values():
        grade()  # first runs fill caches of files
    for number in range(rounds):
        names = list(graders) if number % 2 == 0 else list(reversed(graders))
        for name in names:
            started = time.perf_counter()
            graders[name]()
            seconds[name].append(time.perf_counter() - started)
    times = {
        name: round(statistics.median(o / g for o, g in zip(taken, seconds["gradus"], strict=True)))
        for name, taken in seconds.items()
        if name != "gradus"
    }
    return {
        "seconds": {name: percentiles(taken) for name, taken in seconds.items()},
        "gradus_seconds": round(statistics.median(seconds["gradus"]), 4),
        "times_gradus": times,
    }


def environment(name: str) -> Path:
    """Return the folder of programs of another grader, installed once."""
    folder = ENVIRONMENTS / name
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        call([sys.executable, "-m", "venv", str(folder)])
        call([str(folder / "bin/pip"), "install", "-q", PACKAGES[name], "ipykernel"])
        packages = next((TORCH / "lib").glob("python3.*")) / "site-packages"
        own = next((folder / "lib").glob("python3.*")) / "site-packages"
        (own / "zz_torch.pth").write_text(f"{packages}\n")
        (folder / "ready").touch()
    return folder / "bin"


def nbgrader(course: Path) -> Callable[[], None]:
    """Set up a course with one assignment and one submission; return how it is graded."""
    programs = environment("nbgrader")
    course.mkdir()
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.root = '.'\n")
    source = course / "source/ps1/row.ipynb"
    submitted = course / "submitted/alice/ps1/row.ipynb"
    for path in (source, submitted):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook((EXERCISE / "solution.py").read_text())))
    call([str(programs / "nbgrader"), "generate_assignment", "ps1"], programs, course)
    command = [str(programs / "nbgrader"), "autograde", "ps1", "--student", "alice", "--force"]
    return lambda: call(command, programs, course)


def notebook(solution: str) -> dict[str, Any]:
    def cell(text: str, **fields: Any) -> dict[str, Any]:
        mark = {"schema_version": 3, "locked": False, "task": False, **fields}
        return {"cell_type": "code", "execution_count": None, "outputs": [], "source": text,
                "metadata": {"nbgrader": mark}, "id": fields["grade_id"]}  # fmt: skip

    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": [
            cell(solution, grade_id="answer", grade=False, solution=True),
            cell(CHECKS, grade_id="checks", grade=True, solution=False, points=3, locked=True),
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def otter(folder: Path) -> Callable[[], None]:
    programs = environment("otter")
    (folder / "tests").mkdir(parents=True)
    shutil.copy(EXERCISE / "solution.py", folder / "submission.py")
    cases = [
        {"code": OTTER_CASE.format(x=x), "hidden": False, "locked": False, "points": 1}
        for x in INPUTS
    ]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": "softmax", "points": None, "suites": [suite]}
    (folder / "tests/softmax.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")
    command = [str(programs / "otter"), "check", "submission.py", "-t", "tests"]
    return lambda: call(command, programs, folder, expect="All tests passed")


def docker_run(folder: Path, image: str) -> Callable[[], None]:
    """Raises: OSError where no engine or no image is at hand."""
    if shutil.which("docker") is None:
        raise OSError("no docker on this host")
    if subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode:
        raise OSError(f"no engine answers, or it has no image {image}")
    text = (EXERCISE / "solution.py").read_text() + CHECKS
    python = f"import sys; sys.path.append('/flavour'); exec({text!r})"
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "/python", image]
    return lambda: call([*command, "-c", python])


def call(
    command: list[str], programs: Path | None = None, folder: Path = ROOT, expect: str = ""
) -> None:
    """Run a program. Raises: SystemExit with what it said, where it failed."""
    path = f"{programs}:{os.environ['PATH']}" if programs else os.environ["PATH"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or expect not in done.stdout:
        raise SystemExit(f"{' '.join(command)[:200]}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
