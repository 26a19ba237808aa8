"""Pages on which owners say who runs a course, what it is called, and that it is over."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gradus.accounts.models import Letter
from gradus.courses.models import Course, Enrolment
from tests.people import Classroom

pytestmark = pytest.mark.django_db


def test_an_owner_adds_changes_and_removes_an_assistant(iris: Client, classroom: Classroom) -> None:
    people = reverse("web:roster", args=[classroom.course.pk])
    assert "Add staff or an observer" in iris.get(people).content.decode()
    added = iris.post(
        reverse("web:staff_add", args=[classroom.course.pk]),
        {"person": "olga", "role": "assistant", "invite": "on"}, follow=True,
    )  # fmt: skip
    assert "Your role there: Assistant." in Letter.objects.get(user=classroom.olga).text
    assert "olga is in the course." in added.content.decode()
    given = Enrolment.objects.get(user=classroom.olga)
    page = reverse("web:staff_member", args=[classroom.course.pk, given.pk])
    assert page in added.content.decode()
    iris.post(page, {"role": "reviewer"})
    given.refresh_from_db()
    assert given.role == "reviewer"
    gone = iris.post(reverse("web:staff_end", args=[classroom.course.pk, given.pk]), follow=True)
    assert "olga is removed" in gone.content.decode()


def test_instructors_see_roles_and_do_not_change_them(
    iris: Client, classroom: Classroom, client: Client
) -> None:
    Enrolment.objects.filter(pk=classroom.tess.pk).update(role="instructor")
    client.force_login(classroom.tess.user)
    assert (
        "Add staff"
        not in client.get(reverse("web:roster", args=[classroom.course.pk])).content.decode()
    )
    refused = client.get(reverse("web:staff_add", args=[classroom.course.pk]))
    archived = client.post(reverse("web:course_archive", args=[classroom.course.pk]))
    assert (refused.status_code, archived.status_code) == (403, 403)


def test_the_last_owner_is_told_to_name_another(iris: Client, classroom: Classroom) -> None:
    place = [classroom.course.pk, classroom.iris.pk]
    refused = iris.post(reverse("web:staff_member", args=place), {"role": "observer"})
    assert refused.status_code == 409
    assert "Make somebody else one first" in refused.content.decode()
    left = iris.post(reverse("web:staff_end", args=place), follow=True)
    assert "Make somebody else one first" in left.content.decode()
    assert Enrolment.objects.get(pk=classroom.iris.pk).is_active


def test_a_hostile_role_or_name_changes_nothing(iris: Client, classroom: Classroom) -> None:
    at = reverse("web:staff_add", args=[classroom.course.pk])
    for sent in (
        {"person": "olga", "role": "student"},
        {"person": "olga", "role": "root"},
        {"person": "x" * 151, "role": "owner"},
        {"person": "<b>@x", "role": "owner"},
        {"person": "a\x00b", "role": "owner"},
    ):
        answer = iris.post(at, sent)
        assert answer.status_code in (409, 422)
        assert b"<b>@x" not in answer.content
    assert Enrolment.objects.filter(course=classroom.course).count() == 5


def test_a_course_is_named_archived_and_opened_again(iris: Client, classroom: Classroom) -> None:
    course = classroom.course
    details = reverse("web:course_details", args=[course.pk])
    iris.post(details, {"title": "Vision", "term": "Autumn"})
    assert Course.objects.get(pk=course.pk).title == "Vision"
    archive = reverse("web:course_archive", args=[course.pk])
    assert "Open again" in iris.post(archive, follow=True).content.decode()
    front = iris.get(reverse("web:course", args=[course.pk])).content.decode()
    assert details in front
    assert iris.post(details, {"title": "Other", "term": ""}).status_code == 409
    iris.post(archive, {"open": "1"})
    assert not Course.objects.get(pk=course.pk).is_archived


def test_somebody_is_added_without_a_mail_where_none_is_wished(
    iris: Client, classroom: Classroom
) -> None:
    at = reverse("web:staff_add", args=[classroom.course.pk])
    iris.post(at, {"person": "new@example.org", "role": "observer"})
    assert Enrolment.objects.filter(user__email="new@example.org").exists()
    assert not Letter.objects.exists()
