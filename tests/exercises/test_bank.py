"""The bank as a whole. What each exercise promises is proven by `python -m grader verify`."""

from __future__ import annotations

from pathlib import Path

from grader.coverage import coverage
from grader.exercise import bank

ROOT = Path(__file__).resolve().parents[2] / "exercises"
FOLDERS = bank.folders(ROOT)


def test_there_is_a_bank() -> None:
    assert FOLDERS


def test_no_id_is_there_twice() -> None:
    names = [folder.name for folder in FOLDERS]
    assert sorted(set(names)) == sorted(names)


def test_concepts_are_those_of_concepts_toml() -> None:
    known = bank.concepts(ROOT)
    for folder in FOLDERS:
        manifest = bank.load_in_bank(folder).manifest
        assert set(manifest.concepts) <= set(known), folder.name


def test_each_exercise_covers_a_concept() -> None:
    covered = {exercise for exercises in coverage(ROOT).values() for exercise in exercises}
    assert covered == {folder.name for folder in FOLDERS}
