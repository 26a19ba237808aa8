"""The answer sheet: steps and quiz items together, drawn once, marked with the stored numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader import sheet
from grader.answers import AnswerError
from grader.byhand.numbers import IncompatibleNumbers
from grader.byhand.steps import mistake, step
from grader.draws import Draw
from grader.errors import ExerciseError
from grader.exercise import derived
from grader.exercise.load import Exercise, load
from grader.figures import bars
from grader.verdict import StepStatus

MANIFEST = """\
id = "both"
title = "Both"
kind = "by-hand"
points = 5
flavour = "numpy"
concepts = ["losses"]
[quiz]
draw = 1
points = 2
"""
ITEMS = """\
[[items]]
id = "twice"
concept = "losses"
source = "004"
kind = "numeric"
text = "Twice {{ k }}?"
draw = { k = [2, 9] }
answer = "2 * k"
why = "Add it to itself."
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    (tmp_path / "exercise.toml").write_text(MANIFEST)
    (tmp_path / "items.toml").write_text(ITEMS)
    (tmp_path / "statement.md").write_text("With {{ x }}.")
    (tmp_path / "problem.py").write_text("steps = []\n")
    return load(tmp_path)


def problem(**names: Any) -> ModuleType:
    module = ModuleType("problem")
    module.__dict__.update(
        {
            "draw": lambda rng: {"x": round(rng.uniform(low=2, high=3), 2)},
            "steps": [
                step(
                    "root", lambda n, a: math.sqrt(n.x), label="Root", latex=r"\\sqrt{x}", points=3
                )
            ],
            "mistakes": [mistake("square", "Squared.", root=lambda n, a: n.x**2)],
            **names,
        }
    )
    return module


def test_one_sheet_holds_steps_and_items(exercise: Exercise) -> None:
    prepared = sheet.prepare(exercise, problem(), b"seed")
    assert set(prepared.numbers) == {"x", "quiz"}
    assert [field["id"] for field in (prepared.form or {})["fields"]] == ["root", "twice"]
    key = sheet.answer_key(exercise, problem(), prepared.numbers)
    results = sheet.mark(exercise, problem(), prepared.numbers, key.right)
    assert [(result.id, result.points) for result in results] == [("root", 3), ("twice", 2)]


def test_the_key_holds_a_sheet_for_every_mistake(exercise: Exercise) -> None:
    numbers = sheet.draw(exercise, problem(), b"seed")
    key = sheet.answer_key(exercise, problem(), numbers)
    result = sheet.mark(exercise, problem(), numbers, key.mistakes["square"])[0]
    assert (result.status, result.mistake) == (StepStatus.WRONG, "square")
    assert key.tolerances == {"root": 1e-4}


def test_what_is_prepared_is_json_of_one_page(exercise: Exercise) -> None:
    prepared = sheet.prepare(exercise, problem(), b"seed")
    assert json.loads(json.dumps(prepared.form)) == prepared.form
    assert json.loads(json.dumps(prepared.numbers)) == prepared.numbers


def test_a_page_that_is_too_large_is_the_authors_fault(exercise: Exercise) -> None:
    large = problem(figure=lambda n: {"kind": "network", "data": "x" * 65536})
    with pytest.raises(ExerciseError, match="bytes; at most"):
        sheet.prepare(exercise, large, b"seed")


def test_a_text_with_nul_is_the_authors_fault(exercise: Exercise) -> None:
    bad = problem(figure=lambda n: {"kind": "network", "a\0b": "x"})
    with pytest.raises(ExerciseError, match="NUL"):
        sheet.prepare(exercise, bad, b"seed")


def test_figures_are_data_or_made_by_the_authoring_interface(exercise: Exercise) -> None:
    own = {"kind": "network", "title": "T", "description": "D", "data": {}}
    assert sheet.prepare(exercise, problem(figure=lambda n: own), b"s").figure == own
    made = problem(figure=lambda n: bars({"x": n.x}, title="T", description="D"))
    figure = sheet.prepare(exercise, made, b"s").figure
    assert figure is not None
    assert figure["kind"] == "bars"


@pytest.mark.parametrize("name", ["figure", "starter"])
def test_what_fails_in_the_authors_functions_names_them(exercise: Exercise, name: str) -> None:
    broken = problem(**{name: lambda n: n.missing})
    with pytest.raises(ExerciseError, match=r"problem.py: .*missing"):
        sheet.prepare(exercise, broken, b"seed")


def test_numbers_may_make_the_starter(exercise: Exercise) -> None:
    own = problem(starter=lambda n: f"x = {n.x}\n")
    prepared = sheet.prepare(exercise, own, b"seed")
    assert prepared.starter == f"x = {prepared.numbers['x']}\n"


def test_stored_numbers_are_used_and_never_drawn_again(exercise: Exercise) -> None:
    first = sheet.prepare(exercise, problem(), b"seed")
    drawn_otherwise = problem(draw=lambda rng: {"x": 9.0})
    again = sheet.prepare(exercise, drawn_otherwise, b"other", first.numbers)
    assert again.numbers == first.numbers


def test_refuses_numbers_of_another_version(exercise: Exercise) -> None:
    numbers = sheet.draw(exercise, problem(), b"seed")
    renamed = problem(draw=lambda rng: {"y": 1.0})
    with pytest.raises(IncompatibleNumbers):
        sheet.mark(exercise, renamed, numbers, {})


def test_refuses_answers_to_nothing(exercise: Exercise) -> None:
    numbers = sheet.draw(exercise, problem(), b"seed")
    with pytest.raises(AnswerError, match="'rood' is no answer of this sheet"):
        sheet.mark(exercise, problem(), numbers, {"rood": "1"})


def test_measured_tolerances_of_the_version_are_used(exercise: Exercise) -> None:
    derived.write(exercise.folder, tolerances={"root": 0.25}, ratios={})
    numbers = sheet.draw(load(exercise.folder), problem(), b"seed")
    near = {"root": str(math.sqrt(numbers["x"]) + 0.2)}
    assert sheet.mark(load(exercise.folder), problem(), numbers, near)[0].status is StepStatus.VALUE
    assert sheet.mark(exercise, problem(), numbers, near)[0].status is StepStatus.WRONG


def test_an_exercise_without_a_sheet_has_no_form(tmp_path: Path) -> None:
    for name in ("checks.py", "starter.py", "solution.py", "statement.md"):
        (tmp_path / name).write_text("pass\n")
    (tmp_path / "exercise.toml").write_text(MANIFEST[: MANIFEST.index("[quiz]")])
    code = load(tmp_path)
    drawn = problem(steps=[], mistakes=[])
    prepared = sheet.prepare(code, drawn, b"seed")
    assert (prepared.form, prepared.starter) == (None, "pass\n")
    assert set(prepared.numbers) == {"x"}
    assert sheet.mark(code, drawn, prepared.numbers, {}) == []
    assert sheet.prepare(code, None, b"seed").numbers == {}


def test_a_draw_is_bound_to_its_seed(exercise: Exercise) -> None:
    numbers = [sheet.draw(exercise, problem(), bytes([i]))["x"] for i in range(30)]
    assert len(set(numbers)) > 20
    first = round(Draw(bytes([0]), "numbers/0").uniform(low=2, high=3), 2)
    assert numbers[0] == first
