"""A student's numbers: drawn so that mistakes show, always the same, refused when unfit."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.byhand.numbers import (
    IncompatibleNumbers,
    draw_numbers,
    plain_numbers,
    separates,
    stored_numbers,
)  # fmt: skip
from grader.byhand.problem import Problem, read_problem, values_of
from grader.byhand.steps import mistake, step
from grader.draws import Draw
from grader.errors import ExerciseError

TOLERANCES = {"y": 0.01, "k": 0.0}


def problem(draw: Any, *mistakes: Any, **formulas: Any) -> Problem:
    module: Any = ModuleType("problem")
    module.draw = draw
    y = formulas.get("y", lambda n, a: n.eta * n.g)
    module.steps = [
        step("y", y, label="Step"),
        step("k", lambda n, a: round(a.y), label="Count", integer=True),
    ]
    module.mistakes = list(mistakes)
    return read_problem(module)


def eta_is_often_one(rng: Draw) -> dict[str, float]:
    return {"eta": rng.choice([1, 1, 1, 0.5]), "g": 2.0}


FORGOTTEN = mistake("eta_forgotten", "Forgotten.", y=lambda n, a: n.g)


def test_draws_again_until_the_mistake_shows() -> None:
    own = problem(eta_is_often_one, FORGOTTEN)
    drawn = [draw_numbers(own, bytes([i]), TOLERANCES)["eta"] for i in range(50)]
    assert drawn == [0.5] * 50


def test_without_mistakes_the_first_draw_is_taken() -> None:
    own = problem(eta_is_often_one)
    assert {draw_numbers(own, bytes([i]), TOLERANCES)["eta"] for i in range(50)} == {1, 0.5}


def test_refuses_an_exercise_whose_mistake_never_shows() -> None:
    own = problem(lambda rng: {"eta": 1, "g": 2}, FORGOTTEN)
    with pytest.raises(ExerciseError, match=r"200 draws did not separate.*eta_forgotten"):
        draw_numbers(own, b"s", TOLERANCES)


@pytest.mark.parametrize(("off", "shows"), [(0.0401, True), (0.0399, False)])
def test_a_mistake_shows_at_four_tolerances(off: float, shows: bool) -> None:
    own = problem(eta_is_often_one, mistake("m", "M.", y=lambda n, a: n.eta * n.g + off))
    numbers = {"eta": 1, "g": 2.0}
    exact = values_of(own, numbers)
    assert separates(own, numbers, own.mistakes[0], exact, TOLERANCES) is shows


def test_a_mistake_that_only_moves_later_steps_would_cost_nothing_and_does_not_show() -> None:
    own = problem(eta_is_often_one, mistake("m", "M.", y=lambda n, a: n.eta * n.g + 0.02))
    numbers = {"eta": 1, "g": 2.49}  # k goes from 2 to 3, but follows
    exact = values_of(own, numbers)
    assert values_of(own, numbers, own.mistakes[0])["k"] != exact["k"]
    assert not separates(own, numbers, own.mistakes[0], exact, TOLERANCES)


def test_a_mistaken_integer_shows_when_it_differs() -> None:
    own = problem(eta_is_often_one, mistake("m", "M.", k=lambda n, a: round(a.y) + 1))
    numbers = {"eta": 1, "g": 2.0}
    assert separates(own, numbers, own.mistakes[0], values_of(own, numbers), TOLERANCES)


def test_draws_again_where_a_step_has_no_value() -> None:
    own = problem(lambda rng: {"eta": 1, "g": rng.integers(-1, 2)}, y=lambda n, a: math.log(n.g))
    assert draw_numbers(own, b"s", TOLERANCES)["g"] == 1


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    own = problem(lambda rng: {"eta": rng.uniform(), "g": 1})
    assert draw_numbers(own, b"a", TOLERANCES) == draw_numbers(own, b"a", TOLERANCES)
    assert draw_numbers(own, b"a", TOLERANCES) != draw_numbers(own, b"b", TOLERANCES)


def test_numpy_numbers_and_arrays_become_plain() -> None:
    drawn = {"a": np.float64(-0.0), "b": np.arange(4).reshape(2, 2), "c": (1, np.int64(2))}
    numbers = plain_numbers(drawn)
    assert numbers == {"a": 0.0, "b": [[0, 1], [2, 3]], "c": [1, 2]}
    assert math.copysign(1, numbers["a"]) == 1
    assert type(numbers["b"][0][0]) is int


@pytest.mark.parametrize(
    "drawn",
    [
        [1], None, {"a": object()}, {"a": {"b": 1}}, {"a": math.nan}, {"a": [math.inf]}, {1: 2},
        {"a b": 1}, {"quiz": 1}, {"_a": 1}, {"a": [0] * 10_000},
    ],
)  # fmt: skip
def test_refuses_what_is_no_set_of_numbers(drawn: Any) -> None:
    with pytest.raises(ExerciseError, match=r"draw\(rng\)"):
        plain_numbers(drawn)


def test_stored_numbers_come_back() -> None:
    own = problem(eta_is_often_one)
    assert stored_numbers(own, {"eta": 0.5, "g": 3, "quiz": []}) == {"eta": 0.5, "g": 3}


@pytest.mark.parametrize(
    "stored",
    [{}, {"eta": 1}, {"eta": 1, "g": 2, "h": 3}, {"eta": [1], "g": 2}, {"eta": "1", "g": 2}],
)
def test_refuses_numbers_of_another_shape(stored: dict[str, Any]) -> None:
    with pytest.raises(IncompatibleNumbers, match="this version draws eta, g"):
        stored_numbers(problem(eta_is_often_one), stored)


def test_refuses_numbers_for_which_a_step_has_no_value() -> None:
    own = problem(eta_is_often_one, y=lambda n, a: math.log(n.g))
    with pytest.raises(IncompatibleNumbers, match="do not fit"):
        stored_numbers(own, {"eta": 1, "g": -2.0})
