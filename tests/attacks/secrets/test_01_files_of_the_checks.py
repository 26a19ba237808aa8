"""Row 1: open the checks and answers on disk. Success would be one of their files in a session."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_file_of_the_exercise_lies_anywhere(attack: Attack) -> None:
    code = """
import os
names = {"checks.py", "solution.py", "exercise.toml", "derived.json", "statement.md", "starter.py"}
found = sorted(
    os.path.join(folder, name)
    for folder, _, files in os.walk("/") for name in files
    if name in names and "/numpy/" not in folder and "/site-packages/" not in folder
)
found = [path for path in found if "attacked" in open(path, errors="replace").read()]
"""
    assert seen(attack, code) == "[]"


def test_the_engine_in_the_sandbox_holds_no_grading_code(attack: Attack) -> None:
    code = """
import os
found = sorted(name for name in os.listdir("/engine/grader") if not name.startswith("__"))
"""
    assert seen(attack, code) == "['frames', 'runner']"
