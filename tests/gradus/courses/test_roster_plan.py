"""A roster file against who is there: the preview says exactly what the confirmation does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gradus.accounts.models import User
from gradus.courses import services as courses
from gradus.courses.errors import CourseRefused, RosterChanged, RosterRefused
from gradus.courses.models import Enrolment, Role, RosterUpload, Section
from gradus.courses.roster import services
from gradus.courses.roster.file import parse, student_by_hand
from gradus.courses.roster.plan import Fate, RosterPlan, make_plan
from tests.people import NOON, Classroom, graded, person

pytestmark = pytest.mark.django_db

HEAD = "email,username,id number,first name,last name,section\n"


def plan(classroom: Classroom, *lines: str) -> RosterPlan:
    return make_plan(classroom.course, parse(HEAD + "\n".join(lines)))


def fates(made: RosterPlan) -> list[str]:
    return [step.fate for step in made.steps]


def upload(classroom: Classroom, *lines: str) -> RosterUpload:
    data = (HEAD + "\n".join(lines)).encode()
    return services.keep_upload(
        course=classroom.course, uploader=classroom.iris.user, name="r.csv", data=data, now=NOON
    )


def applied(classroom: Classroom, *lines: str) -> RosterPlan:
    made = plan(classroom, *lines)
    assert not made.errors
    return services.apply_upload(upload=upload(classroom, *lines), stamp=made.stamp).plan


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        ("new@example.org,,,New,Person,", Fate.NEW),
        ("olga@example.org,,,,,", Fate.JOINS),
        ("OLGA@Example.org,,,,,", Fate.JOINS),
        (",Olga,,,,", Fate.JOINS),
        ("ada@example.org,,,Other,Name,", Fate.SAME),
        ("ada@example.org,ada,,,,", Fate.SAME),
        ("ada@example.org,,,,,B", Fate.CHANGES),
        ("ada@example.org,,77,,,", Fate.CHANGES),
        (",,4711,,,", Fate.SAME),
        ("moved@example.org,,4711,,,", Fate.SAME),
    ],
)
def test_matches_by_email_username_or_id_number(
    classroom: Classroom, line: str, fate: Fate
) -> None:
    Enrolment.objects.filter(pk=classroom.ben.pk).update(id_number="4711")
    made = plan(classroom, line)
    assert not made.errors
    assert fates(made) == [fate]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ada@example.org,ben,,,,", "email address and the username belong to different people"),
        ("ada@example.org,,4711,,,", "email address and the id number belong to different"),
        ("other@example.org,olga,,,,", "username “olga” belongs to an account with another email"),
        ("tess@example.org,,,,,", "tess is assistant of this course"),
        ("iris@example.org,,,,,", "iris is owner"),
        (",nobody,,,,", "a new student needs an email address"),
        (",,999,,,", "a new student needs an email address"),
        ("new@example.org,x@example.org,,,,", "must be the student's own email"),
        ("new@example.org,\u00e4rne,,,,", "beyond a to z"),
    ],
)
def test_a_line_that_is_not_surely_one_student_is_an_error(
    classroom: Classroom, line: str, message: str
) -> None:
    Enrolment.objects.filter(pk=classroom.ben.pk).update(id_number="4711")
    made = plan(classroom, line, "new2@example.org,,,,,")
    (error,) = made.errors
    assert message in error.message
    assert error.number == 2
    assert fates(made) == [Fate.NEW]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("a@example.org,,,,,", "A@EXAMPLE.org,,,,,", "email address is the same as on line 2"),
        ("a@example.org,x,,,,", "b@example.org,X,,,,", "username is the same as on line 2"),
        ("a@example.org,,5,,,", "b@example.org,,5,,,", "id number is the same as on line 2"),
        ("ada@example.org,,,,,", ",ada,,,,", "person is the same as on line 2"),
    ],
)
def test_nobody_is_in_a_file_twice(
    classroom: Classroom, first: str, second: str, message: str
) -> None:
    made = plan(classroom, first, second)
    assert [(e.number, message in e.message) for e in made.errors] == [(3, True)]


def test_a_closed_account_is_an_error(classroom: Classroom) -> None:
    User.objects.filter(pk=classroom.olga.pk).update(is_active=False)
    assert "closed" in plan(classroom, "olga@example.org,,,,,").errors[0].message


def test_the_confirmation_does_what_the_preview_showed(classroom: Classroom) -> None:
    services.remove(enrolment=classroom.ben)
    lines = (
        "new@example.org,,12,New,Person,A",
        "olga@example.org,,,,,a",
        "ben@example.org,,,,,",
        "ada@example.org,,,,,B",
    )
    made = applied(classroom, *lines)
    assert fates(made) == [Fate.NEW, Fate.JOINS, Fate.RETURNS, Fate.CHANGES]
    assert made.new_sections == ("A", "B")
    there = {
        e.user.email: (e.role, e.section.name if e.section else "", e.id_number, e.is_active)
        for e in classroom.course.enrolments.select_related("user", "section")
        if e.role == Role.STUDENT
    }
    assert there == {
        "new@example.org": ("student", "A", "12", True),
        "olga@example.org": ("student", "A", "", True),
        "ben@example.org": ("student", "", "", True),
        "ada@example.org": ("student", "B", "", True),
    }
    assert not RosterUpload.objects.exists()
    assert plan(classroom, *lines).changes_nothing


def test_a_new_account_cannot_be_logged_in_to_until_it_has_a_password(
    classroom: Classroom,
) -> None:
    applied(classroom, "new@example.org,,,New,Person,")
    user = User.objects.get(email="new@example.org")
    assert (user.username, user.get_full_name()) == ("new@example.org", "New Person")
    assert not user.has_usable_password()
    assert not user.may_teach


def test_an_account_that_exists_is_never_changed(classroom: Classroom) -> None:
    before = User.objects.filter(pk=classroom.olga.pk).values().get()
    applied(classroom, "olga@example.org,olga,9,Evil,Name,A")
    assert User.objects.filter(pk=classroom.olga.pk).values().get() == before


def test_who_is_not_in_the_file_stays_and_is_named(classroom: Classroom) -> None:
    made = applied(classroom, "ada@example.org,,,,,B")
    assert [enrolment.pk for enrolment in made.absent] == [classroom.ben.pk]
    classroom.ben.refresh_from_db()
    assert classroom.ben.is_active


def test_an_empty_section_keeps_the_section(classroom: Classroom) -> None:
    applied(classroom, "ada@example.org,,,,,B")
    assert plan(classroom, "ada@example.org,,,,,").changes_nothing


def test_a_roster_that_changed_since_the_preview_is_not_applied(classroom: Classroom) -> None:
    lines = ("olga@example.org,,,,,",)
    kept, stamp = upload(classroom, *lines), plan(classroom, *lines).stamp
    courses.enrol(course=classroom.course, user=classroom.olga, role=Role.STUDENT)
    with pytest.raises(RosterChanged):
        services.apply_upload(upload=kept, stamp=stamp)


def test_an_archived_course_takes_no_roster(classroom: Classroom) -> None:
    classroom.course.is_archived = True
    classroom.course.save()
    with pytest.raises(CourseRefused, match="archived"):
        upload(classroom, "olga@example.org,,,,,")


def test_a_file_is_kept_for_a_day(classroom: Classroom) -> None:
    upload(classroom, "olga@example.org,,,,,")
    RosterUpload.objects.update(created_at=NOON - timedelta(days=1, seconds=1))
    fresh = upload(classroom, "olga@example.org,,,,,")
    assert list(RosterUpload.objects.all()) == [fresh]


def test_a_preview_costs_as_many_queries_for_many_as_for_one(classroom: Classroom) -> None:
    counts = []
    for size in (1, 60):
        lines = [f"s{k}@example.org,,,,,A" for k in range(size)]
        with CaptureQueriesContext(connection) as seen:
            plan(classroom, *lines)
        counts.append(len(seen))
    assert counts == [4, 4]


def test_one_student_by_hand_follows_the_rules_of_a_file(classroom: Classroom) -> None:
    line = student_by_hand({"email": "new@example.org", "first_name": "New", "section": "A"})
    made = services.add_student(course=classroom.course, line=line).plan
    assert fates(made) == [Fate.NEW]
    assert classroom.course.enrolments.get(user__email="new@example.org").section is not None
    with pytest.raises(RosterRefused, match="Tess is assistant"):
        services.add_student(
            course=classroom.course, line=student_by_hand({"email": "tess@example.org"})
        )
    with pytest.raises(RosterRefused, match="“x” is no email address"):
        student_by_hand({"email": "x"})


def test_who_is_removed_keeps_all_records_and_may_come_back(classroom: Classroom) -> None:
    verdict = graded(classroom)
    services.remove(enrolment=classroom.ada)
    assert not Enrolment.objects.get(pk=classroom.ada.pk).is_active
    assert verdict.submission.enrolment_id == classroom.ada.pk
    services.bring_back(enrolment=classroom.ada)
    assert Enrolment.objects.get(pk=classroom.ada.pk).is_active
    with pytest.raises(CourseRefused, match="Only students"):
        services.remove(enrolment=classroom.tess)


def test_a_join_code_enrols_as_a_student(classroom: Classroom) -> None:
    code = services.new_join_code(course=classroom.course)
    joined = services.join(user=classroom.olga, code=services.shown_code(code).lower())
    assert (joined.role, joined.course) == (Role.STUDENT, classroom.course)


def test_a_join_code_changes_no_role_and_brings_nobody_back(classroom: Classroom) -> None:
    code = services.new_join_code(course=classroom.course)
    assert services.join(user=classroom.tess.user, code=code).role == Role.ASSISTANT
    services.remove(enrolment=classroom.ben)
    with pytest.raises(CourseRefused, match="removed"):
        services.join(user=classroom.ben.user, code=code)


def test_an_old_wrong_or_missing_join_code_opens_nothing(classroom: Classroom) -> None:
    old = services.new_join_code(course=classroom.course)
    services.new_join_code(course=classroom.course)
    for code in (old, "", "-", "AAAA-AAAA-AAAA"):
        with pytest.raises(CourseRefused, match="No course"):
            services.join(user=classroom.olga, code=code)
    services.end_join_code(course=classroom.course)
    with pytest.raises(CourseRefused, match="No course"):
        services.join(user=classroom.olga, code="")


def test_sections_have_one_name_each_and_go_only_when_empty(classroom: Classroom) -> None:
    first = services.name_section(course=classroom.course, name="A")
    with pytest.raises(CourseRefused, match="already"):
        services.name_section(course=classroom.course, name="a")
    services.name_section(course=classroom.course, name="a", section=first)
    services.change_student(enrolment=classroom.ada, section=first, id_number="1")
    with pytest.raises(CourseRefused, match="1 student;"):
        services.delete_section(section=first)
    with pytest.raises(CourseRefused, match="somebody else"):
        services.change_student(enrolment=classroom.ben, section=None, id_number="1")
    services.change_student(enrolment=classroom.ada, section=None, id_number="")
    services.delete_section(section=first)
    assert not Section.objects.exists()


def test_a_student_goes_to_no_section_of_another_course(classroom: Classroom) -> None:
    other = courses.create_course(owner=person("una"), title="Vision")
    section = Section.objects.create(course=other, name="A")
    with pytest.raises(CourseRefused, match="another course"):
        services.change_student(enrolment=classroom.ada, section=section, id_number="")
