"""Groups and the rules of items: what is refused, and what a deleted group leaves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gradus.courses import services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, AssignmentGroup, Item
from tests.people import Classroom

pytestmark = pytest.mark.django_db


def save(classroom: Classroom, **fields: Any) -> AssignmentGroup:
    plan = {"group": None, "name": "Sheets", "weight": Decimal(1), "drop_lowest": 0}
    return services.save_group(course=classroom.course, **(plan | fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "QUIZZES"}, "already"),
        ({"weight": Decimal(-1)}, "negative"),
        ({"drop_lowest": 21}, "At most 20"),
        ({"drop_lowest": -1}, "At most 20"),
    ],
)
def test_refuses_a_group_without_sense(
    classroom: Classroom, fields: dict[str, Any], message: str
) -> None:
    save(classroom, name="Quizzes")
    with pytest.raises(CourseRefused, match=message):
        save(classroom, **fields)


def test_a_deleted_group_leaves_its_assignments(classroom: Classroom) -> None:
    group = save(classroom)
    Assignment.objects.update(group=group)
    services.delete_group(group=group)
    assert Assignment.objects.get().group is None


def test_an_assignment_joins_no_group_of_another_course(classroom: Classroom) -> None:
    other = services.create_course(owner=classroom.iris.user, title="Vision")
    group = services.save_group(
        course=other, group=None, name="A", weight=Decimal(1), drop_lowest=0
    )
    with pytest.raises(CourseRefused, match="another course"):
        services.create_assignment(
            course=classroom.course,
            plan=services.Plan(title="Sheet", group=group),
            exercises=[classroom.item.exercise],
        )


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (services.ItemRules(points=Decimal(0)), "needs points"),
        (services.ItemRules(points=Decimal(1), max_attempts=0), "At least one attempt"),
    ],
)
def test_refuses_an_item_without_sense(
    classroom: Classroom, rules: services.ItemRules, message: str
) -> None:
    with pytest.raises(CourseRefused, match=message):
        services.change_items(assignment=classroom.assignment, rules={classroom.item.pk: rules})
    assert Item.objects.get(pk=classroom.item.pk).points == 10


def test_refuses_an_item_of_another_assignment(classroom: Classroom) -> None:
    other = services.create_assignment(
        course=classroom.course,
        plan=services.Plan(title="Other"),
        exercises=[classroom.item.exercise],
    )
    rules = {classroom.item.pk: services.ItemRules(points=Decimal(1))}
    with pytest.raises(CourseRefused, match="another assignment"):
        services.change_items(assignment=other, rules=rules)


@pytest.mark.parametrize("changes", [{"weight": -1}, {"drop_lowest": 21}])
def test_the_database_refuses_a_group_without_sense(
    classroom: Classroom, changes: dict[str, int]
) -> None:
    save(classroom)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentGroup.objects.update(**changes)
