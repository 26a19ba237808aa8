"""An exam by page and by API: the door, and results that wait for their release."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gradus.courses import services as courses
from gradus.courses.models import Assignment
from gradus.gradebook import services
from gradus.submissions.models import Submission, Verdict
from tests.people import NOON, Classroom, claimed, graded, hand_in, verdict_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def ada(classroom: Classroom) -> Client:
    cache.clear()
    client = Client(REMOTE_ADDR="10.20.3.4")
    client.force_login(classroom.ada.user)
    return client


@pytest.fixture
def iris(classroom: Classroom) -> Client:
    client = Client(REMOTE_ADDR="8.8.8.8")
    client.force_login(classroom.iris.user)
    return client


def at(name: str, *args: int | str) -> str:
    return reverse(f"web:{name}", args=args)


def exam(classroom: Classroom, **fields: Any) -> None:
    rules: dict[str, Any] = {
        "networks": ["10.20.0.0/16"],
        "holds_feedback": True,
        "password": "abc",
    }
    assignment = Assignment.objects.select_related("course").get()
    courses.change_exam(assignment=assignment, **(rules | fields))
    classroom.item.assignment.refresh_from_db()


def test_every_way_in_leads_to_the_door(classroom: Classroom, ada: Client) -> None:
    submission = hand_in(classroom)
    exam(classroom)
    item = classroom.item.pk
    ways = [
        at("assignment", classroom.assignment.pk), at("item", item), at("item_submissions", item),
        at("submission", submission.pk), at("live", submission.pk),
        at("part", submission.pk, "solution.py"), at("changes", submission.pk),
        at("enter", classroom.assignment.pk),
    ]  # fmt: skip
    posts = [at("submit", item), at("run", item), at("console", item)]
    for elsewhere in (False, True):
        extra: Any = {"REMOTE_ADDR": "8.8.8.8"} if elsewhere else {}
        word = "You come from 8.8.8.8" if elsewhere else "opens with a password"
        for answer in (
            *(ada.get(way, **extra) for way in ways),
            *(ada.post(way, {"source": "x = 1"}, **extra) for way in posts),
        ):
            assert answer.status_code == 403
            assert word in answer.content.decode()
            assert classroom.item.version.title not in answer.content.decode()
    assert Submission.objects.count() == 1


def test_the_api_names_no_exercise_before_the_door(classroom: Classroom) -> None:
    exam(classroom)
    client = Client(headers={"authorization": f"Bearer {classroom.token(classroom.ada)}"})
    listed = client.get(f"/api/v1/courses/{classroom.course.pk}/assignments").json()
    assert listed[0]["items"] == []
    assert client.get(f"/api/v1/items/{classroom.item.pk}").status_code == 409
    sent = client.post(
        f"/api/v1/items/{classroom.item.pk}/submissions",
        {"parts": {"solution.py": "x = 1"}}, content_type="application/json",
    )  # fmt: skip
    assert sent.status_code == 409
    assert not Submission.objects.exists()


def test_a_header_of_the_client_moves_nobody_into_the_room(
    classroom: Classroom, ada: Client
) -> None:
    exam(classroom, password="")
    page = at("item", classroom.item.pk)
    spoofed = {
        "x-forwarded-for": "10.20.3.4",
        "x-real-ip": "10.20.3.4",
        "forwarded": "for=10.20.3.4",
    }
    assert ada.get(page, REMOTE_ADDR="8.8.8.8", headers=spoofed).status_code == 403
    assert ada.get(page).status_code == 200


def test_the_password_opens_it(classroom: Classroom, ada: Client) -> None:
    exam(classroom)
    door = at("enter", classroom.assignment.pk)
    wrong = ada.post(door, {"password": "x" * 10_000})
    assert wrong.status_code == 409
    assert "This is not the password of the exam." in wrong.content.decode()
    assert ada.post(door, {"password": "abc"}, follow=True).status_code == 200
    assert ada.get(at("item", classroom.item.pk)).status_code == 200


def test_results_are_told_with_the_release_and_not_before(
    classroom: Classroom, ada: Client, iris: Client
) -> None:
    exam(classroom, networks=[], password="")
    verdict = graded(classroom, 5.0)
    services.record_verdict(verdict.pk, now=NOON)
    submission = verdict.submission
    pages = [
        at("submission", submission.pk), at("assignment", classroom.assignment.pk),
        at("grades", classroom.course.pk), at("overview"), at("my_submissions"),
        at("item", classroom.item.pk), at("item_submissions", classroom.item.pk),
        at("course", classroom.course.pk),
    ]  # fmt: skip
    held = {page: ada.get(page).content.decode() for page in pages}
    for page, text in held.items():
        for word in ("5 of 10", "50.00", "why hidden_one failed", "Partly", "Check hidden_one"):
            assert word not in text, page
    assert "Results are told when the staff release them." in held[pages[0]]
    assert ada.get(at("live", submission.pk)).status_code == 286
    assert "5 of 10" in iris.get(at("submission", submission.pk)).content.decode()
    assert "5" in iris.get(at("gradebook", classroom.course.pk)).content.decode()

    iris.post(at("release", classroom.assignment.pk))
    assert "5 of 10" in ada.get(pages[0]).content.decode()
    assert "50.00" in ada.get(at("grades", classroom.course.pk)).content.decode()
    iris.post(at("release", classroom.assignment.pk), {"hold": "1"})
    assert "5 of 10" not in ada.get(pages[0]).content.decode()


def test_the_api_holds_results_too(classroom: Classroom) -> None:
    exam(classroom, networks=[], password="")
    submission = graded(classroom, 5.0).submission
    client = Client(headers={"authorization": f"Bearer {classroom.token(classroom.ada)}"})
    told = client.get(f"/api/v1/submissions/{submission.pk}").json()
    assert (told["phase"], told["is_final"]) == ("held", True)
    assert (told["verdict"], told["points"], told["progress"]) == (None, None, None)


def test_what_could_not_be_graded_is_told_at_once(classroom: Classroom, ada: Client) -> None:
    exam(classroom, networks=[], password="")
    submission = hand_in(classroom, "def broken(\n")
    from gradus.submissions import services as grading

    data = verdict_data(submission, status=Verdict.Status.INVALID)  # type: ignore[arg-type]
    grading.store_verdict(claimed(submission), data, now=NOON)
    page = ada.get(at("submission", submission.pk)).content.decode()
    assert "Results are told when" not in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"networks": "10.0.0.1/8"}, "networks"),
        ({"networks": "x" * 4001}, "networks"),
        ({"password": "p" * 201}, "password"),
    ],
)
def test_a_hostile_door_is_refused_with_the_field(
    classroom: Classroom, iris: Client, fields: dict[str, str], field: str
) -> None:
    answer = iris.post(at("exam_edit", classroom.assignment.pk), fields)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_staff_set_the_door_by_page(classroom: Classroom, iris: Client) -> None:
    address = at("exam_edit", classroom.assignment.pk)
    fields = {"networks": "10.20.0.0/16\n2001:db8::/32", "password": "abc", "holds_feedback": "1"}
    assert iris.post(address, fields).status_code == 302
    assignment = Assignment.objects.get()
    assert assignment.exam_networks == ["10.20.0.0/16", "2001:db8::/32"]
    assert assignment.is_held
    before = assignment.exam_password
    iris.post(address, {"networks": ""})
    assert Assignment.objects.get().exam_password == before
    iris.post(address, {"networks": "", "no_password": "1"})
    assert not Assignment.objects.get().has_door
