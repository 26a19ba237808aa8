"""The page "Add an exercise in ten minutes", followed to the letter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "contributors" / "add-an-exercise.md"
BLOCK = re.compile(r"```(?:toml|markdown|python)\n(?:# |<!-- )(\S+?)(?: -->)?\n(.*?)```", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that a reader of the page ends up with."""
    target = tmp_path / "exercises" / "activations-and-losses" / "swish"
    for name, text in BLOCK.findall(PAGE.read_text()):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text)
    (tmp_path / "exercises" / "concepts.toml").write_text(
        (ROOT / "exercises" / "concepts.toml").read_text()
    )
    for path in [tmp_path, *tmp_path.parents]:
        if path.stat().st_uid != 0 or path == Path("/tmp"):
            break
        path.chmod(0o755)  # as root the sandboxes run under another uid
    return target


def test_the_page_makes_an_exercise_that_passes_its_gates(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "verify", str(folder), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    gates = [json.loads(line) for line in done.stdout.splitlines()]
    red = [gate for gate in gates if gate.get("passed") is False]
    assert red == []
    assert done.returncode == 0, done.stderr
    told = {gate["subject"]: gate["told"] for gate in gates if gate.get("gate") == "wrong"}
    assert set(told) >= {"wrong/overflows.py", "wrong/slope_of_sigmoid.py"}
