"""The bank as a whole. What each exercise promises is proven by `python -m grader verify`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from grader.coverage import coverage
from grader.exercise import bank
from gradus.catalog.services import UNIT_ORDER

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


def test_every_concept_of_the_course_is_covered() -> None:
    assert [concept for concept, exercises in coverage(ROOT).items() if not exercises] == []


def test_every_exercise_names_the_document_it_comes_from() -> None:
    for folder in FOLDERS:
        assert bank.load_in_bank(folder).manifest.sources, folder.name


def test_prerequisites_are_exercises_that_come_before() -> None:
    place = {one.name: number for number, one in enumerate(in_order())}
    for folder in FOLDERS:
        for name in bank.load_in_bank(folder).manifest.prerequisites:
            assert name in place, f"{folder.name} names {name}, which is not there"
            assert place[name] < place[folder.name], f"{folder.name} comes before {name}"


def in_order() -> list[Path]:
    """Return the exercises as a course goes through them."""
    return sorted(FOLDERS, key=lambda f: (UNIT_ORDER[f.parent.name], order_of(f), f.name))


def order_of(folder: Path) -> int:
    return bank.load_in_bank(folder).manifest.order


def test_no_place_in_a_unit_is_taken_twice() -> None:
    places = Counter((folder.parent.name, order_of(folder)) for folder in FOLDERS)
    assert [place for place, count in places.items() if count > 1] == []


def test_code_exercises_have_other_right_answers_and_wrong_ones() -> None:
    for folder in FOLDERS:
        if (folder / "checks.py").exists():
            assert len(list(folder.glob("right/*.py"))) >= 2, folder.name
            assert len(list(folder.glob("wrong/*.py"))) >= 4, folder.name


def test_the_quiz_bank_is_large_and_explains_every_option() -> None:
    items = bank.load_in_bank(ROOT / "concepts" / "concept-quiz").items
    assert len(items) >= 90
    assert all(item.source for item in items)
