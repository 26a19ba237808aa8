"""docs/catalogue.md says what the manifests of the exercises say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.coverage import COMMAND, catalogue
from grader.exercise import bank
from tests.house.syntax import ROOT

PAGE = ROOT / "docs" / "catalogue.md"
BANK = ROOT / "exercises"
LINK = re.compile(r"\]\((\S+?)\)")
CONCEPTS = """\
[tables]
title = "Tables | and bars"
unit = "first-steps"

[lonely]
title = "Lonely"
unit = "later"
"""


def add(root: Path, unit: str, name: str, order: int, more: str = "") -> None:
    """Write an exercise with one by-hand step into a bank."""
    folder = root / unit / name
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(
        f'id = "{name}"\ntitle = "Exercise {name}"\nkind = "by-hand"\npoints = 1\n'
        f'flavour = "numpy"\norder = {order}\ndifficulty = 2\nconcepts = ["tables"]\n{more}'
    )
    (folder / "statement.md").write_text("Add.")
    (folder / "problem.py").write_text(
        "from grader.authoring import step\n\n\ndef draw(rng):\n    return {'x': 1}\n\n\n"
        "steps = [step('y', lambda n, a: n.x, label='y', points=1)]\n"
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = tmp_path / "exercises"
    add(root, "later", "third", 1, 'prerequisites = ["first"]\n')
    add(root, "first-steps", "second", 2)
    add(root, "first-steps", "first", 10)
    (root / "concepts.toml").write_text(CONCEPTS)
    return root


def test_the_page_is_what_the_exercises_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue(BANK), f"Run: {COMMAND}"


def test_each_exercise_has_a_link_that_leads_to_its_statement() -> None:
    links = LINK.findall(PAGE.read_text(encoding="utf-8"))
    targets = {(PAGE.parent / link).resolve() for link in links}
    assert targets == {folder / "statement.md" for folder in bank.folders(BANK)}
    assert all(target.is_file() for target in targets)


def test_units_stand_in_the_order_of_concepts_and_exercises_in_their_own(small: Path) -> None:
    page = catalogue(small)
    places = [page.index(f"](../exercises/{name}/") for name in (
        "first-steps/second", "first-steps/first", "later/third",
    )]  # fmt: skip
    assert places == sorted(places)


def test_a_row_names_difficulty_points_prerequisites_and_concepts(small: Path) -> None:
    assert "`third` | by-hand | 2 | 1 | `first` | tables |" in catalogue(small)


def test_a_concept_without_exercise_is_on_the_page_and_a_bar_breaks_no_table(small: Path) -> None:
    page = catalogue(small)
    assert "| Lonely `lonely` | - |" in page
    assert "| Tables \\| and bars `tables` | `first`, `second`, `third` |" in page
