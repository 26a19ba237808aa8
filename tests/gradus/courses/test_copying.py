"""A course copied to a new term."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gradus.catalog.models import Version
from gradus.courses import policy, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Allowance, Assignment, Course, Enrolment, Item
from gradus.courses.services.copying import copy_course, moved_dates
from gradus.submissions.models import Submission
from tests.people import NOON, Classroom, hand_in

pytestmark = pytest.mark.django_db
SUMMER = datetime(2027, 7, 1, 20, 59, tzinfo=UTC)  # 23:59 in Helsinki
WINTER = datetime(2027, 12, 30, 21, 59, tzinfo=UTC)  # 23:59 again, 26 weeks later


def copy(classroom: Classroom, weeks: int = 26, use_newest: bool = False) -> Course:
    source = Course.objects.get(pk=classroom.course.pk)
    return copy_course(
        source=source, owner=classroom.iris.user, title="Next", term="Autumn", weeks=weeks,
        use_newest=use_newest,
    )  # fmt: skip


def test_dates_keep_the_time_on_the_clock_over_summer_time(classroom: Classroom) -> None:
    Course.objects.update(time_zone="Europe/Helsinki")
    Assignment.objects.update(due_at=SUMMER, opens_at=SUMMER - timedelta(days=7))
    made = copy(classroom)
    assert made.assignments.get().due_at == WINTER
    (moved,) = moved_dates(Course.objects.get(pk=classroom.course.pk), 26)
    assert moved.new["due_at"] == WINTER  # what the preview said
    assert moved.old["due_at"] == SUMMER
    assert moved.new["late_until"] is None


def test_rules_groups_and_items_are_copied(classroom: Classroom) -> None:
    rules = services.CourseRules(late_days=2, late_percent=Decimal(10), late_day_bank=3)
    services.change_course(course=classroom.course, rules=rules)
    group = services.save_group(
        course=classroom.course, group=None, name="Sheets", weight=Decimal(2), drop_lowest=1
    )
    Assignment.objects.update(group=group, counting="latest")
    Item.objects.filter(pk=classroom.item.pk).update(
        points=7, is_extra=True, cooldown_seconds=60, thresholds={"a": [[1, 1]]}
    )
    made = copy(classroom)
    assert (made.late_days, made.late_percent, made.late_day_bank) == (2, Decimal(10), 3)
    assignment = made.assignments.get()
    assert assignment.group == made.groups.get()
    assert (assignment.counting, made.groups.get().drop_lowest) == ("latest", 1)
    item = assignment.items.get(exercise=classroom.item.exercise)
    assert (item.points, item.is_extra, item.cooldown_seconds) == (Decimal(7), True, 60)
    assert (item.max_attempts, item.thresholds) == (2, {"a": [[1, 1]]})
    assert item.version == classroom.item.version


def test_people_work_and_secrets_stay_behind(classroom: Classroom) -> None:
    hand_in(classroom)
    assignment = Assignment.objects.select_related("course").get()
    services.change_exam(
        assignment=assignment, networks=["10.0.0.0/8"], holds_feedback=True, password="abc"
    )
    services.set_released(assignment=assignment, is_released=True, now=NOON)
    services.excuse(
        assignment=assignment, target=services.Target(enrolment=classroom.ada), item=None,
        reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    made = copy(classroom)
    assert [e.user for e in Enrolment.objects.filter(course=made)] == [classroom.iris.user]
    new = made.assignments.get()
    assert (new.exam_password, new.exam_networks, new.is_held) == ("", ["10.0.0.0/8"], True)
    assert not new.is_published
    assert not Allowance.objects.filter(assignment=new).exists()
    assert not Submission.objects.filter(item__assignment=new).exists()


def test_the_newest_version_brings_its_points_where_nobody_chose_others(
    classroom: Classroom,
) -> None:
    exercise, old = classroom.item.exercise, classroom.item.version
    newest = newer_version(classroom)
    item = copy(classroom, use_newest=True).assignments.get().items.get(exercise=exercise)
    assert (item.version, item.points) == (newest, Decimal(20))
    assert copy(classroom).assignments.get().items.get(exercise=exercise).version == old
    Item.objects.filter(pk=classroom.item.pk).update(points=7)
    item = copy(classroom, use_newest=True).assignments.get().items.get(exercise=exercise)
    assert (item.version, item.points) == (newest, Decimal(7))


def newer_version(classroom: Classroom) -> Version:
    exercise, old = classroom.item.exercise, classroom.item.version
    fields = {f.name: getattr(old, f.name) for f in Version._meta.fields if not f.primary_key}
    newest = Version.objects.create(**fields | {"digest": "sha256:" + "0" * 64, "points": 20})
    exercise.newest = newest
    exercise.save()
    return newest


def test_a_withdrawn_exercise_stays_withdrawn_until_its_version_is_another(
    classroom: Classroom,
) -> None:
    exercise = classroom.item.exercise
    services.withdraw(
        course=classroom.course, exercise_id=exercise.pk, why="Wrong sign.",
        actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    for use_newest in (False, True):  # the newest is the one that is broken
        item = copy(classroom, use_newest=use_newest).assignments.get().items.get(exercise=exercise)
        assert (item.withdrawn_at, item.withdrawn_why) == (NOON, "Wrong sign.")
    newer_version(classroom)
    item = copy(classroom, use_newest=True).assignments.get().items.get(exercise=exercise)
    assert (item.withdrawn_at, item.withdrawn_why) == (None, "")


@pytest.mark.parametrize("weeks", [521, -521])
def test_refuses_dates_far_away(classroom: Classroom, weeks: int) -> None:
    with pytest.raises(CourseRefused, match="520"):
        copy(classroom, weeks)
    assert Course.objects.count() == 1


def test_a_date_outside_of_the_calendar_is_refused(classroom: Classroom) -> None:
    Assignment.objects.update(due_at=datetime(9999, 12, 1, tzinfo=UTC))
    with pytest.raises(CourseRefused, match="calendar"):
        copy(classroom)
    assert Course.objects.count() == 1


def test_only_teachers_who_may_make_courses_copy(classroom: Classroom) -> None:
    assert policy.may_copy_course(classroom.iris)
    assert not policy.may_copy_course(classroom.tess)
    classroom.iris.user.may_teach = False
    assert not policy.may_copy_course(classroom.iris)
