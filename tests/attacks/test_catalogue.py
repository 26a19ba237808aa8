"""Every row of the catalogue of attacks is tried here, or it is said why not and what stands."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
ROWS = range(1, 99)
ELSEWHERE = {
    82: "tests/gradus/web/test_notebook.py: cells without outputs",
    91: "tests/grader/gpu and tests/gpu: watching, quarantine",
    92: "tests/grader/gpu and tests/gpu: what is not given back",
    94: "tests/gradus/web/test_hostile_text.py: every page that shows a student's text",
    96: "tests/gradus/gradebook/test_export_documents.py, test_exports.py: cells as text",
}
NOT_AS_CODE = {
    6: "GPU: another process's buffers; needs a device",
    55: "GPU: streams; needs a device",
    56: "GPU: late writes of another stream; threads of the CPU are row 53",
    57: "GPU: persisting cache; needs a device",
    58: "GPU: warm cache; needs a device",
    59: "a property of how times are summed up: tests/grader/timing",
    65: "luck: a margin and a second session, tests/grader/timing and benchmarks/noise.py",
    75: "flaws of container runtimes: patched runtimes, gVisor",
    97: "no language model decides anything here",
}


def covered() -> set[int]:
    """Return the rows that the files name in the first line of their docstrings."""
    rows: set[int] = set()
    for path in HERE.rglob("test_*.py"):
        head = path.read_text(encoding="utf-8").splitlines()[0]
        if named := re.match(r'"""Rows? ([0-9, and to]+):', head):
            for part in re.split(r", | and ", named[1]):
                first, _, last = part.partition(" to ")
                rows |= set(range(int(first), int(last or first) + 1))
    return rows


def test_every_row_is_tried_or_explained() -> None:
    assert set(ROWS) - covered() - set(ELSEWHERE) - set(NOT_AS_CODE) == set()


def test_no_row_is_both_tried_and_excused() -> None:
    assert covered() & (set(ELSEWHERE) | set(NOT_AS_CODE)) == set()


def test_at_least_75_rows_are_tried() -> None:
    assert len(covered()) >= 75


def test_what_is_tried_elsewhere_is_there() -> None:
    root = HERE.parents[1]
    for where in ELSEWHERE.values():
        assert (root / where.partition(":")[0].split(" and ")[0].split(",")[0]).exists(), where


def test_each_file_says_what_success_would_be() -> None:
    for path in HERE.glob("*/test_[0-9]*.py"):
        if path.stem != "test_00_the_honest_ways":
            assert "Success" in path.read_text(encoding="utf-8").split('"""')[1], path.name
