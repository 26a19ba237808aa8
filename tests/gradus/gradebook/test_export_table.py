"""What goes into a file: the gradebook's marks, also where something is excused or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.accounts.models import User
from gradus.courses.models import Assignment, Enrolment
from gradus.gradebook.exports import canvas, moodle, moodle_xml, plain
from gradus.gradebook.exports.table import Excused, GradeTable, Score, grade_table
from gradus.gradebook.facts import Column
from gradus.gradebook.grid import Grid, Mark, Row, State

SHEET = Assignment(pk=1, title="Week 1")
STATES = st.sampled_from([State.GRADED, State.MISSING, State.OPEN, State.EXCUSED])


def column(number: int, points: int, *, extra: bool = False, withdrawn: bool = False) -> Column:
    return Column(
        number, f"Item {number}", Decimal(points), SHEET, SHEET.pk, extra, is_withdrawn=withdrawn
    )


def grid(columns: Sequence[Column], *marks: float | str | None) -> Grid:
    """One student: points, "excused", or nothing graded after the deadline."""
    made = tuple(
        Mark(State.EXCUSED) if one == "excused" else Mark(State.MISSING) if one is None
        else Mark(State.GRADED, Decimal(str(one)))
        for one in marks
    )  # fmt: skip
    ada = Enrolment(pk=1, user=User(username="ada", email="ada@example.org"), id_number="40021")
    return Grid(tuple(columns), (Row(ada, made, None, None),), 0)


def table(of: Grid, *, by_assignment: bool = True, zero: bool = False) -> GradeTable:
    return grade_table(of, by_assignment=by_assignment, missing_is_zero=zero)


def score(of: Grid) -> tuple[Decimal, Score]:
    """Full marks of the assignment, and what the student has of it."""
    made = table(of)
    return made.columns[0].max_points, made.rows[0].scores[0]


TWO = (column(1, 10), column(2, 10))


@pytest.mark.parametrize(
    ("columns", "marks", "full", "own"),
    [
        (TWO, (8, 7), "20.00", "15.00"),
        (TWO, (8, None), "20.00", "8.00"),
        (TWO, (None, None), "20.00", None),
        (TWO, (10, "excused"), "20.00", "20.00"),
        (TWO, (7, "excused"), "20.00", "14.00"),
        (TWO, ("excused", "excused"), "20.00", Excused.EX),
        (TWO, (None, "excused"), "20.00", None),
        ((column(1, 10), column(2, 10, withdrawn=True)), (8, "excused"), "10.00", "8.00"),
        ((column(1, 10), column(2, 5, extra=True)), (8, 5), "10.00", "13.00"),
        ((column(1, 10), column(2, 5, extra=True)), (8, "excused"), "10.00", "8.00"),
        ((column(1, 10), column(2, 5, extra=True)), ("excused", 5), "10.00", Excused.EX),
        ((column(1, 3), column(2, 6)), ("excused", 1), "9.00", "1.50"),
    ],
)
def test_an_assignment_is_the_share_that_the_gradebook_counts(
    columns: tuple[Column, ...], marks: tuple[float | str | None, ...], full: str, own: object
) -> None:
    wanted = Decimal(own) if isinstance(own, str) else own
    assert score(grid(columns, *marks)) == (Decimal(full), wanted)


@given(st.lists(st.tuples(st.integers(1, 40), STATES, st.integers(0, 400)), min_size=1, max_size=6))
def test_the_share_in_the_file_is_that_of_what_counts(
    drawn: list[tuple[int, State, int]],
) -> None:
    columns = [column(k, points) for k, (points, _, _) in enumerate(drawn)]
    marks = tuple(
        Mark(state, min(Decimal(tenths) / 10, Decimal(points)) if state is State.GRADED else None)
        for points, state, tenths in drawn
    )
    whole = grid(columns)
    row = Row(Enrolment(pk=1, user=User(username="ada")), marks, None, None)
    full, own = score(Grid(whole.columns, (row,), 0))
    counting = [(m, c.points) for m, c in zip(marks, columns, strict=True)
                if m.state is not State.EXCUSED]  # fmt: skip
    got = [m.points for m, _ in counting if m.points is not None]
    if not counting:
        assert own is Excused.EX
    elif not got:
        assert own is None
    else:
        assert isinstance(own, Decimal)
        share = sum(got, Decimal(0)) / sum(points for _, points in counting)
        assert abs(own / full - share) <= Decimal("0.005") / full


def test_who_is_excused_is_not_taken_for_missing() -> None:
    of = table(grid(TWO, 8, "excused"), by_assignment=False, zero=True)
    assert plain.write(of).decode("utf-8-sig").splitlines()[1].split(",")[6:8] == ["8.00", "EX"]
    assert canvas.write(of).decode().splitlines()[2].endswith(",8.00,EX")
    assert moodle.write(of).decode().splitlines()[1].endswith(",8.00,")
    assert moodle_xml.write(of).decode().count("<result>") == 1
