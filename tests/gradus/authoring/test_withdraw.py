"""A broken exercise is withdrawn: for everybody, with a reason, and until it is restored."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradus.accounts.models import Letter
from gradus.audit.models import Entry
from gradus.courses import services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Course, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.selectors import assignment_items, course_assignments
from gradus.submissions.errors import Withdrawn
from gradus.submissions.models import Verdict
from tests.people import NOON, Classroom, graded, hand_in

pytestmark = pytest.mark.django_db
WHY = "The reference divides by the wrong number."


def withdraw(classroom: Classroom, why: str = WHY) -> list[Item]:
    return services.withdraw(
        course=classroom.course, exercise_id=classroom.item.exercise_id, why=why,
        actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def restore(classroom: Classroom) -> list[Item]:
    return services.restore(
        course=classroom.course, exercise_id=classroom.item.exercise_id,
        actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def marked(classroom: Classroom, points: float = 5.0) -> Verdict:
    verdict = graded(classroom, points)
    gradebook.record_verdict(verdict.pk, now=NOON)
    return verdict


def totals(classroom: Classroom) -> tuple[Decimal, Decimal]:
    (row,) = course_assignments(classroom.ada, NOON)
    return row.points, row.max_points


def test_what_is_withdrawn_counts_for_nobody_until_it_is_restored(classroom: Classroom) -> None:
    marked(classroom)
    assert totals(classroom) == (Decimal(5), Decimal(13))
    withdraw(classroom)
    assert totals(classroom) == (Decimal(0), Decimal(3))
    rows = {row.item.pk: row for row in assignment_items(classroom.ada, classroom.assignment, NOON)}
    assert rows[classroom.item.pk].is_excused
    assert rows[classroom.item.pk].grade is None
    restore(classroom)
    assert totals(classroom) == (Decimal(5), Decimal(13))


def test_it_takes_no_submissions_and_says_why(classroom: Classroom) -> None:
    withdraw(classroom)
    classroom.item.refresh_from_db()
    for run in (False, True):
        with pytest.raises(Withdrawn, match="divides by the wrong number"):
            hand_in(classroom, run=run)
    restore(classroom)
    classroom.item.refresh_from_db()
    hand_in(classroom)


def test_a_verdict_that_comes_later_is_kept_and_counts_after_the_restoration(
    classroom: Classroom,
) -> None:
    verdict = graded(classroom, 5.0)
    withdraw(classroom)
    gradebook.record_verdict(verdict.pk, now=NOON)
    assert totals(classroom)[0] == 0
    restore(classroom)
    assert totals(classroom)[0] == 5


def test_students_are_mailed_once_and_nobody_else(classroom: Classroom) -> None:
    withdraw(classroom)
    assert sorted(letter.user.username for letter in Letter.objects.all()) == ["ada", "ben"]
    assert all(WHY in letter.text for letter in Letter.objects.all())
    with pytest.raises(CourseRefused):
        withdraw(classroom)
    assert Letter.objects.count() == 2


def test_nobody_is_mailed_about_what_nobody_could_see(classroom: Classroom) -> None:
    Assignment.objects.update(is_published=False)
    withdraw(classroom)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("why", ["", "   ", "bad", "x" * 501])
def test_a_reason_is_needed(classroom: Classroom, why: str) -> None:
    with pytest.raises(CourseRefused, match="Say why"):
        withdraw(classroom, why)
    assert not Item.objects.filter(withdrawn_at__isnull=False).exists()


def test_an_archived_course_is_not_changed(classroom: Classroom) -> None:
    Course.objects.update(is_archived=True)
    classroom.course.refresh_from_db()
    with pytest.raises(CourseRefused, match="archived"):
        withdraw(classroom)


def test_the_same_exercise_in_another_course_stays(classroom: Classroom) -> None:
    other = services.create_course(owner=classroom.iris.user, title="Other")
    there = services.create_assignment(
        course=other, plan=services.Plan(title="x"), exercises=[classroom.item.exercise]
    )
    withdraw(classroom)
    assert there.items.get().withdrawn_at is None


def test_the_database_wants_a_reason_where_something_is_withdrawn(classroom: Classroom) -> None:
    for fields in ({"withdrawn_at": NOON}, {"withdrawn_why": WHY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=classroom.item.pk).update(**fields)


def test_who_withdrew_and_restored_is_recorded(classroom: Classroom) -> None:
    withdraw(classroom)
    restore(classroom)
    acts = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert acts[-2:] == ["exercise.withdrawn", "exercise.restored"]


def test_the_page_shows_what_changes_before_it_is_done(classroom: Classroom) -> None:
    Assignment.objects.update(due_at=timezone.now() + timedelta(days=1))
    marked(classroom)
    iris = Client()
    iris.force_login(classroom.iris.user)
    page = reverse("web:withdraw", args=[classroom.course.pk, classroom.item.exercise_id])
    shown = iris.post(page, {"why": WHY}).content.decode()
    assert "Nothing is changed yet" in shown
    assert "excused" in shown
    assert not Letter.objects.exists()
    stamp = shown.partition('name="stamp" value="')[2].partition('"')[0]
    assert iris.post(page, {"why": WHY, "stamp": stamp, "lower": "1"}).status_code == 302
    assert "is withdrawn" in iris.get(page).content.decode()
    ada = Client()
    ada.force_login(classroom.ada.user)
    for address in (
        reverse("web:assignment", args=[classroom.assignment.pk]),
        reverse("web:item", args=[classroom.item.pk]),
    ):
        assert WHY in ada.get(address).content.decode()
    answer = ada.post(reverse("web:submit", args=[classroom.item.pk]), {"source": "x = 1\n"})
    assert answer.status_code == 409
    assert WHY in answer.content.decode()


def test_what_the_course_does_not_use_cannot_be_withdrawn(classroom: Classroom) -> None:
    iris = Client()
    iris.force_login(classroom.iris.user)
    page = reverse("web:withdraw", args=[classroom.course.pk, 99_999])
    assert iris.get(page).status_code == 404
