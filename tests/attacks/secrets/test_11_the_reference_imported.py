"""Row 11: import the reference or the checker. Success would be an import that works."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_neither_reference_nor_checker_can_be_imported(attack: Attack) -> None:
    code = """
import importlib, sys
sys.path += ["/", "/w", "/engine", "/exercise", "/exercises"]
names = ("checks", "reference", "problem", "grader.checker", "grader.authoring", "grader.compare",
         "grader.job", "grader.daemon", "grader.verify", "gradus")
found = []
for name in names:
    try:
        importlib.import_module(name)
        found.append(name)
    except ImportError:
        pass
import solution
found += [name for name in ("attacked", "honest", "check") if hasattr(solution, name)]
"""
    assert seen(attack, code) == "[]"
