"""The gates, each turned red by an exercise that deserves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.contracts import Gate
from grader.daemon.queue import Slots
from grader.exercise.derived import Derived, read
from grader.job.backend import HostBackend
from grader.verify.run import Options, Workshop, verify_folders
from tests.grader.bank import FILES, MANIFEST, write_exercise

Verify = Callable[..., tuple[list[Gate], Path]]
PROBLEM = """
from grader.authoring import mistake, step


def draw(rng):
    return {"w": rng.choice([2.5, 3.5]), "x": rng.integers(2, 9)}


steps = [step("z", lambda n, a: n.w * n.x, label="Net input", points=4)]
mistakes = [mistake("sum", "Added, not multiplied.", z=lambda n, a: n.w + n.x)]
"""
BY_HAND = {
    "checks.py": "",
    "starter.py": "",
    "solution.py": "",
    "right/times_two.py": "",
    "wrong/squared.py": "",
    "problem.py": PROBLEM,
    "statement.md": "w = {{ w }}, x = {{ x }}\n",
}


@pytest.fixture
def verify(backend: HostBackend, versions: Path, tmp_path: Path) -> Verify:
    """Verify one exercise with some files changed; returns gates and the folder."""

    def run(files: dict[str, str], **options: Any) -> tuple[list[Gate], Path]:
        folder = write_exercise(tmp_path / "double", files)
        gates: list[Gate] = []
        workshop = Workshop(backend, versions, Slots(2, (0,)), 2)
        chosen = Options(**{"seeds": 2, **options})
        verified = verify_folders(workshop, [folder], chosen, gates.append)
        assert verified.gates == len(gates)
        assert verified.red == sum(not gate.passed for gate in gates)
        return gates, folder

    return run


def red(gates: list[Gate]) -> set[str]:
    return {gate.gate for gate in gates if not gate.passed}


def test_a_good_exercise_is_green_and_each_wrong_file_is_named(verify: Verify) -> None:
    gates, _ = verify({})
    assert red(gates) == set()
    wrong = [gate for gate in gates if gate.gate == "wrong"]
    assert len(wrong) == 2
    # A name is looked for in the first draw: whether it fails is what the others are for.
    assert [gate.told for gate in wrong] == ["The input is squared.", None]
    assert sorted(tuple(gate.killed_by) for gate in wrong) == [("vector",), ("vector", "matrix")]


def test_every_seed_is_another_draw(verify: Verify) -> None:
    gates, _ = verify({}, seeds=3)
    assert len({gate.seed for gate in gates if gate.gate == "reference"}) == 3


@pytest.mark.parametrize(
    ("file", "source", "gate"),
    [
        ("solution.py", "def double(x):\n    return 3 * x + x.size\n", "right"),
        ("solution.py", "def double(x):\n    raise ValueError\n", "reference"),
        ("right/times_two.py", "def double(x):\n    return 3 * x\n", "right"),
        ("starter.py", "def double(x):\n    return 2 * x\n", "starter"),
        ("starter.py", "def double(x:\n", "starter"),
        ("wrong/squared.py", '"""None.\n\nAt all.\n"""\ndef double(x): return x + x\n', "wrong"),
        ("wrong/squared.py", '"""Broken."""\ndef double(x: return x\n', "mistakes named"),
        ("statement.md", "{{ missing }}\n", "statement"),
        ("solution.py", "import torch\ndef double(x): return 2 * x\n", "imports"),
        ("checks.py", "def broken(:\n", "imports"),
        ("exercise.toml", "id = 1\n", "manifest"),
        ("wrong/no_name.py", "def double(x): return x\n", "mistakes named"),
    ],
)  # fmt: skip
def test_a_bad_file_turns_its_gate_red(verify: Verify, file: str, source: str, gate: str) -> None:
    gates, _ = verify({file: source}, seeds=1)
    assert gate in red(gates)


def test_a_folder_with_another_name_than_its_id_is_red(verify: Verify) -> None:
    manifest = 'id = "other"\ntitle = "T"\nkind = "code"\npoints = 4\nflavour = "numpy"\n'
    gates, _ = verify({"exercise.toml": manifest + 'concepts = ["a"]\n'})
    assert red(gates) == {"manifest"}


def test_by_hand_mistakes_are_tried_and_derived_numbers_are_written(verify: Verify) -> None:
    gates, folder = verify(BY_HAND)
    assert red(gates) == {"derived"}
    gates, _ = verify(BY_HAND, write=True)
    assert red(gates) == set()
    assert (folder / "derived.json").is_file()
    assert {gate.told for gate in gates if gate.gate == "mistake"} == {"sum"}
    gates, _ = verify(BY_HAND)
    assert red(gates) == set()


def test_derived_numbers_of_other_files_are_stale(verify: Verify) -> None:
    verify(BY_HAND, write=True)
    gates, _ = verify({**BY_HAND, "statement.md": "x = {{ x }}, changed\n"})
    assert red(gates) == {"derived"}


def test_ratios_stay_where_nothing_is_timed(verify: Verify, tmp_path: Path) -> None:
    fast = (
        FILES["checks.py"]
        .replace("import check", "import check, performance")
        .replace("points=3", "points=2")
        + """

@performance("Fast", points=1)
def fast(draw):
    return (draw.normal(3),)
"""
    )
    part = '[performance.fast]\nmetric = "ratio"\nfunction = "double"\nbaseline = "double"\n'
    manifest = MANIFEST.format(name="double", extra=f"{part}thresholds = [[0.1, 1.0]]\n")
    files = {"checks.py": fast, "exercise.toml": manifest.replace('"code"', '"performance"')}
    (tmp_path / "double").mkdir()
    old = Derived(stamp=f"sha256:{0:064}", ratios={"fast": 20.0, "removed": 3.0})
    (tmp_path / "double/derived.json").write_text(old.model_dump_json(by_alias=True))
    gates, folder = verify(files, write=True, timing=False)
    assert red(gates) == set()
    written = read(folder)
    assert written is not None
    assert written.ratios == {"fast": 20.0}


def test_mistakes_that_no_draw_separates_are_red(verify: Verify) -> None:
    same = PROBLEM.replace("n.w + n.x", "n.w * n.x")
    gates, _ = verify({**BY_HAND, "problem.py": same})
    assert "numbers" in red(gates)


def test_points_that_do_not_add_up_are_red(verify: Verify) -> None:
    manifest = 'id = "double"\ntitle = "T"\nkind = "code"\npoints = 5\nflavour = "numpy"\n'
    gates, _ = verify({"exercise.toml": manifest + 'concepts = ["arrays"]\n'})
    assert "points" in red(gates)
