"""Thresholds as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.web.thresholds import read, written


def test_what_is_typed_is_read() -> None:
    text = "fast: 15 = 60 %, 60=100%\n\n  calls : 20 = 50 % , 10 = 100 %"
    assert read(text) == {"fast": [(15, 0.6), (60, 1)], "calls": [(20, 0.5), (10, 1)]}


VALUES = st.integers(1, 10**6).map(float)
SHARES = st.integers(1, 100).map(lambda n: n / 100)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.lists(
    st.tuples(VALUES, SHARES), min_size=1, max_size=4), max_size=4))  # fmt: skip
def test_what_is_written_is_read_again(thresholds: dict[str, list[tuple[float, float]]]) -> None:
    assert read(written(thresholds)) == thresholds


@pytest.mark.parametrize(
    "text",
    ["15 = 60 %", "fast 15 = 60 %", "fast: 15 = 60", "fast: = 60 %", "fast: -1 = 60 %",
     "fast: 1e9 = 60 %", "fast: 15 = 60 %\nfast: 20 = 60 %",
     "fast: \N{ARABIC-INDIC DIGIT ONE} = 60 %",
     "fast: " + "9" * 40 + " = 60 %", "a:1=1%\n" * 9, "fast: 15 = 60 %,"],
)  # fmt: skip
def test_what_cannot_be_read_names_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"Line|lines"):
        read(text)
