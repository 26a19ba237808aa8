"""The record of a course as its owners read it, and archives from pages."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse

from gradus.audit.acting import acting_as
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses import services as courses
from gradus.courses.models import Course, Enrolment, Role
from tests.people import NOON, Classroom, graded

pytestmark = pytest.mark.django_db
HOSTILE = ["<script>alert(1)</script>", "\u202egnp.exe", "=HYPERLINK(1)", "x" * 5_000]


def page(client: Client, classroom: Classroom, **query: str) -> str:
    answer = client.get(reverse("web:record", args=[classroom.course.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def body_of(answer: object) -> bytes:
    async def all_of() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])  # type: ignore[attr-defined]

    return async_to_sync(all_of)()


def excused(classroom: Classroom, reason: str = "Ill.") -> None:
    courses.excuse(
        assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben),
        item=None, reason=reason, actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def test_it_says_who_did_what_to_whom(iris: Client, classroom: Classroom) -> None:
    excused(classroom)
    text = page(iris, classroom, action=Action.EXCUSE)
    assert "Excuse given" in text
    assert "iris" in text
    assert "ben" in text
    assert "Ill." in text


def test_it_is_filtered_by_person_and_day(iris: Client, classroom: Classroom) -> None:
    excused(classroom)
    assert "Ill." in page(iris, classroom, person="ben")
    assert "Ill." not in page(iris, classroom, person="ada")
    assert "Ill." not in page(iris, classroom, until="2000-01-01")
    assert "Nothing fits" in page(iris, classroom, until="2000-01-01")


@pytest.mark.parametrize(
    "query",
    [{"since": "tomorrow"}, {"since": "9999-12-31"}, {"until": "0001-01-01"}, {"action": "x"},
     {"person": "\0"}, {"page": "-1"}, {"page": "9" * 30}],
)  # fmt: skip
@pytest.mark.parametrize("name", ["web:record", "web:record_file"])
def test_odd_questions_are_no_fault(
    iris: Client, classroom: Classroom, query: dict[str, str], name: str
) -> None:
    answer = iris.get(reverse(name, args=[classroom.course.pk]), query)
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_strangers_stays_text(iris: Client, classroom: Classroom, text: str) -> None:
    excused(classroom, text[:2_000])
    shown = page(iris, classroom, action=Action.EXCUSE)
    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    where = reverse("web:record_file", args=[classroom.course.pk])
    rows = list(csv.reader(io.StringIO(body_of(iris.get(where)).decode("utf-8-sig"))))
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_file_has_every_entry_and_is_recorded(iris: Client, classroom: Classroom) -> None:
    with acting_as(classroom.iris.user):
        for number in range(600):  # more than one piece
            courses.save_group(
                course=classroom.course, group=None, name=f"G{number}", weight=Decimal(1),
                drop_lowest=0,
            )  # fmt: skip
    where = reverse("web:record_file", args=[classroom.course.pk])
    rows = list(csv.DictReader(io.StringIO(body_of(iris.get(where)).decode("utf-8-sig"))))
    assert len(rows) == Entry.objects.filter(course_id=classroom.course.pk).count()
    assert len({row["about"] for row in rows if row["what"] == "group.saved"}) == 600
    assert rows[0]["what"] == Action.AUDIT_TAKEN


def test_an_instructor_who_owns_nothing_does_not_read_it(classroom: Classroom) -> None:
    courses.enrol(course=classroom.course, user=classroom.olga, role=Role.INSTRUCTOR)
    client = Client()
    client.force_login(classroom.olga)
    for name in ("web:record", "web:record_file"):
        where = reverse(name, args=[classroom.course.pk])
        assert client.get(where).status_code == 403
    assert (
        client.get(
            reverse("web:person_data", args=[classroom.course.pk, classroom.ada.pk])
        ).status_code
        == 403
    )


def test_the_archive_of_an_assignment_comes_from_its_page(
    iris: Client, classroom: Classroom
) -> None:
    graded(classroom)
    where = reverse("web:assignment_archive", args=[classroom.assignment.pk])
    assert (
        where
        in iris.get(reverse("web:assignment", args=[classroom.assignment.pk])).content.decode()
    )
    archive = zipfile.ZipFile(io.BytesIO(body_of(iris.get(where))))
    assert f"ada-{classroom.ada.pk}/doubling/001/solution.py" in archive.namelist()


def test_submissions_of_an_archived_course_can_still_be_taken_from_the_page(
    iris: Client, classroom: Classroom
) -> None:
    Course.objects.update(is_archived=True)
    page = iris.get(reverse("web:assignment", args=[classroom.assignment.pk])).content.decode()
    assert reverse("web:assignment_archive", args=[classroom.assignment.pk]) in page
    assert reverse("web:assignment_edit", args=[classroom.assignment.pk]) not in page


@pytest.mark.parametrize("who", ["ada", "tess"])
def test_who_may_not_take_submissions_is_offered_none(classroom: Classroom, who: str) -> None:
    client = Client()
    client.force_login(getattr(classroom, who).user)
    page = client.get(reverse("web:assignment", args=[classroom.assignment.pk])).content.decode()
    assert reverse("web:assignment_archive", args=[classroom.assignment.pk]) not in page


def test_staff_have_no_archive_as_students(iris: Client, classroom: Classroom) -> None:
    tess = Enrolment.objects.get(pk=classroom.tess.pk)
    where = reverse("web:person_data", args=[classroom.course.pk, tess.pk])
    assert iris.get(where).status_code == 404
