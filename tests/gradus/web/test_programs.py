from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from gradus.accounts.models import ApiToken
from gradus.accounts.services import create_token
from tests.people import Classroom, person

pytestmark = pytest.mark.django_db


def post(path: str, body: dict[str, object]) -> dict[str, object]:
    answer = Client().post(f"/api/v1{path}", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(person("ada"))
    return client


def test_from_the_code_to_the_first_call(ada: Client) -> None:
    started = post("/login/device", {"client": "gradus on laptop"})
    address = str(started["verification_uri_complete"])
    assert str(started["user_code"]) in ada.get(address).content.decode()
    page = reverse("web:allow_program")
    asked = ada.post(page, {"code": started["user_code"]}).content.decode()
    assert "gradus on laptop asks to act for you" in asked
    ada.post(page, {"code": started["user_code"], "decision": "allow"})
    redeemed = post("/login/token", {"device_code": started["device_code"]})
    assert redeemed["state"] == "allowed"
    headers = {"Authorization": f"Bearer {redeemed['token']}"}
    assert Client().get("/api/v1/me", headers=headers).json()["username"] == "ada"
    assert "gradus on laptop" in ada.get(reverse("web:tokens")).content.decode()


def test_looking_at_the_page_decides_nothing(ada: Client) -> None:
    started = post("/login/device", {"client": "x"})
    ada.get(str(started["verification_uri_complete"]), {"decision": "allow"})
    assert post("/login/token", {"device_code": started["device_code"]})["state"] == "waiting"


def test_guessing_codes_is_limited(ada: Client) -> None:
    page = reverse("web:allow_program")
    statuses = [ada.post(page, {"code": "BCDF-BCDF"}).status_code for _ in range(21)]
    assert (statuses[0], statuses[-1]) == (422, 429)


def test_beginning_logins_is_limited() -> None:
    answers = [
        Client().post("/api/v1/login/device", '{"client": "x"}', content_type="application/json")
        for _ in range(11)
    ]
    assert (answers[0].status_code, answers[-1].status_code) == (200, 429)
    assert answers[-1]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["", "<b>", "x" * 81, "a\nb", 7, None, ["x"]])
def test_a_name_that_could_mislead_is_refused(name: object) -> None:
    answer = Client().post(
        "/api/v1/login/device", json.dumps({"client": name}), content_type="application/json"
    )
    assert answer.status_code == 422


def test_a_token_is_shown_once_and_can_be_ended(ada: Client) -> None:
    page = reverse("web:tokens")
    made = ada.post(page, {"name": "nightly", "days": "30"}).content.decode()
    token = ApiToken.objects.get()
    assert f'value="{token.prefix}' in made
    assert f'value="{token.prefix}' not in ada.get(page).content.decode()
    ada.post(reverse("web:token_end", args=[token.pk]))
    assert not ApiToken.objects.exists()


def test_a_token_of_a_course_says_where_and_what(classroom: Classroom) -> None:
    iris = Client()
    iris.force_login(classroom.iris.user)
    data = {"name": "nightly", "days": "30", "course": classroom.course.pk, "rights": ["exports"]}
    page = iris.post(reverse("web:tokens"), data).content.decode()
    assert "Deep learning: exports." in page
    token = ApiToken.objects.get()
    assert (token.course_id, token.rights) == (classroom.course.pk, "exports")


@pytest.mark.parametrize("data", [{"rights": ["read"]}, {"course": "1"}, {"course": "x"}])
def test_a_course_and_rights_go_together(classroom: Classroom, data: dict[str, object]) -> None:
    if "course" in data:
        data = {"course": data["course"] if data["course"] == "x" else classroom.course.pk}
    iris = Client()
    iris.force_login(classroom.iris.user)
    answer = iris.post(reverse("web:tokens"), {"name": "n", "days": "30", **data})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_students_make_no_tokens_for_a_course(classroom: Classroom) -> None:
    ada = Client()
    ada.force_login(classroom.ada.user)
    data = {"name": "n", "days": "30", "course": classroom.course.pk, "rights": ["all"]}
    assert ada.post(reverse("web:tokens"), data).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_ends_the_token_of_another(ada: Client) -> None:
    token, _ = create_token(user=person("ben"), name="ben's")
    assert ada.post(reverse("web:token_end", args=[token.pk])).status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_fifty_tokens_are_enough(ada: Client) -> None:
    user = person("eve")
    ada.force_login(user)
    for number in range(50):
        create_token(user=user, name=str(number))
    answer = ada.post(reverse("web:tokens"), {"name": "more", "days": "30"})
    assert answer.status_code == 422
    assert "End one first" in answer.content.decode()
