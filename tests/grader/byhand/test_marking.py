"""Marking by hand: value, follow-through, wrong; and which mistake is named."""

from __future__ import annotations

import math
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.byhand.marking import NOT_RIGHT, ROUNDED, SIGN, mark_steps
from grader.byhand.problem import Problem, read_problem, values_of
from grader.byhand.steps import Mistake, Step, mistake, step
from grader.byhand.tolerances import tolerances_of
from grader.draws import Draw
from grader.verdict import StepResult, StepStatus

VALUE, FOLLOWS, WRONG = StepStatus.VALUE, StepStatus.FOLLOW_THROUGH, StepStatus.WRONG
NUMBERS = {"w": 3.0, "x": 2.0}


def draw(rng: Draw) -> dict[str, float]:
    return {"w": round(rng.uniform(low=1, high=4), 2), "x": round(rng.uniform(low=1, high=4), 2)}


STEPS = [
    step("z", lambda n, a: n.w * n.x, label="Product", points=2),
    step("y", lambda n, a: a.z + 1, label="Plus one"),
    step("u", lambda n, a: a.y - 2 * a.z, label="Both"),
    step("s", lambda n, a: 1 / (1 + math.exp(6 - a.z)), label="Sigmoid"),
    step("log", lambda n, a: math.log(a.z), label="Logarithm"),
    step("k", lambda n, a: round(2 * a.y), label="Count", integer=True),
]
MISTAKES = [
    mistake("sum", "Added.", hint="Multiply.", z=lambda n, a: n.w + n.x),
    mistake("minus", "Minus one.", y=lambda n, a: a.z - 1),
    mistake("x_left_out", "Left out.", z=lambda n, a: n.w, y=lambda n, a: a.z),
    mistake("only_w", "Only w.", z=lambda n, a: n.w),
]


def problem(steps: list[Step] = STEPS, mistakes: list[Mistake] = MISTAKES) -> Problem:
    module = ModuleType("problem")
    module.__dict__.update(draw=draw, steps=steps, mistakes=mistakes)
    return read_problem(module)


def mark(**answers: str) -> dict[str, StepResult]:
    """The results of a sheet that is right (6, 7, -5, 0.5, 1.7918, 14) but for these answers."""
    exact = values_of(problem(), NUMBERS)
    sheet = {name: f"{value:.4f}" for name, value in exact.items()} | answers
    results = mark_steps(problem(), NUMBERS, sheet, tolerances_of(problem()))
    return {result.id: result for result in results}


def statuses(results: dict[str, StepResult]) -> list[StepStatus]:
    return [result.status for result in results.values()]


def test_a_right_sheet_gets_all_points() -> None:
    results = mark()
    assert set(statuses(results)) == {VALUE}
    assert [result.points for result in results.values()] == [2, 1, 1, 1, 1, 1]


def test_an_answer_within_tolerance_is_right_and_one_beyond_is_not() -> None:
    tolerance = tolerances_of(problem())["z"]
    assert mark(z=repr(6 + 0.99 * tolerance))["z"].status is VALUE
    assert mark(z=repr(6 + 1.01 * tolerance))["z"].status is WRONG


def test_an_error_counts_once() -> None:
    results = mark(z="4", y="5", u="-3", s="0,1192", log="1.3863", k="10")
    assert statuses(results) == [WRONG, FOLLOWS, FOLLOWS, FOLLOWS, FOLLOWS, FOLLOWS]
    assert sum(result.points for result in results.values()) == 5


def test_the_exact_value_counts_whatever_came_before() -> None:
    assert statuses(mark(z="4")) == [WRONG, VALUE, VALUE, VALUE, VALUE, VALUE]


def test_neither_the_value_nor_what_follows_is_wrong() -> None:
    assert mark(z="4", y="6.5")["y"].status is WRONG


@pytest.mark.parametrize(("z", "y"), [("0", "1"), ("1", "2"), ("-1", "0"), ("1,0", "2")])
def test_nothing_follows_from_a_wrong_zero_or_one(z: str, y: str) -> None:
    result = mark(z=z, y=y)["y"]
    assert (result.status, result.points) == (WRONG, 0)
    assert "0, 1 or -1" in result.message
    assert "Product" in result.message


def test_a_right_one_does_not_stop_what_follows() -> None:
    numbers = {"w": 0.5, "x": 2.0}
    sheet = {"z": "1", "y": "3", "u": "1"}
    results = mark_steps(problem(), numbers, sheet, tolerances_of(problem()))
    assert [result.status for result in results[:3]] == [VALUE, WRONG, FOLLOWS]


def test_nothing_follows_where_the_step_hardly_depends_on_the_wrong_answer() -> None:
    result = mark(z="100", s="1")["s"]
    assert result.status is WRONG
    assert "hardly depends" in result.message


def test_one_wrong_answer_that_matters_is_enough() -> None:
    results = mark(z="1000", y="5", u="-1995")
    assert results["u"].status is FOLLOWS


