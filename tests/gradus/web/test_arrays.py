from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gradus.web.arrays import compared, tables

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(width=32) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=20,
)


def window(array: Any, shape: list[int], start: list[int]) -> dict[str, Any]:
    return {"array": array, "shape": shape, "dtype": "float64", "start": start}


def marks(got: Any, expected: Any) -> list[list[list[bool]]]:
    return [[[c.differs for c in row] for row in t.rows] for t in compared(got, expected)[0]]


def test_entries_that_look_the_same_are_not_marked() -> None:
    got = window([1.0, 2.0000000001], [2], [0])
    assert marks(got, window([1.0, 2.5], [2], [0])) == [[[False, True]]]
    assert marks(window([1.0, 2.0000000001, 9.0], [3], [0]), window([1.0, 2.0, 8.0], [3], [0])) == [
        [[False, False, True]]
    ]


def test_two_numbers_that_differ_late_get_as_many_digits_as_it_takes() -> None:
    mine, theirs = compared(0.12345678901, 0.12345678902)
    assert mine[0].rows[0][0].text != theirs[0].rows[0][0].text
    assert mine[0].rows[0][0].differs


def test_a_missing_entry_is_a_difference() -> None:
    assert marks([1, 2, 3], [1, 2]) == [[[False, False, True]]]


def test_nan_is_a_word_and_differs_from_a_number() -> None:
    mine, _ = compared("nan", 1.0)
    assert (mine[0].rows[0][0].text, mine[0].rows[0][0].differs) == ("nan", True)


def test_the_window_of_a_large_array_names_its_place() -> None:
    (table,) = tables("x", window([[1.0, 2.0]], [40, 30], [7, 3]))
    assert table.note == "shape (40, 30) float64, shown [7:8, 3:5]"


def test_leading_axes_are_named_by_their_index() -> None:
    (table,) = tables("x", window([[[[1.0], [2.0]]]], [4, 3, 2, 1], [1, 2, 0, 0]))
    assert [[c.text for c in row] for row in table.rows] == [["1"], ["2"]]
    assert table.note.endswith("shown [1, 2, 0:2, 0:1]")


def test_a_small_array_of_many_axes_has_a_table_for_each_matrix() -> None:
    got = window([[[[1.0, 2.0]], [[3.0, 4.0]]]], [1, 2, 1, 2], [0, 0, 0, 0])
    expected = window([[[[1.0, 2.0]], [[3.0, 5.0]]]], [1, 2, 1, 2], [0, 0, 0, 0])
    mine, theirs = compared(got, expected)
    assert [t.caption for t in mine] == ["Yours[0, 0]", "Yours[0, 1]"]
    assert [t.note for t in theirs] == ["shape (1, 2, 1, 2) float64", ""]
    assert marks(got, expected) == [[[False, False]], [[False, True]]]


def test_parts_of_a_tuple_are_tables_of_their_own() -> None:
    found = tables("result", [1.5, window([1.0], [1], [0])])
    assert [t.caption for t in found] == ["result[0]", "result[1]"]


@given(json_values, json_values)
def test_any_two_values_can_be_shown_beside_each_other(got: Any, expected: Any) -> None:
    mine, theirs = compared(got, expected)
    assert mine
    assert theirs
    for table in (*mine, *theirs):
        assert table.rows
