"""A rubric is typed as lines; what cannot be read is refused with its line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.gradebook.rubrics.criteria import (
    Criterion,
    Level,
    from_json,
    points_of,
    read,
    to_json,
    total,
    written,
)

TEXT = """
Derivation
0: missing
1,5: some steps
3: complete

Style: names and comments
0:
1: fine
"""


def test_lines_become_criteria_with_levels() -> None:
    first, second = read(TEXT)
    assert (first.title, second.title) == ("Derivation", "Style: names and comments")
    assert first.levels == (
        Level(Decimal(0), "missing"),
        Level(Decimal("1.5"), "some steps"),
        Level(Decimal(3), "complete"),
    )
    assert second.levels[0] == Level(Decimal(0), "")
    assert total((first, second)) == 4


def test_an_empty_text_has_no_criteria() -> None:
    assert read(" \n\n") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0: alone", "Line 1 is a level, but no criterion"),
        ("Good\n1: only", "Line 1, “Good”: give at least two levels"),
        ("Good", "Line 1, “Good”: give at least two levels"),
        ("Good\n0: a\n-1: b", "Line 3: a level has from 0 to 1000"),
        ("Good\n0: a\n1001: b", "Line 3: a level has from 0 to 1000"),
        ("Good\n0: a\n0.0001: b", "Line 3: points have at most three decimals"),
        ("Good\n1: a\n1.0: b", "all levels have the same points"),
        ("Good\n" + "\n".join(f"{k}: x" for k in range(10)), "at most 9 levels"),
        ("\n".join(f"C{k}\n0: a\n1: b" for k in range(21)), "at most 20 criteria"),
        ("x" * 201, "Line 1 has more than 200 characters"),
        ("x\n" * 10_001, "at most 20,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        read(text)


def test_levels_must_fit() -> None:
    criteria = read(TEXT)
    assert points_of(criteria, [1, 1]) == Decimal("2.5")
    for levels in ([], [0], [0, 0, 0], [3, 0], [-1, 0]):
        with pytest.raises(ValueError, match=r"Choose a level|no such level"):
            points_of(criteria, levels)


WORDS = st.text(st.sampled_from("abc äß中-.:,;0"), min_size=1, max_size=12).map(
    lambda text: "w " + " ".join(text.split())
)
POINTS = st.integers(0, 9_000).map(lambda thousandths: Decimal(thousandths) / 1000)
LEVELS = st.lists(st.builds(Level, POINTS, WORDS.map(str.strip)), min_size=2, max_size=9).filter(
    lambda levels: len({level.points for level in levels}) > 1
)
CRITERIA = st.lists(st.builds(Criterion, WORDS.map(str.strip), LEVELS.map(tuple)), max_size=20).map(
    tuple
)


@given(CRITERIA)
def test_what_is_written_reads_the_same(criteria: tuple[Criterion, ...]) -> None:
    assert read(written(criteria)) == criteria
    assert from_json(to_json(criteria)) == criteria


@given(CRITERIA)
def test_the_best_levels_are_worth_full_marks_and_none_is_worth_more(
    criteria: tuple[Criterion, ...],
) -> None:
    best = [one.levels.index(max(one.levels, key=lambda x: x.points)) for one in criteria]
    assert points_of(criteria, best) == total(criteria)
    assert points_of(criteria, [0] * len(criteria)) <= total(criteria)