def test_a_blank_is_wrong_and_the_rest_is_judged_on_its_exact_value() -> None:
    results = mark(z="", y="7")
    assert statuses(results) == [WRONG, VALUE, VALUE, VALUE, VALUE, VALUE]
    assert mark(z="", y="5")["y"].status is WRONG
    assert results["z"].message.startswith("There is no answer.")


@pytest.mark.parametrize("text", ["nan", "six", "1/0", "0,6.1", "1e999", "9" * 100])
def test_what_cannot_be_read_is_wrong_like_a_blank_and_says_why(text: str) -> None:
    results = mark(z=text)
    assert statuses(results) == [WRONG, VALUE, VALUE, VALUE, VALUE, VALUE]
    assert results["z"].given == text
    assert results["z"].message


def test_a_blank_sheet_gets_nothing() -> None:
    results = mark_steps(problem(), NUMBERS, {}, tolerances_of(problem()))
    assert {result.status for result in results} == {WRONG}
    assert sum(result.points for result in results) == 0


@pytest.mark.parametrize(
    ("text", "status"), [("14", VALUE), ("14,0", VALUE), ("28/2", VALUE), ("14.00001", WRONG)]
)
def test_integers_must_be_equal(text: str, status: StepStatus) -> None:
    assert mark(k=text)["k"].status is status


def test_a_formula_that_fails_on_own_answers_gives_nothing_to_follow() -> None:
    assert mark(z="-4", log="1.3863")["log"].status is WRONG


def test_names_the_mistake_with_its_hint() -> None:
    result = mark(z="5")["z"]
    assert (result.mistake, result.message) == ("sum", "Added. Multiply.")


def test_names_a_mistake_over_the_own_wrong_answers() -> None:
    results = mark(z="4", y="3")
    assert (results["z"].mistake, results["y"].mistake) == (None, "minus")


def test_of_two_mistakes_with_the_same_answer_the_one_that_explains_more_is_named() -> None:
    results = mark(z="3", y="3")
    assert (results["z"].mistake, results["y"].mistake) == ("x_left_out", "x_left_out")
    assert mark(z="3", y="4")["z"].mistake == "x_left_out"  # equal: the first listed


def test_names_nothing_for_a_right_or_following_answer() -> None:
    results = mark(z="5", y="6")
    assert results["y"].mistake is None
    assert results["s"].mistake is None


def test_a_name_may_blur_as_much_as_four_decimals_of_the_earlier_answer() -> None:
    steps = [
        step("p", lambda n, a: n.x / 50, label="Small"),
        step("q", lambda n, a: a.p - 1, label="Minus"),
    ]
    inverse = [mistake("inverse", "Inverted.", q=lambda n, a: -1 / a.p)]
    both = problem(steps, inverse)
    numbers = {"w": 1.0, "x": 2.7713}
    sheet = {"p": "0.0554", "q": f"{-50 / 2.7713:.4f}"}  # differs by 0.008 from -1 / 0.0554
    result = mark_steps(both, numbers, sheet, tolerances_of(both))[1]
    assert (result.status, result.mistake) == (WRONG, "inverse")


TEXTS = st.one_of(
    st.floats(-1e6, 1e6).map(repr),
    st.integers(-3, 12).map(str),
    st.sampled_from(["", "x", "1e30", "-1e-30", "1/3"]),
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from([s.id for s in STEPS]), TEXTS))
def test_any_sheet_is_marked_and_only_right_steps_have_points(answers: dict[str, str]) -> None:
    results = mark_steps(problem(), NUMBERS, answers, tolerances_of(problem(), MEASURED))
    assert [result.id for result in results] == [s.id for s in STEPS]
    for result in results:
        assert result.points == (0 if result.status is WRONG else result.max_points)
        assert (result.mistake is None) or result.status is WRONG


MEASURED = {s.id: 1e-4 for s in STEPS}


@pytest.mark.parametrize("h", ["1", "1.0001", "-0.9999"])
def test_an_answer_that_makes_the_rest_nothing_lends_it_no_points(h: str) -> None:
    slope = problem(
        [
            step("h", lambda n, a: math.tanh(n.w - n.x), label="State"),
            step("slope", lambda n, a: 1 - a.h**2, label="Slope"),
            step("delta", lambda n, a: n.w * a.slope, label="Error"),
        ],
        [],
    )
    answers = {"h": h, "slope": "0", "delta": "0"}
    results = mark_steps(slope, NUMBERS, answers, tolerances_of(slope))
    assert [result.status for result in results] == [WRONG] * 3


@pytest.mark.parametrize(
    ("text", "message"),
    [("1.8", ROUNDED), ("1.79", ROUNDED), ("-1.7918", SIGN), ("1.7", NOT_RIGHT), ("2", NOT_RIGHT)],
)
def test_a_near_miss_is_told_what_it_misses_and_stays_wrong(text: str, message: str) -> None:
    result = mark(log=text)["log"]  # 1.791759…
    assert result.status is WRONG
    assert result.message == message
