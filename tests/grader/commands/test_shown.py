"""Values of counterexamples as a terminal shows them."""

from __future__ import annotations

import pytest

from grader.commands.shown import value_lines


def array(nested: object, shape: list[int], start: list[int]) -> dict[str, object]:
    return {"array": nested, "shape": shape, "dtype": "float64", "start": start}


def test_a_matrix_has_one_line_for_each_row() -> None:
    lines = list(value_lines("x", array([[1.5, -20.25], ["nan", 3.0]], [2, 2], [0, 0])))
    assert lines == ["x = float64 of shape (2, 2)", "       1.5  -20.25", "       nan       3"]


def test_a_window_of_a_larger_array_says_where_it_is() -> None:
    head, row = value_lines("y", array([[[0.5, 1.0]]], [4, 3, 100], [2, 1, 40]))
    assert head == "y = float64 of shape (4, 3, 100), entries [2:3, 1:2, 40:42]"
    assert row.split() == ["0.5", "1"]


@pytest.mark.parametrize("value", [3, 0.5, "text", None, [1, 2], {"name": 1}])
def test_other_values_take_one_line(value: object) -> None:
    assert list(value_lines("v", value)) == [f"v = {value}"]


def test_an_empty_array_has_no_rows() -> None:
    assert list(value_lines("v", array([], [0, 3], [0, 0]))) == ["v = float64 of shape (0, 3)"]


def test_a_long_value_is_cut() -> None:
    (line,) = value_lines("v", "x" * 10_000)
    assert len(line) < 400


def test_arrays_inside_lists_and_dicts_are_shown_as_arrays() -> None:
    layers = [[array([[1.0]], [1, 1], [0, 0]), "None"], {"b": array([2.0], [1], [0])}, "… 3 more"]
    assert list(value_lines("v", layers)) == [
        "v[0][0] = float64 of shape (1, 1)",
        "    1",
        "v[0][1] = None",
        "v[1]['b'] = float64 of shape (1,)",
        "    2",
        "v[2] = … 3 more",
    ]
