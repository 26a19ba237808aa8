"""The sheet of checks: what each student got for each check of the submission that counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gradus.courses.models import Item
from gradus.gradebook import services
from gradus.gradebook.exports import xlsx
from gradus.gradebook.exports.checks import CheckTable, check_table
from gradus.gradebook.exports.table import grade_table
from gradus.gradebook.grid import make_grid
from gradus.gradebook.overrides import override
from tests.gradus.gradebook.test_export_documents import cells
from tests.people import NOON, Classroom, graded

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def table(classroom: Classroom, assignment_id: int | None = None) -> CheckTable:
    grid = make_grid(classroom.course, NOON)
    return check_table(grid, assignment_id or classroom.assignment.pk)


def grade(classroom: Classroom, points: float, hours: int = 0) -> None:
    verdict = graded(classroom, points, now=NOON + hours * HOUR)
    services.record_verdict(verdict.pk, now=NOON)


def test_each_check_has_a_column_with_its_points(classroom: Classroom) -> None:
    grade(classroom, 5.0)
    found = table(classroom)
    assert [(c.exercise, c.title, c.max_points) for c in found.columns] == [
        ("Doubling", "Check doubles", Decimal(5)), ("Doubling", "Check hidden_one", Decimal(5)),
    ]  # fmt: skip
    assert found.rows == ((Decimal(5), Decimal(0)), (None, None))  # ada, ben


def test_the_submission_that_counts_is_told(classroom: Classroom) -> None:
    grade(classroom, 7.0)
    grade(classroom, 5.0, hours=1)
    assert table(classroom).rows[0] == (Decimal(5), Decimal(2))


def test_a_mark_by_hand_has_no_checks(classroom: Classroom) -> None:
    grade(classroom, 5.0)
    item = Item.objects.select_related("assignment__course", "version").get(pk=classroom.item.pk)
    last = classroom.ada.grade_events.get().pk
    override(
        student=classroom.ada, item=item, points=Decimal(8), reason="why",
        actor=classroom.iris.user, seen=last, now=NOON,
    )  # fmt: skip
    assert table(classroom).columns == ()


def test_another_assignment_has_none_of_them(classroom: Classroom) -> None:
    grade(classroom, 5.0)
    assert table(classroom, 999) == CheckTable((), ((), ()))


def test_the_workbook_has_them_as_a_sheet_of_text_and_numbers(classroom: Classroom) -> None:
    grade(classroom, 5.0)
    grid = make_grid(classroom.course, NOON)
    checks = check_table(grid, classroom.assignment.pk)
    made = xlsx.write(grade_table(grid, by_assignment=False, missing_is_zero=False, checks=checks))
    exercises, titles, most, ada, _ = cells(made, 3)
    assert exercises[-2:] == ["Doubling", "Doubling"]
    assert titles[-2:] == ["Check doubles", "Check hidden_one"]
    assert most[-3:] == ["Points possible", 5.0, 5.0]
    assert ada[-2:] == [5.0, 0.0]


def test_more_submissions_cost_no_more_queries(classroom: Classroom) -> None:
    counts = []
    for hours in (0, 1):
        grade(classroom, 5.0, hours=hours)
        grid = make_grid(classroom.course, NOON)
        with CaptureQueriesContext(connection) as seen:
            check_table(grid, classroom.assignment.pk)
        counts.append(len(seen))
    assert counts == [1, 1]
