from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gradus.audit.models import Entry
from gradus.catalog.models import Exercise
from gradus.courses import policy, selectors, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role, Section
from gradus.courses.services import Plan
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db


def test_who_makes_a_course_owns_it(classroom: Classroom) -> None:
    course = services.create_course(owner=classroom.iris.user, title="  Vision ")
    assert course.title == "Vision"
    assert course.enrolments.get().role == Role.OWNER


def test_items_are_pinned_to_the_newest_version_with_its_points(classroom: Classroom) -> None:
    assert classroom.item.version == Exercise.objects.get(slug="doubling").newest
    assert classroom.item.points == Decimal(10)
    assert classroom.item.max_attempts == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "needs a title"),
        ({"opens_at": NOON, "due_at": NOON}, "must open before it is due"),
        ({"late_until": NOON}, "only after a deadline"),
        ({"due_at": NOON, "late_until": NOON - timedelta(seconds=1)}, "only after a deadline"),
        ({"due_at": NOON, "solutions_at": NOON - timedelta(seconds=1)}, "still accepted"),
        ({"weight": Decimal(-1)}, "cannot be negative"),
    ],
)
def test_refuses_an_impossible_plan(
    classroom: Classroom, changes: dict[str, Any], message: str
) -> None:
    plan = Plan(**{"title": "Sheet", **changes})
    with pytest.raises(CourseRefused, match=message):
        services.create_assignment(
            course=classroom.course, plan=plan, exercises=list(Exercise.objects.all())
        )
    assert Assignment.objects.count() == 1


def test_refuses_no_attempt_at_all(classroom: Classroom) -> None:
    with pytest.raises(CourseRefused, match="At least one attempt"):
        services.create_assignment(
            course=classroom.course,
            plan=Plan(title="Sheet"),
            exercises=list(Exercise.objects.all()),
            max_attempts=0,
        )


@pytest.mark.parametrize(("copies", "message"), [(0, "at least one exercise"), (2, "only once")])
def test_refuses_no_exercise_and_one_twice(classroom: Classroom, copies: int, message: str) -> None:
    exercises = [Exercise.objects.get(slug="doubling")] * copies
    with pytest.raises(CourseRefused, match=message):
        services.create_assignment(
            course=classroom.course, plan=Plan(title="Sheet"), exercises=exercises
        )


def test_enrolling_as_before_is_no_act(classroom: Classroom) -> None:
    before = Entry.objects.count()
    services.enrol(course=classroom.course, user=classroom.ada.user, role=Role.STUDENT)
    assert Entry.objects.count() == before
    services.enrol(course=classroom.course, user=classroom.ada.user, role=Role.ASSISTANT)
    assert Entry.objects.count() == before + 1


def test_enrolling_twice_changes_the_role(classroom: Classroom) -> None:
    services.enrol(course=classroom.course, user=classroom.ada.user, role=Role.ASSISTANT)
    assert Enrolment.objects.get(pk=classroom.ada.pk).role == Role.ASSISTANT


def test_refuses_a_section_of_another_course(classroom: Classroom) -> None:
    other = services.create_course(owner=classroom.iris.user, title="Vision")
    section = Section.objects.create(course=other, name="A")
    with pytest.raises(CourseRefused, match="another course"):
        services.enrol(
            course=classroom.course, user=classroom.ada.user, role="student", section=section
        )


def test_the_database_refuses_an_unknown_role(classroom: Classroom) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(course=classroom.course, user=classroom.olga, role="king")


def test_the_database_refuses_a_window_that_ends_before_it_opens(classroom: Classroom) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.update(opens_at=NOON + timedelta(days=30))


@pytest.mark.parametrize(
    "changes",
    [
        {"late_until": NOON},
        {"late_percent": Decimal("100.01")},
        {"late_most_percent": Decimal(-1)},
        {"solutions_at": NOON},
        {"due_at": None, "late_until": NOON + timedelta(days=30)},
    ],
)
def test_the_database_refuses_late_rules_without_sense(
    classroom: Classroom, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.update(**changes)


@pytest.mark.parametrize(
    "changes", [{"late_percent": -1}, {"late_most_percent": 101}, {"late_days": 61}]
)
def test_the_database_refuses_course_rules_without_sense(
    classroom: Classroom, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.update(**changes)


VISIBLE = [("ada", True), ("otto", True), ("tess", True), ("iris", True)]
HIDDEN = [("ada", False), ("otto", False), ("tess", True), ("iris", True)]


@pytest.mark.parametrize(("who", "sees"), VISIBLE)
def test_members_see_a_published_assignment(classroom: Classroom, who: str, sees: bool) -> None:
    assert (
        selectors.item_for(getattr(classroom, who).user, classroom.item.pk, NOON) is not None
    ) is sees


@pytest.mark.parametrize(("who", "sees"), HIDDEN)
@pytest.mark.parametrize(
    "changes", [{"is_published": False}, {"opens_at": NOON + timedelta(seconds=1)}]
)
def test_only_staff_see_what_is_not_open(
    classroom: Classroom, who: str, sees: bool, changes: dict[str, object]
) -> None:
    Assignment.objects.update(**changes)
    user = getattr(classroom, who).user
    assert (selectors.item_for(user, classroom.item.pk, NOON) is not None) is sees
    assert Assignment.objects.visible_to(user, NOON).exists() is sees


def test_strangers_see_no_item(classroom: Classroom) -> None:
    assert selectors.item_for(classroom.olga, classroom.item.pk, NOON) is None
    assert not Item.objects.visible_to(classroom.olga, NOON).exists()


def test_those_who_left_see_nothing(classroom: Classroom) -> None:
    Enrolment.objects.filter(pk=classroom.ada.pk).update(is_active=False)
    assert selectors.item_for(classroom.ada.user, classroom.item.pk, NOON) is None


def test_staff_of_another_course_are_strangers_here(classroom: Classroom) -> None:
    services.create_course(owner=classroom.olga, title="Vision")
    assert selectors.item_for(classroom.olga, classroom.item.pk, NOON) is None


@pytest.mark.parametrize(
    ("who", "may"), [("ada", False), ("otto", False), ("tess", False), ("iris", True)]
)
def test_only_teachers_change_a_course(classroom: Classroom, who: str, may: bool) -> None:
    assert policy.may_change_course(getattr(classroom, who)) is may


def test_nobody_changes_an_archived_course(classroom: Classroom) -> None:
    classroom.iris.course.is_archived = True
    assert not policy.may_change_course(classroom.iris)


def test_only_those_who_may_teach_make_courses(classroom: Classroom) -> None:
    assert policy.may_create_course(classroom.iris.user)
    assert not policy.may_create_course(classroom.ada.user)
