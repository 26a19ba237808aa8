from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from grader.authoring.judging import CheckFailed, Raised, close, raises
from grader.checker.messages import difference_message, raised_message, two_numbers
from grader.frames import TensorArray


def said(got: Any, expected: Any, name: str | None = None, call: str | None = "f") -> str:
    with pytest.raises(CheckFailed) as caught:
        close(got, expected, name=name)
    return difference_message(caught.value, call)


@pytest.mark.parametrize(
    ("got", "expected", "name", "message"),
    [
        (np.zeros(7), np.zeros((4, 7)), "dz", "f returned dz of shape (7,); expected (4, 7)."),
        (np.zeros(7), np.zeros((4, 7)), None, "f returned shape (7,); expected (4, 7)."),
        ([1.0, np.zeros(2)], [1.0, np.zeros(3)], None,
         "f returned result[1] of shape (2,); expected (3,)."),
        (np.zeros(1), 0.0, "loss", "f returned loss as an array of shape (1,); expected a number."),
        (np.zeros(2, "f4"), np.zeros(2), None, "f returned float32; expected float64."),
        (np.zeros(2), np.zeros(2, int), "idx", "f returned idx as float64; expected int."),
        ((1.0,), (1.0, 2.0), None, "f returned 1 entry; expected 2."),
        ({"a": 1}, {"b": 1}, None, "f returned a dict without 'b' and with 'a'."),
        (None, np.zeros((4, 7)), None, "f returned None; expected an array of shape (4, 7)."),
        ([0.0], np.zeros(1), "h", "f returned h as a list of 1; expected an array of shape (1,)."),
        (2.3, 2.1, None, "f returned 2.3; expected 2.1."),
        (2.3, 2.1, "loss", "f returned loss = 2.3; expected 2.1."),
        (math.nan, 2.1, None, "f returned nan; expected 2.1."),
        ("a", "b", None, "f returned 'a'; expected 'b'."),
        (3, 4, "epochs", "f returned epochs = 3; expected 4."),
        (np.array([1.0, 5.0]), np.array([1.0, 2.0]), None,
         "Entry 1 is 5; expected 2. 1 of 2 entries differs, by up to 3."),
        (np.array([151.0, 5.0]), np.array([21.4, 5.0]), None,
         "Entry 0 is 151; expected 21.4. 1 of 2 entries differs, by up to 130."),
        (np.array([[0.5, 1.0]]), np.array([[0.5, math.nan]]), "y",
         "Entry (0, 1) of y is 1; expected nan. 1 of 2 entries differs."),
        (TensorArray.of(np.zeros(2), "float64", "cpu"),
         TensorArray.of(np.zeros(2), "float64", "cuda:0"), None,
         "f returned a tensor on cpu; expected it on cuda:0, where the inputs are."),
        (np.zeros(2), TensorArray.of(np.zeros(2), "float64", "cpu"), None,
         "f returned an array of shape (2,); expected a tensor of shape (2,)."),
    ],
)  # fmt: skip
def test_a_difference_is_said_with_both_values(
    got: Any, expected: Any, name: str | None, message: str
) -> None:
    assert said(got, expected, name) == message


def test_a_value_of_no_call_is_said_too() -> None:
    assert said(1.0, 2.0, call=None) == "The value is 1; expected 2."


@pytest.mark.parametrize(
    ("pair", "texts"),
    [((1.0, 2.0), ("1", "2")), ((1.00001, 1.00002), ("1.00001", "1.00002")),
     ((1.0, 1.0 + 1e-10), ("1", "1.0000000001")), ((-0.0, 1.5), ("0", "1.5"))],
)  # fmt: skip
def test_two_numbers_have_as_many_digits_as_show_that_they_differ(
    pair: tuple[float, float], texts: tuple[str, str]
) -> None:
    assert two_numbers(*pair) == texts


def test_an_exception_is_said_with_its_line() -> None:
    raised = Raised("student", "f", ("ValueError", "Exception"), "bad", 12)
    assert raised_message(raised) == "f raised ValueError in line 12: bad"


def test_a_name_that_the_file_lacks_is_said_so() -> None:
    text = "module 'solution' has no attribute 'f'"
    raised = Raised("student", "f", ("AttributeError", "Exception"), text, None)
    assert raised_message(raised) == "The file defines no f."


@pytest.mark.parametrize(
    ("message", "line", "text"),
    [
        ("'snow'", 7, "f raised KeyError in line 7; expected ValueError. Its message: 'snow'"),
        ("a\nb", None, "f raised KeyError; expected ValueError. Its message: a b"),
        ("", None, "f raised KeyError; expected ValueError."),
    ],
)
def test_an_exception_of_another_class_is_named_beside_the_expected_one(
    message: str, line: int | None, text: str
) -> None:
    with pytest.raises(CheckFailed) as caught, raises(ValueError):
        raise Raised("student", "f", ("KeyError", "LookupError"), message, line)
    assert caught.value.message == text
