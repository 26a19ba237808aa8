"""The people's pages: from a file over its preview to a changed roster, as a teacher does it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.accounts.models import Letter, User
from gradus.courses.models import Course, Enrolment, Role, RosterUpload
from gradus.courses.roster import services
from gradus.courses.roster.file import MOST_BYTES
from tests.gradus.courses.test_roster_workbook import workbook
from tests.people import Classroom

pytestmark = pytest.mark.django_db

At = Callable[..., str]


@pytest.fixture
def at(classroom: Classroom) -> At:
    def address(page: str, *more: int) -> str:
        return reverse(f"web:{page}", args=[classroom.course.pk, *more])

    return address


def file(data: bytes | str, name: str = "roster.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())}


def stamp_of(page: str) -> str:
    return page.split('name="stamp" value="')[1].split('"')[0]


def test_a_file_is_previewed_and_then_applied(iris: Client, at: At, classroom: Classroom) -> None:
    text = "Email;First name;Last name;Section\nnew@example.org;New;Person;A\nada@example.org;;;A\n"
    preview = iris.post(at("roster_upload"), file(text), follow=True)
    page = preview.content.decode()
    assert "New accounts: 1" in page
    assert "section none → A" in page
    assert "Change the roster: 2 students" in page
    assert not User.objects.filter(email="new@example.org").exists()
    done = iris.post(preview.redirect_chain[-1][0], {"stamp": stamp_of(page)}, follow=True)
    assert "New accounts: 1. Changed: 1." in done.content.decode()
    assert classroom.course.enrolments.filter(section__name="A").count() == 2


def test_the_preview_says_which_lines_it_leaves_out(iris: Client, at: At) -> None:
    text = "email\nnew@example.org\n<b>x</b>\ntess@example.org\n"
    page = iris.post(at("roster_upload"), file(text), follow=True).content.decode()
    assert "Line 3" in page
    assert "“&lt;b&gt;x&lt;/b&gt;” is no email address" in page
    assert "Tess is assistant of this course" in page
    assert "Change the roster: 1 student, leave out 2 lines" in page


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "r.csv", "empty"),
        (b"email\n" + b"x" * MOST_BYTES, "r.csv", "at most 2 MiB"),
        (b"PK\x03\x04", "r.xlsx", "cannot be unpacked"),
        (b"\xd0\xcf\x11\xe0", "r.xls", "cannot be read"),
        (b"\xd0\xcf\x11\xe0", "r.xlsx", "with a password"),
        (b"email\nRen\xe9\n", "r.csv", "Line 2: byte 0xe9"),
        (b"email\na\0\n", "r.csv", "Line 2 holds a null"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    iris: Client, at: At, data: bytes, name: str, message: str
) -> None:
    answer = iris.post(at("roster_upload"), file(data, name))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_a_workbook_is_previewed_and_applied_as_a_csv(
    iris: Client, at: At, classroom: Classroom
) -> None:
    upload = file(workbook(["new@example.org", 40021, "A"]), "r.xlsx")
    preview = iris.post(at("roster_upload"), upload, follow=True).content.decode()
    assert "new@example.org" in preview
    upload_id = RosterUpload.objects.get().pk
    iris.post(at("roster_preview", upload_id), {"stamp": stamp_of(preview)})
    found = Enrolment.objects.get(course=classroom.course, user__email="new@example.org")
    assert found.id_number == "40021"


def test_a_preview_that_is_out_of_date_is_shown_again(
    iris: Client, at: At, classroom: Classroom
) -> None:
    preview = iris.post(at("roster_upload"), file("email\nolga@example.org\n"), follow=True)
    stamp = stamp_of(preview.content.decode())
    Enrolment.objects.create(course=classroom.course, user=classroom.olga, role=Role.STUDENT)
    answer = iris.post(preview.redirect_chain[-1][0], {"stamp": stamp})
    assert answer.status_code == 409
    assert "The roster changed while you looked" in answer.content.decode()


def test_a_preview_belongs_to_who_uploaded_it(iris: Client, at: At, classroom: Classroom) -> None:
    iris.post(at("roster_upload"), file("email\nolga@example.org\n"))
    upload = RosterUpload.objects.get()
    Enrolment.objects.filter(pk=classroom.tess.pk).update(role=Role.INSTRUCTOR)
    other = Client()
    other.force_login(classroom.tess.user)
    assert other.get(at("roster_preview", upload.pk)).status_code == 404


def test_a_student_is_added_by_hand(iris: Client, at: At) -> None:
    answer = iris.post(at("roster_add"), {"email": "new@example.org", "section": "B"}, follow=True)
    page = answer.content.decode()
    assert "new@example.org is in the course with a new account." in page
    refused = iris.post(at("roster_add"), {"email": "new@example.org", "first_name": "=1"})
    assert "which a spreadsheet would run" in refused.content.decode()


def test_a_removed_student_cannot_open_the_course_and_may_come_back(
    iris: Client, at: At, classroom: Classroom
) -> None:
    page = iris.post(at("student_remove", classroom.ada.pk), follow=True).content.decode()
    assert "All records are kept" in page
    ada = Client()
    ada.force_login(classroom.ada.user)
    assert ada.get(at("course")).status_code == 404
    iris.post(at("student_return", classroom.ada.pk))
    assert ada.get(at("course")).status_code == 200


@pytest.mark.parametrize("page", ["student", "student_remove", "student_return"])
def test_staff_and_students_elsewhere_are_not_changed_here(
    iris: Client, at: At, classroom: Classroom, page: str
) -> None:
    elsewhere = Enrolment.objects.create(
        course=Course.objects.create(title="Other"), user=classroom.olga, role=Role.STUDENT
    )
    for enrolment in (classroom.tess, elsewhere):
        assert iris.post(at(page, enrolment.pk)).status_code == 404


def test_a_join_code_is_shown_replaced_and_switched_off(
    iris: Client, at: At, classroom: Classroom
) -> None:
    page = iris.post(at("join_code"), follow=True).content.decode()
    code = services.shown_code(Course.objects.get(pk=classroom.course.pk).join_code)
    assert code in page
    olga = Client()
    olga.force_login(classroom.olga)
    form = olga.get(reverse("web:join"), {"code": code}).content.decode()
    assert f'value="{code}"' in form
    joined = olga.post(reverse("web:join"), {"code": code}, follow=True)
    assert joined.redirect_chain[-1][0] == at("course")
    assert code not in iris.post(at("join_code_end"), follow=True).content.decode()


def test_the_roster_is_filtered_by_section(iris: Client, at: At, classroom: Classroom) -> None:
    section = services.name_section(course=classroom.course, name="A")
    services.change_student(enrolment=classroom.ada, section=section, id_number="")
    only = iris.get(at("roster"), {"section": section.pk}).content.decode()
    assert ("ada@example.org" in only, "ben@example.org" in only) == (True, False)
    without = iris.get(at("roster"), {"section": "none"}).content.decode()
    assert ("ada@example.org" in without, "ben@example.org" in without) == (False, True)


def test_names_of_strangers_are_escaped(iris: Client, at: At, classroom: Classroom) -> None:
    User.objects.filter(pk=classroom.ada.user_id).update(first_name="<script>", last_name="\u202e")
    page = iris.get(at("roster")).content.decode()
    assert "<script>\u202e" not in page
    assert "&lt;script&gt; [U+202E]" in page


def test_more_students_cost_no_more_queries(iris: Client, at: At, classroom: Classroom) -> None:
    counts = []
    for turn in "ab":
        with CaptureQueriesContext(connection) as seen:
            iris.get(at("roster"))
        counts.append(len(seen))
        for k in range(8):
            user = User.objects.create_user(f"{turn}{k}", f"{turn}{k}@example.org")
            Enrolment.objects.create(course=classroom.course, user=user, role=Role.STUDENT)
    assert counts[0] == counts[1]


def test_a_preview_offers_to_write_to_who_is_new_and_does(iris: Client, at: At) -> None:
    text = "email\nnew@example.org\nolga@example.org\nada@example.org\n"
    preview = iris.post(at("roster_upload"), file(text), follow=True)
    page = preview.content.decode()
    assert 'name="invite" value="1" checked' in page
    ticked = {"stamp": stamp_of(page), "invite": "1"}
    done = iris.post(preview.redirect_chain[-1][0], ticked, follow=True).content.decode()
    assert "Invitations on their way: 2." in done
    assert {letter.user.email for letter in Letter.objects.all()} == {
        "new@example.org", "olga@example.org",
    }  # fmt: skip


def test_a_preview_without_the_tick_writes_to_nobody(iris: Client, at: At) -> None:
    preview = iris.post(at("roster_upload"), file("email\nolga@example.org\n"), follow=True)
    stamp = stamp_of(preview.content.decode())
    done = iris.post(preview.redirect_chain[-1][0], {"stamp": stamp}, follow=True)
    assert "Invitations" not in done.content.decode()
    assert not Letter.objects.exists()


def test_a_preview_that_is_shown_again_keeps_the_tick_as_it_was(iris: Client, at: At) -> None:
    preview = iris.post(at("roster_upload"), file("email\nolga@example.org\n"), follow=True)
    where = preview.redirect_chain[-1][0]
    assert "checked" in iris.post(where, {"stamp": "old", "invite": "1"}).content.decode()
    assert "checked" not in iris.post(where, {"stamp": "old"}).content.decode()


def test_a_preview_with_nobody_new_offers_no_letter(iris: Client, at: At) -> None:
    text = "email,section\nada@example.org,A\n"
    preview = iris.post(at("roster_upload"), file(text), follow=True)
    assert 'name="invite"' not in preview.content.decode()


def test_who_is_added_by_hand_is_written_to_where_it_is_ticked(iris: Client, at: At) -> None:
    assert 'name="invite"' in iris.get(at("roster_add")).content.decode()
    for name, tick in (("told", {"invite": "on"}), ("untold", {})):
        data = {"email": f"{name}@example.org", **tick}
        page = iris.post(at("roster_add"), data, follow=True).content.decode()
        assert ("An invitation is on its way." in page) == bool(tick)
    assert [letter.user.email for letter in Letter.objects.all()] == ["told@example.org"]


def test_the_list_says_who_has_never_logged_in(iris: Client, at: At, classroom: Classroom) -> None:
    assert iris.get(at("roster")).content.decode().count("not yet logged in") == 2
    Client().force_login(classroom.ada.user)
    assert iris.get(at("roster")).content.decode().count("not yet logged in") == 1


def test_an_invitation_is_sent_again_once_in_ten_minutes(
    iris: Client, at: At, classroom: Classroom
) -> None:
    assert "Send an invitation" in iris.get(at("student", classroom.ada.pk)).content.decode()
    where = at("student_invite", classroom.ada.pk)
    first = iris.post(where, follow=True).content.decode()
    assert f"An invitation to {classroom.ada.user.shown_name} is on its way." in first
    assert "Send the invitation again" in first
    assert "less than 10 minutes ago" in iris.post(where, follow=True).content.decode()
    assert Letter.objects.count() == 1


def test_no_button_invites_who_has_logged_in_was_removed_or_gets_no_mail(
    iris: Client, at: At, classroom: Classroom
) -> None:
    where = at("student_invite", classroom.ada.pk)

    def has_button() -> bool:
        return where in iris.get(at("student", classroom.ada.pk)).content.decode()

    assert has_button()
    User.objects.filter(pk=classroom.ada.user_id).update(wants_mail=False)
    assert not has_button()
    assert "No invitation can be sent" in iris.get(at("student", classroom.ada.pk)).content.decode()
    User.objects.filter(pk=classroom.ada.user_id).update(wants_mail=True)
    Enrolment.objects.filter(pk=classroom.ada.pk).update(is_active=False)
    assert not has_button()
    Enrolment.objects.filter(pk=classroom.ada.pk).update(is_active=True)
    Client().force_login(classroom.ada.user)
    assert not has_button()
    assert "has logged in already" in iris.post(where, follow=True).content.decode()


def test_an_invitation_opens_the_page_for_a_password_with_the_address_in_it(
    iris: Client, at: At, mailoutbox: list[EmailMessage]
) -> None:
    iris.post(at("roster_add"), {"email": "new+a@example.org", "invite": "on"})
    page = Client().get(Letter.objects.get().path).content.decode()
    assert 'value="new+a@example.org"' in page
    Client().post(reverse("account_reset_password"), {"email": "new+a@example.org"})
    assert [mail.to for mail in mailoutbox] == [["new+a@example.org"]]


@pytest.mark.parametrize(
    ("email", "value"),
    [
        ('"><script>alert(1)</script>', "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\u202ea@b\0", "[U+202E]a@b\u2400"),
        ("x" * 5000, "x" * 254),
        ("{{ request }}", "{{ request }}"),
    ],
)
def test_a_hostile_address_in_a_link_is_only_text(email: str, value: str) -> None:
    page = Client().get(reverse("account_reset_password"), {"email": email}).content.decode()
    assert f'value="{value}"' in page


def test_a_wrong_address_is_shown_again_with_the_reason() -> None:
    answer = Client().post(reverse("account_reset_password"), {"email": "<b>"})
    page = answer.content.decode()
    assert 'value="&lt;b&gt;"' in page
    assert 'id="e-email"' in page


def test_the_owner_of_a_new_account_sets_a_password_by_mail(
    iris: Client, at: At, mailoutbox: list[EmailMessage]
) -> None:
    iris.post(at("roster_add"), {"email": "new@example.org"})
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": "new@example.org"})
    (link,) = re.findall(r"http://testserver(\S+)", str(mailoutbox[0].body))[:1]
    form = stranger.get(link, follow=True).redirect_chain[-1][0]
    words = "a long enough phrase"
    stranger.post(form, {"password1": words, "password2": words})
    login = {"login": "new@example.org", "password": words}
    assert Client().post(reverse("account_login"), login).status_code == 302
