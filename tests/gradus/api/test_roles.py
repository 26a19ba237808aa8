"""Every operation of the API, by everybody."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from gradus.accounts.services import create_token
from gradus.courses.models import Assignment
from tests.gradus.api.staff import OPERATIONS
from tests.people import Classroom, graded

pytestmark = pytest.mark.django_db

EVERYBODY = ("anonymous", "olga", "ben", "ada", "otto", "tess", "iris")
MEMBERS = {
    "anonymous": 401,
    "olga": 404,
    "ben": 200,
    "ada": 200,
    "otto": 200,
    "tess": 200,
    "iris": 200,
}
ANYONE = {**MEMBERS, "olga": 200}
OWN = {**MEMBERS, "ben": 404, "otto": 404}
SUBMIT = {
    "anonymous": 401,
    "olga": 404,
    "ben": 201,
    "ada": 201,
    "otto": 403,
    "tess": 201,
    "iris": 201,
}
NO_SUCH_FIGURE = {who: 401 if who == "anonymous" else 404 for who in EVERYBODY}

EVERYONE_UNFIT = dict.fromkeys(EVERYBODY, 422)  # no token needed; this body fits no login

EXPECTED = {
    ("post", "/api/v1/login/device"): EVERYONE_UNFIT,
    ("post", "/api/v1/login/token"): EVERYONE_UNFIT,
    ("get", "/api/v1/me"): ANYONE,
    ("get", "/api/v1/courses"): ANYONE,
    ("get", "/api/v1/courses/{course_id}/assignments"): MEMBERS,
    ("get", "/api/v1/items/{item_id}"): MEMBERS,
    ("get", "/api/v1/items/{item_id}/given"): MEMBERS,
    ("get", "/api/v1/items/{item_id}/examples"): MEMBERS,
    ("get", "/api/v1/items/{item_id}/submissions"): MEMBERS,
    ("post", "/api/v1/items/{item_id}/submissions"): SUBMIT,
    ("get", "/api/v1/submissions/{submission_id}"): OWN,
    ("get", "/api/v1/submissions/{submission_id}/figures/{sha256}"): NO_SUCH_FIGURE,
}


def test_the_table_names_every_operation(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    known = {(method, path) for path, ops in schema["paths"].items() for method in ops}
    staff = {(method, f"/api/v1{path}") for method, path in OPERATIONS}
    assert known == set(EXPECTED) | staff


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("operation", EXPECTED, ids=lambda operation: " ".join(operation))
def test_answers_by_role(classroom: Classroom, operation: tuple[str, str], who: str) -> None:
    Assignment.objects.update(due_at=None)
    submission = graded(classroom).submission
    method, path = operation
    address = path.format(
        course_id=classroom.course.pk,
        item_id=classroom.item.pk,
        submission_id=submission.pk,
        sha256="a" * 64,
    )
    headers = {}
    if who != "anonymous":
        person = getattr(classroom, who)
        user = person if who == "olga" else person.user
        headers["Authorization"] = f"Bearer {create_token(user=user, name='t')[1]}"
    body = json.dumps({"parts": {"solution.py": "x = 1"}}) if method == "post" else None
    answer = Client().generic(
        method.upper(), address, body or "", content_type="application/json", headers=headers
    )
    assert answer.status_code == EXPECTED[operation][who]
