"""The by-hand exercises of the bank, over many draws: separation, naming, true gradients."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.byhand.marking import mark_steps
from grader.byhand.numbers import draw_numbers
from grader.byhand.problem import Problem, read_problem, values_of
from grader.byhand.tolerances import measure, tolerances_of
from grader.exercise.load import load
from grader.verdict import StepResult, StepStatus

BANK = Path(__file__).parents[3] / "exercises"
FOLDERS = sorted(
    path.parent
    for path in BANK.glob("*/*/problem.py")
    if load(path.parent).manifest.kind == "by-hand"
)
DRAWS = 500
DECIMALS = {"derivative-by-hand": 9}  # its statement asks for more than four


@cache
def module_of(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"problem_{folder.name}", folder / "problem.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def problem_of(folder: Path) -> Problem:
    return read_problem(module_of(folder))


@cache
def drawn(folder: Path) -> list[dict[str, Any]]:
    tolerances = tolerances_of(problem_of(folder))
    return [draw_numbers(problem_of(folder), b"%d" % i, tolerances) for i in range(DRAWS)]


def carried(folder: Path, values: dict[str, float]) -> dict[str, str]:
    """Return what a student writes down who carries the decimals that the statement asks for."""
    return {name: f"{value:.{DECIMALS.get(folder.name, 4)}f}" for name, value in values.items()}


def mark(folder: Path, numbers: dict[str, Any], sheet: dict[str, str]) -> list[StepResult]:
    tolerances = tolerances_of(problem_of(folder), measured(folder))
    return mark_steps(problem_of(folder), numbers, sheet, tolerances)


@cache
def measured(folder: Path) -> dict[str, float]:
    return measure(problem_of(folder))


each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@each
def test_the_points_of_the_steps_are_those_of_the_manifest(folder: Path) -> None:
    assert problem_of(folder).points == load(folder).manifest.points


@each
def test_whoever_carries_the_decimals_asked_for_gets_full_marks(folder: Path) -> None:
    digits = DECIMALS.get(folder.name, 4)
    for numbers in drawn(folder):
        sheet = carried(folder, values_of(problem_of(folder), numbers, digits=digits))
        assert {step.status for step in mark(folder, numbers, sheet)} == {StepStatus.VALUE}


@each
def test_every_mistake_alone_costs_points(folder: Path) -> None:
    for numbers in drawn(folder):
        for mistake in problem_of(folder).mistakes:
            sheet = carried(folder, values_of(problem_of(folder), numbers, mistake))
            results = mark(folder, numbers, sheet)
            assert any(step.points < step.max_points for step in results), (mistake.id, numbers)


@each
def test_a_mistake_alone_is_told_by_its_own_name(folder: Path) -> None:
    """But where two mistakes give one number in a draw: then either name is true."""
    for mistake in problem_of(folder).mistakes:
        own = told = 0
        for numbers in drawn(folder):
            sheet = carried(folder, values_of(problem_of(folder), numbers, mistake))
            results = mark(folder, numbers, sheet)
            names = {step.mistake for step in results if step.mistake}
            own, told = own + (names == {mistake.id}), told + bool(names)
        assert told >= 0.95 * DRAWS, (mistake.id, told)
        assert own >= 0.5 * DRAWS, (mistake.id, own)


@each
def test_a_blank_sheet_gets_nothing(folder: Path) -> None:
    assert sum(step.points for step in mark(folder, drawn(folder)[0], {})) == 0


@each
def test_a_constant_sheet_gets_little(folder: Path) -> None:
    """Steps that equal each other (db = dz) follow even from a guess; little else may."""
    most = problem_of(folder).points
    for text in ("0", "1", "-1", "0.5", "0.0001", "1000"):
        sheet = {step.id: text for step in problem_of(folder).steps}
        for numbers in drawn(folder)[:50]:
            assert sum(step.points for step in mark(folder, numbers, sheet)) <= most / 3


@each
def test_students_get_different_numbers(folder: Path) -> None:
    assert len({repr(numbers) for numbers in drawn(folder)[:100]}) >= 95


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def slope(f: Callable[[float], float], x: float, h: float = 1e-5) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def net_output(n: dict[str, float]) -> float:
    y3 = sigmoid(n["w13"] * n["x1"] + n["w23"] * n["x2"])
    y4 = sigmoid(n["w14"] * n["x1"] + n["w24"] * n["x2"])
    return sigmoid(n["w35"] * y3 + n["w45"] * y4)


def test_sigmoid_net_changes_are_minus_eta_times_the_numeric_gradient() -> None:
    folder = BANK / "backpropagation" / "backprop-sigmoid-by-hand"
    for numbers in drawn(folder)[:50]:
        values = values_of(problem_of(folder), numbers)
        for name in ("w13", "w23", "w14", "w24", "w35", "w45"):

            def loss(w: float, name: str = name, n: dict[str, float] = numbers) -> float:
                return 0.5 * (n["t"] - net_output({**n, name: w})) ** 2

            change = -numbers["eta"] * slope(loss, numbers[name])
            assert values[f"d{name}"] == pytest.approx(change, abs=1e-9)
        moved = {name: values.get(f"{name}_new", value) for name, value in numbers.items()}
        assert values["error_second_pass"] == pytest.approx(numbers["t"] - net_output(moved))


def test_sigmoid_net_gives_the_numbers_of_its_worked_example() -> None:
    folder = BANK / "backpropagation" / "backprop-sigmoid-by-hand"
    numbers = {
        "x1": 0.35, "x2": 0.9, "t": 0.5, "eta": 1.0,
        "w13": 0.1, "w23": 0.8, "w14": 0.4, "w24": 0.6, "w35": 0.3, "w45": 0.9,
    }  # fmt: skip
    values = values_of(problem_of(folder), numbers)
    expected = {
        "a1": 0.755, "a2": 0.68, "y3": 0.680267197, "y4": 0.663738697, "a3": 0.801444987,
        "y5": 0.690283493, "error": -0.190283493, "delta5": -0.040681125,
        "delta3": -0.002654489, "delta4": -0.008171645,
        "dw35": -0.027674035, "dw45": -0.027001637, "dw13": -0.000929071, "dw23": -0.00238904,
        "dw14": -0.002860076, "dw24": -0.007354481,
        "w13_new": 0.099070929, "w23_new": 0.79761096, "w14_new": 0.397139924,
        "w24_new": 0.592645519, "w35_new": 0.272325965, "w45_new": 0.872998363,
        "error_second_pass": -0.182018583,
    }  # fmt: skip
    assert values == pytest.approx(expected, abs=1e-9)


def test_logistic_gradients_are_those_of_the_loss() -> None:
    folder = BANK / "one-neuron" / "logistic-by-hand"
    for n in drawn(folder)[:50]:
        values = values_of(problem_of(folder), n)

        def loss(n: dict[str, float]) -> float:
            a = sigmoid(n["w1"] * n["x1"] + n["w2"] * n["x2"] + n["b"])
            return -math.log(a if n["y"] else 1 - a)

        assert values["loss"] == pytest.approx(loss(n), abs=1e-12)
        for name in ("w1", "w2", "b"):
            changed = partial(lambda name, v, n: loss({**n, name: v}), name, n=n)
            gradient = slope(changed, n[name])
            assert values[f"d{name}"] == pytest.approx(gradient, abs=1e-9)
            assert values[f"{name}_new"] == pytest.approx(n[name] - n["lr"] * gradient, abs=1e-9)


def test_logistic_gives_the_numbers_of_its_worked_example() -> None:
    folder = BANK / "one-neuron" / "logistic-by-hand"
    numbers = {"x1": 5, "x2": 3, "w1": 0.5, "w2": 0.5, "b": 1, "y": 1, "lr": 0.01}
    expected = {
        "z": 5.0, "a": 0.993307149, "loss": 0.006715348, "dz": -0.006692851, "dw1": -0.033464255,
        "dw2": -0.020078553, "db": -0.006692851, "w1_new": 0.500334643, "w2_new": 0.500200786,
        "b_new": 1.000066929,
    }  # fmt: skip
    assert values_of(problem_of(folder), numbers) == pytest.approx(expected, abs=1e-9)
