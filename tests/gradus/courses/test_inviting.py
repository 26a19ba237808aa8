"""Who was put into a course is told so by mail, and how to get in: never twice, never unasked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.accounts import letters
from gradus.accounts.models import Letter, User
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.services import invite, invite_again
from gradus.courses.services.inviting import BETWEEN
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


def newcomer(classroom: Classroom, name: str = "nia", role: str = Role.STUDENT) -> Enrolment:
    """Somebody whom a roster made: no password, never logged in."""
    user = User.objects.create(
        username=name, email=f"{name}@example.org", password=make_password(None)
    )
    return Enrolment.objects.create(course=classroom.course, user=user, role=role)


def test_who_has_no_password_is_led_to_the_page_that_sets_one(classroom: Classroom) -> None:
    nia = newcomer(classroom)
    assert invite(course=classroom.course, people=[nia.user], now=NOON) == 1
    letter = Letter.objects.get()
    assert letter.path == f"{RESET}?email=nia@example.org"
    assert letter.subject == f"You are in the course “{classroom.course.title}”"
    assert f"You are in the course “{classroom.course.title}” now." in letter.text
    assert "no password yet" in letter.text
    assert "role" not in letter.text


def test_who_has_a_password_is_led_to_the_course(classroom: Classroom) -> None:
    assert invite(course=classroom.course, people=[classroom.ada.user], now=NOON) == 1
    letter = Letter.objects.get()
    assert letter.path == reverse("web:course", args=[classroom.course.pk])
    assert "password" not in letter.text


def test_staff_read_which_role_they_have(classroom: Classroom) -> None:
    assert invite(course=classroom.course, people=[classroom.tess.user], now=NOON) == 1
    assert "Your role there: Assistant." in Letter.objects.get().text


def test_the_mail_is_plain_text_that_holds_the_whole_address(classroom: Classroom) -> None:
    nia = newcomer(classroom)
    User.objects.filter(pk=nia.user_id).update(email="nia+a&b=c@example.org")
    nia.refresh_from_db()
    invite(course=classroom.course, people=[nia.user], now=NOON)
    letters.sweep(now=NOON + timedelta(minutes=1))
    (sent,) = mail.outbox
    assert sent.to == ["nia+a&b=c@example.org"]
    assert f"{RESET}?email=nia%2Ba%26b%3Dc@example.org\n" in sent.body
    assert sent.content_subtype == "plain"


def test_an_address_too_long_for_a_link_is_left_to_be_typed(classroom: Classroom) -> None:
    nia = newcomer(classroom)
    User.objects.filter(pk=nia.user_id).update(email=f"{'+' * 64}@{'a' * 60}.example.org")
    nia.refresh_from_db()
    invite(course=classroom.course, people=[nia.user], now=NOON)
    assert Letter.objects.get().path == RESET


@pytest.mark.parametrize("change", [{"wants_mail": False}, {"email": ""}, {"is_active": False}])
def test_who_wants_no_mail_or_gets_none_is_not_written_to(
    classroom: Classroom, change: dict[str, object]
) -> None:
    User.objects.filter(pk=classroom.ada.user_id).update(**change)
    assert invite(course=classroom.course, people=[classroom.ada.user], now=NOON) == 0
    assert not Letter.objects.exists()
    assert not Entry.objects.filter(action=Action.PEOPLE_INVITED).exists()


def test_only_who_is_in_the_course_is_written_to(classroom: Classroom) -> None:
    Enrolment.objects.filter(pk=classroom.ben.pk).update(is_active=False)
    people = [classroom.ben.user, classroom.olga]
    assert invite(course=classroom.course, people=people, now=NOON) == 0


def test_nobody_is_written_to_twice_at_once(classroom: Classroom) -> None:
    people = [classroom.ada.user, classroom.ada.user]
    assert invite(course=classroom.course, people=people, now=NOON) == 1
    assert Letter.objects.count() == 1


def test_the_record_says_who_was_invited_and_how_many(classroom: Classroom) -> None:
    people = [classroom.ada.user, classroom.ben.user]
    assert invite(course=classroom.course, people=people, now=NOON) == 2
    entry = Entry.objects.get(action=Action.PEOPLE_INVITED)
    assert entry.course_id == classroom.course.pk
    assert entry.changes == {"count": [None, 2], "people": [None, "ada, ben"]}


def test_more_people_cost_no_more_queries(classroom: Classroom) -> None:
    counts = []
    for turn in "ab":
        people = [newcomer(classroom, f"{turn}{k}").user for k in range(4 if turn == "b" else 1)]
        with CaptureQueriesContext(connection) as seen:
            invite(course=classroom.course, people=people, now=NOON)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_who_has_never_logged_in_is_invited_again_after_ten_minutes(classroom: Classroom) -> None:
    nia = newcomer(classroom)
    invite(course=classroom.course, people=[nia.user], now=NOON)
    with pytest.raises(CourseRefused, match="less than 10 minutes ago"):
        invite_again(enrolment=nia, now=NOON + BETWEEN - timedelta(seconds=1))
    invite_again(enrolment=nia, now=NOON + BETWEEN)
    assert Letter.objects.count() == 2


def test_the_limit_is_of_a_person_in_all_courses(classroom: Classroom) -> None:
    nia = newcomer(classroom)
    other = Course.objects.create(title="Other")
    elsewhere = Enrolment.objects.create(course=other, user=nia.user, role=Role.STUDENT)
    invite_again(enrolment=nia, now=NOON)
    with pytest.raises(CourseRefused, match="less than 10 minutes ago"):
        invite_again(enrolment=elsewhere, now=NOON)
    assert Letter.objects.count() == 1


def test_an_invitation_is_not_sent_again_to_who_cannot_use_it(classroom: Classroom) -> None:
    nia = newcomer(classroom)

    def refused(why: str) -> None:
        with pytest.raises(CourseRefused, match=why):
            invite_again(enrolment=nia, now=NOON)

    User.objects.filter(pk=nia.user_id).update(wants_mail=False)
    refused("wants no mails")
    User.objects.filter(pk=nia.user_id).update(wants_mail=True, last_login=NOON)
    refused("has logged in already")
    nia.is_active = False
    refused("not in the course")
    nia.course.is_archived = True
    with pytest.raises(CourseArchived):
        invite_again(enrolment=nia, now=NOON)
    assert not Letter.objects.exists()
