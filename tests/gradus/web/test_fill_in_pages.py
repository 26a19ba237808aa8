"""Filling in a platform's file as an instructor does it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gradus.gradebook import services
from gradus.gradebook.models import FillInFile
from tests.people import NOON, Classroom, graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

MOODLE = b"Username,Email address,Doubling,Notes\nada,ada@example.org,,keep\nzoe,,,\n"


@pytest.fixture
def iris(classroom: Classroom, client: Client) -> Client:
    client.force_login(classroom.iris.user)
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    return client


def upload(iris: Client, classroom: Classroom, data: bytes = MOODLE, name: str = "m.csv") -> str:
    page = reverse("web:fill_in", args=[classroom.course.pk])
    answer = iris.post(page, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_upload_look_download(iris: Client, classroom: Classroom) -> None:
    page = upload(iris, classroom)
    shown = iris.get(page).content.decode()
    assert "1 score would be written" in shown
    assert "zoe" in shown  # only in the file
    assert "ben" in shown  # only in the course
    chosen = {"chosen": "1", "c2": f"item-{classroom.item.pk}"}
    answer = iris.post(page, chosen)
    assert answer.content == MOODLE.replace(b"org,,keep", b"org,5.00,keep")
    assert answer["Content-Disposition"] == 'attachment; filename="filled-m.csv"'


def test_with_no_column_chosen_nothing_is_downloaded(iris: Client, classroom: Classroom) -> None:
    answer = iris.post(upload(iris, classroom), {"chosen": "1"})
    assert answer.status_code == 422
    assert "Choose a column" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", b"PK"), ("a.csv", b"a,b\n1,2\n"), ("a.csv", b"\xff"), ("a.csv", b"")],
)
def test_a_file_that_cannot_be_used_is_refused_and_not_kept(
    iris: Client, classroom: Classroom, name: str, data: bytes
) -> None:
    page = reverse("web:fill_in", args=[classroom.course.pk])
    answer = iris.post(page, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert not FillInFile.objects.exists()


def test_the_file_of_another_is_not_there(iris: Client, classroom: Classroom) -> None:
    page = upload(iris, classroom)
    FillInFile.objects.update(uploader=classroom.tess.user)
    assert iris.get(page).status_code == 404


def test_a_hostile_name_stays_text(iris: Client, classroom: Classroom) -> None:
    page = upload(iris, classroom, name='x"><script>.csv')
    assert "<script>." not in iris.get(page).content.decode()
    answer = iris.post(page, {"chosen": "1", "c2": f"item-{classroom.item.pk}"})
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].count('"') == 2
