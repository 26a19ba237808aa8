"""Roles of staff: given, changed and ended; the name of a course, and its archive."""

from __future__ import annotations

import pytest

from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses import services
from gradus.courses.errors import CourseArchived, CourseRefused
from gradus.courses.models import Course, Enrolment, Role
from gradus.courses.roster import services as roster
from gradus.courses.roster.file import student_by_hand
from gradus.courses.roster.plan import Fate
from tests.people import NOON, Classroom, hand_in

pytestmark = pytest.mark.django_db


def refused(classroom: Classroom, who: str, role: str = "assistant") -> str:
    with pytest.raises(CourseRefused) as refusal:
        services.add_staff(course=classroom.course, person=who, role=role)
    return refusal.value.message


@pytest.mark.parametrize("role", ["owner", "instructor", "assistant", "reviewer", "observer"])
@pytest.mark.parametrize("who", ["olga", " OLGA@example.org "])
def test_somebody_with_an_account_gets_a_role(classroom: Classroom, who: str, role: str) -> None:
    made = services.add_staff(course=classroom.course, person=who, role=role)
    given = made.enrolment
    assert (given.user, given.role) == (classroom.olga, role)
    assert (made.is_new, made.is_invited) == (False, False)
    entry = Entry.objects.filter(action=Action.ROLE_GIVEN).latest("pk")
    assert entry.person == classroom.olga


def test_an_address_without_an_account_makes_one_that_nobody_can_use_yet(
    classroom: Classroom,
) -> None:
    made = services.add_staff(
        course=classroom.course, person="ruth@example.org", role="reviewer", name="Ruth de Vries"
    )
    assert made.is_new
    assert made.enrolment.user.get_full_name() == "Ruth de Vries"
    assert not made.enrolment.user.has_usable_password()


def test_the_account_of_an_address_is_found_by_any_spelling_of_it(classroom: Classroom) -> None:
    made = services.add_staff(course=classroom.course, person="Ruth@Example.ORG", role="reviewer")
    user = made.enrolment.user
    assert (user.username, user.email) == ("ruth@example.org", "ruth@example.org")
    User.objects.filter(username="olga").update(username="Olga@Example.org", email="")
    made = services.add_staff(course=classroom.course, person="olga@example.org", role="reviewer")
    assert (made.enrolment.user, made.is_new) == (classroom.olga, False)


@pytest.mark.parametrize(
    "person", ["ruth@", "=ruth@example.org", "rüth@example.org", f"{'x' * 150}@example.org"]
)
def test_an_address_that_no_account_can_have_is_refused(classroom: Classroom, person: str) -> None:
    before = User.objects.count()
    assert refused(classroom, person)
    assert User.objects.count() == before


def test_a_role_without_its_invitation_is_not_given(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> int:
        raise OSError("no disk")

    monkeypatch.setattr("gradus.courses.services.staff.invite", fail)
    with pytest.raises(OSError, match="no disk"):
        services.add_staff(course=classroom.course, person="olga", role="assistant", invite_at=NOON)
    assert not Enrolment.objects.filter(user=classroom.olga).exists()


def test_who_cannot_be_given_a_role(classroom: Classroom) -> None:
    assert refused(classroom, "nobody") == (
        "Nobody here is called nobody. A new account needs an email address."
    )
    assert "student of this course" in refused(classroom, "ada")
    assert "has a role here already" in refused(classroom, "tess")
    assert refused(classroom, "olga", "student") == "Choose one of the roles."
    User.objects.create_user("olga@example.org", "other@example.org")
    assert "Several accounts" in refused(classroom, "olga@example.org")
    User.objects.filter(username="olga").update(is_active=False)
    assert "closed" in refused(classroom, "olga")
    assert not Enrolment.objects.filter(user=classroom.olga).exists()


def test_a_student_who_was_removed_may_become_an_assistant(classroom: Classroom) -> None:
    Enrolment.objects.filter(pk=classroom.ben.pk).update(is_active=False)
    made = services.add_staff(course=classroom.course, person="ben", role="assistant")
    given = made.enrolment
    assert (given.pk, given.role, given.is_active) == (classroom.ben.pk, "assistant", True)


def test_who_had_a_role_may_study_again(classroom: Classroom) -> None:
    Enrolment.objects.filter(pk=classroom.ben.pk).update(is_active=False)
    services.add_staff(course=classroom.course, person="ben", role="assistant")
    line = student_by_hand({"email": classroom.ben.user.email})
    with pytest.raises(CourseRefused, match="assistant of this course"):
        roster.add_student(course=classroom.course, line=line)
    hand_in(classroom, enrolment=Enrolment.objects.get(pk=classroom.ben.pk))  # to try it
    services.end_role(enrolment=Enrolment.objects.get(pk=classroom.ben.pk))
    (step,) = roster.add_student(course=classroom.course, line=line).plan.steps
    assert (step.fate, step.note) == (
        Fate.RETURNS,
        "was assistant, 1 submission of then will count",
    )
    again = Enrolment.objects.get(pk=classroom.ben.pk)
    assert (again.role, again.is_active) == (Role.STUDENT, True)


def test_roles_change_and_end(classroom: Classroom) -> None:
    services.change_role(enrolment=classroom.tess, role="instructor")
    classroom.tess.refresh_from_db()
    assert classroom.tess.role == Role.INSTRUCTOR
    services.end_role(enrolment=classroom.tess)
    classroom.tess.refresh_from_db()
    assert not classroom.tess.is_active
    assert Entry.objects.latest("pk").action == Action.ROLE_ENDED
    with pytest.raises(CourseRefused, match="no role"):
        services.end_role(enrolment=classroom.tess)
    with pytest.raises(CourseRefused, match="no role"):
        services.change_role(enrolment=classroom.ada, role="owner")


def test_a_course_keeps_its_last_owner(classroom: Classroom) -> None:
    with pytest.raises(CourseRefused, match="needs an owner"):
        services.change_role(enrolment=classroom.iris, role="instructor")
    with pytest.raises(CourseRefused, match="needs an owner"):
        services.end_role(enrolment=classroom.iris)
    services.change_role(enrolment=classroom.tess, role="owner")
    services.end_role(enrolment=classroom.iris)
    assert not Enrolment.objects.get(pk=classroom.iris.pk).is_active


def test_an_archived_course_is_read_only_until_it_is_opened(classroom: Classroom) -> None:
    course = classroom.course
    services.name_course(course=course, title=" Vision ", term="Autumn")
    services.set_archived(course=course, archived=True)
    for act in (
        lambda: services.add_staff(course=course, person="olga", role="observer"),
        lambda: services.change_role(enrolment=classroom.tess, role="observer"),
        lambda: services.end_role(enrolment=classroom.tess),
        lambda: services.name_course(course=course, title="Other", term=""),
    ):
        with pytest.raises(CourseArchived):
            act()
    services.set_archived(course=course, archived=False)
    services.end_role(enrolment=classroom.tess)
    assert Course.objects.get(pk=course.pk).title == "Vision"
    said = list(Entry.objects.order_by("-pk").values_list("action", flat=True)[:4])
    assert said == ["role.ended", "course.reopened", "course.archived", "course.named"]


def test_a_course_without_a_title_is_refused(classroom: Classroom) -> None:
    with pytest.raises(CourseRefused, match="title"):
        services.name_course(course=classroom.course, title=" ", term="")
