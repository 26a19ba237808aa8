"""From rows to marks: lateness, late days over a whole course, and what a change would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Item
from gradus.courses.services.people import CourseRules
from gradus.gradebook import selectors, services
from gradus.gradebook.history import history_of
from gradus.gradebook.marks import Marks, student_marks
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.preview import effect_of
from gradus.submissions.models import Job
from tests.people import NOON, Classroom, graded

pytestmark = pytest.mark.django_db

DUE = NOON + timedelta(days=7)
AFTER = DUE + timedelta(days=30)
DAY = timedelta(days=1)
RULES = CourseRules(late_days=5, late_percent=Decimal(10))


def mark(classroom: Classroom, points: float, now: datetime, item: Item | None = None) -> None:
    verdict = graded(classroom, points, now=now, item=item or classroom.item)
    services.record_verdict(verdict.pk, now=now)


def late_course(classroom: Classroom, **rules: object) -> None:
    courses.change_course(course=classroom.course, rules=replace(RULES, **rules))  # type: ignore[arg-type]
    for item in (classroom.item, classroom.sheet):
        item.assignment.course.refresh_from_db()


def of_ada(classroom: Classroom) -> Marks:
    return student_marks([classroom.ada], AFTER)[classroom.ada.pk]


def more_work(classroom: Classroom, title: str) -> Item:
    """One more assignment with the same exercise."""
    plan = courses.Plan(title=title, due_at=DUE)
    made = courses.create_assignment(
        course=classroom.course, plan=plan, exercises=[classroom.item.exercise]
    )
    return made.items.get()


def test_a_late_submission_counts_less(classroom: Classroom) -> None:
    late_course(classroom)
    mark(classroom, 10, DUE + 2 * DAY)
    grade = of_ada(classroom).grades[classroom.item.pk]
    assert (grade.points, grade.before, grade.days_late) == (Decimal(8), Decimal(10), 2)


def test_late_days_go_to_the_assignment_where_they_add_most(classroom: Classroom) -> None:
    late_course(classroom, late_day_bank=1)
    other = more_work(classroom, "Second")
    mark(classroom, 5, DUE + DAY)  # a day is worth 0.5 of 13
    mark(classroom, 10, DUE + DAY, other)  # a day is worth 1 of 10
    marks = of_ada(classroom)
    assert marks.late_days == {other.assignment_id: 1}
    assert marks.grades[other.pk].points == Decimal(10)
    assert marks.grades[classroom.item.pk].points == Decimal("4.5")


def test_the_overview_counts_the_late_days_that_are_left(classroom: Classroom) -> None:
    late_course(classroom, late_day_bank=3)
    mark(classroom, 10, DUE + DAY)
    (row,) = selectors.overview(classroom.ada.user, DUE + 2 * DAY)
    assert row.late_days_left == 2
    (bens,) = selectors.overview(classroom.ben.user, DUE + 2 * DAY)
    assert bens.late_days_left == 3


def test_an_assignment_can_take_no_late_days(classroom: Classroom) -> None:
    late_course(classroom, late_day_bank=3)
    Assignment.objects.update(most_late_days=0)
    mark(classroom, 10, DUE + DAY)
    assert of_ada(classroom).late_days == {}


def test_a_day_ends_by_the_clock_of_the_course(classroom: Classroom) -> None:
    late_course(classroom, time_zone="Europe/Helsinki")
    due = datetime.fromisoformat("2027-03-27T21:59:00+00:00")  # 23:59; the next day has 23 hours
    Assignment.objects.update(due_at=due)
    classroom.item.assignment.refresh_from_db()
    mark(classroom, 10, due + timedelta(hours=23))
    assert of_ada(classroom).grades[classroom.item.pk].days_late == 1
    mark(classroom, 10, due + timedelta(hours=23, seconds=1))
    assert GradeEvent.objects.count() == 2
    Assignment.objects.update(counting="latest")
    assert of_ada(classroom).grades[classroom.item.pk].days_late == 2


def test_the_history_of_a_mark_says_the_same(classroom: Classroom) -> None:
    late_course(classroom, late_day_bank=1)
    mark(classroom, 10, DUE + 2 * DAY)
    item = Item.objects.select_related("assignment__course").get(pk=classroom.item.pk)
    history = history_of(classroom.ada, item, AFTER)
    assert history.grade == of_ada(classroom).grades[item.pk]
    assert history.late_days == 1
    assert [result.counts for result in history.results] == [True]


def test_a_group_drops_the_lowest_and_weighs_with_the_rest(classroom: Classroom) -> None:
    group = courses.save_group(
        course=classroom.course, group=None, name="Sheets", weight=Decimal(3), drop_lowest=1
    )
    other, alone = more_work(classroom, "Second"), more_work(classroom, "Alone")
    Assignment.objects.exclude(pk=alone.assignment_id).update(group=group)
    mark(classroom, 5, NOON)  # 5 of 13
    mark(classroom, 8, NOON + DAY, other)
    mark(classroom, 10, NOON + 2 * DAY, alone)
    marks = of_ada(classroom)
    assert marks.so_far.dropped == {classroom.assignment.pk}
    assert str(marks.so_far.percent) == "85.00"  # (3 · 80 % + 1 · 100 %) / 4
    change = partial(courses.delete_group, group=group)
    effect = effect_of(classroom.course, change, AFTER)
    assert (effect.shifts, effect.totals, effect.lower_totals) == ((), 1, 1)
    courses.delete_group(group=group)
    assert not of_ada(classroom).so_far.dropped


def test_extra_credit_adds_points_that_nobody_misses(classroom: Classroom) -> None:
    rules = courses.ItemRules(points=Decimal(3), is_extra=True)
    courses.change_items(assignment=classroom.assignment, rules={classroom.sheet.pk: rules})
    mark(classroom, 8, NOON)
    assert str(of_ada(classroom).so_far.percent) == "80.00"
    courses.change_items(
        assignment=classroom.assignment,
        rules={
            classroom.sheet.pk: courses.ItemRules(points=Decimal(3)),
            classroom.item.pk: courses.ItemRules(points=Decimal(10), is_extra=True),
        },
    )
    assert str(of_ada(classroom).so_far.percent) == "266.67"  # 8 extra points over a sheet of 3


def test_new_points_of_an_item_keep_the_share_of_what_was_graded(classroom: Classroom) -> None:
    mark(classroom, 8, NOON)
    rules = courses.ItemRules(points=Decimal(30))
    courses.change_items(assignment=classroom.assignment, rules={classroom.item.pk: rules})
    assert of_ada(classroom).grades[classroom.item.pk].points == Decimal(24)
    assert GradeEvent.objects.get().points == Decimal(8)


def test_a_preview_tells_what_moves_and_leaves_nothing_behind(classroom: Classroom) -> None:
    mark(classroom, 10, NOON + DAY)
    mark(classroom, 5, NOON + 2 * DAY)
    assignment = Assignment.objects.select_related("course").get()
    plan = replace(courses.plan_of(assignment), counting="latest")
    change = partial(courses.change_assignment, assignment=assignment, plan=plan)
    effect = effect_of(classroom.course, change, NOON + 3 * DAY)
    (shift,) = effect.shifts
    assert shift.enrolment == classroom.ada
    assert (shift.old.points, shift.new.points) == (Decimal(10), Decimal(5))
    assert (effect.lower, effect.totals, effect.lower_totals) == (1, 1, 1)
    assert Assignment.objects.get().counting == "best"


def test_a_preview_without_a_difference_is_empty(classroom: Classroom) -> None:
    mark(classroom, 10, NOON + DAY)
    change = partial(courses.change_course, course=classroom.course, rules=RULES)
    assert effect_of(classroom.course, change, NOON + 2 * DAY).is_empty
    assert Course.objects.get().late_days == 0


def test_to_unpublish_an_assignment_takes_its_marks_out_of_the_total(classroom: Classroom) -> None:
    mark(classroom, 10, NOON + DAY)
    change = partial(courses.set_published, assignment=classroom.assignment, is_published=False)
    effect = effect_of(classroom.course, change, NOON + 2 * DAY)
    assert (len(effect.shifts), effect.lower, effect.totals) == (1, 1, 1)
    assert Job.objects.count() == 1
