"""What statistics of a class say, against numbers counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gradus.analytics import classes
from gradus.analytics.estimates import item_rest
from gradus.analytics.marks import ClassMarks, class_marks
from gradus.analytics.people import People
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role, Section
from gradus.gradebook.models import GradeEvent
from gradus.submissions.models import Finding, Submission
from tests.people import NOON, Classroom, graded, person

pytestmark = pytest.mark.django_db

AFTER = NOON + timedelta(days=8)


def give(who: Enrolment, item: Item, points: float, *, now: datetime = NOON) -> None:
    """A mark by hand, the shortest way to one."""
    GradeEvent.objects.create(
        enrolment=who, item=item, source="override", points=points, max_points=item.points,
        reason="test", actor=who.user, created_at=now,
    )  # fmt: skip


def marks(classroom: Classroom, section: str = "", now: datetime = AFTER) -> ClassMarks:
    return class_marks(People(Course.objects.get(pk=classroom.course.pk), section), now)


def test_missing_marks_count_as_nothing_for_the_assignment_and_not_for_the_item(
    classroom: Classroom,
) -> None:
    give(classroom.ada, classroom.item, 10)
    give(classroom.ada, classroom.sheet, 3)
    give(classroom.ben, classroom.item, 6.5)
    found = marks(classroom)
    (sheet,) = found.sheets()
    assert sheet.shares is not None
    assert (sheet.students, sheet.missing, sheet.late) == (2, 1, 0)
    assert (sheet.shares.least, sheet.shares.most) == (0.5, 1.0)
    first, second = found.items()
    assert (first.marked, round(first.mean or 0, 9)) == (2, 0.825)
    assert (second.marked, second.mean) == (1, 1.0)
    assert first.full is not None
    assert (first.full.k, first.full.n, found.totals) == (1, 2, (100.0, 50.0))


def test_discrimination_leaves_the_item_itself_out(classroom: Classroom) -> None:
    own, rest = [], []
    for number in range(12):
        who = courses.enrol(course=classroom.course, user=person(f"s{number}"), role=Role.STUDENT)
        first, second = number % 5, number % 4 if number % 4 < 4 else 0
        give(who, classroom.item, 2 * first)
        give(who, classroom.sheet, second * 3 / 4)
        own.append(2 * first / 10)
        rest.append(second / 4)
    found = marks(classroom).items()[0].discrimination
    expected = item_rest(own, rest)
    assert found is not None
    assert expected is not None
    assert found.n == 12
    assert found.r == pytest.approx(expected.r)


def test_excused_items_count_nowhere(classroom: Classroom) -> None:
    give(classroom.ada, classroom.item, 10)
    courses.excuse(
        assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben), item=None,
        reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    (sheet,) = marks(classroom).sheets()
    assert (sheet.students, sheet.missing) == (1, 1)


def test_sections_are_told_apart(classroom: Classroom) -> None:
    section = Section.objects.create(course=classroom.course, name="A")
    Enrolment.objects.filter(pk=classroom.ada.pk).update(section=section)
    assert [marks(classroom, s).students for s in ("", str(section.pk), "none")] == [2, 1, 1]


def test_nobody_and_nothing_are_no_error(classroom: Classroom) -> None:
    Enrolment.objects.filter(role=Role.STUDENT).update(is_active=False)
    found = marks(classroom)
    assert (found.students, found.totals) == (0, ())
    assert [line.mean for line in found.items()] == [None, None]
    Assignment.objects.update(is_published=False)
    assert marks(classroom).sheets() == []


def test_mistakes_of_the_class_count_students_once(classroom: Classroom) -> None:
    for who in (classroom.ada, classroom.ada, classroom.ben, classroom.tess):
        verdict = graded(classroom, 10.0, enrolment=who)
        Finding.objects.create(
            verdict=verdict, item=classroom.item, enrolment=who, kind="check", name="a",
            result="failed", mistake="Sign",
        )  # fmt: skip
    (found,) = classes.mistakes(People(classroom.course))
    assert (found.mistake, found.students, found.title) == ("Sign", 2, "Doubling")


def test_weeks_begin_on_monday_by_the_clock_of_the_course(classroom: Classroom) -> None:
    Course.objects.update(time_zone="Europe/Berlin")
    course = Course.objects.get(pk=classroom.course.pk)
    sunday = datetime(2027, 3, 28, 21, 59, tzinfo=UTC)  # 23:59 in summer, which began that day
    Assignment.objects.update(due_at=None)
    item = Item.objects.get(pk=classroom.item.pk)
    for who, when in (
        (classroom.ada, sunday - timedelta(days=13)),
        (classroom.ada, sunday),
        (classroom.ben, sunday + timedelta(minutes=1)),
        (classroom.ada, sunday + timedelta(hours=1)),
    ):
        Item.objects.filter(pk=item.pk).update(max_attempts=None)
        graded(classroom, 10.0, enrolment=who, item=Item.objects.get(pk=item.pk), now=when)
    found = classes.weeks(People(course), classes.effort(People(course)).values())
    assert [(week.submissions, week.students) for week in found] == [(1, 1), (1, 1), (2, 2)]
    begins = [week.begins.astimezone(course.zone) for week in found]
    assert [(b.weekday(), b.hour) for b in begins] == [(0, 0)] * 3
    assert sum(week.submissions for week in found) == Submission.objects.count()


def test_a_class_without_work_has_no_weeks(classroom: Classroom) -> None:
    assert classes.weeks(People(classroom.course), []) == []
    assert classes.effort(People(classroom.course)) == {}
