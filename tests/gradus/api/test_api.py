from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from gradus.courses.models import Assignment
from gradus.submissions.models import Job, Submission
from tests.people import NOON, Classroom, graded, hand_in, prepared

pytestmark = pytest.mark.django_db

RIGHT = {"solution.py": "def double(x):\n    return 2 * x\n"}


class Caller:
    """A program with somebody's token."""

    def __init__(self, token: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: object, **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}",
            data,
            content_type="application/json",
            headers={**self.headers, **headers},
        )


@pytest.fixture
def ada(classroom: Classroom) -> Caller:
    Assignment.objects.update(due_at=None)  # the API goes by the true time
    return Caller(classroom.token(classroom.ada))


@pytest.fixture
def address(classroom: Classroom) -> str:
    return f"/items/{classroom.item.pk}/submissions"


def test_submits_and_follows(ada: Caller, address: str) -> None:
    created = ada.post(address, {"parts": RIGHT})
    assert created.status_code == 201
    submission = created.json()
    assert (submission["attempt"], submission["phase"], submission["position"]) == (1, "queued", 1)
    found = ada.get(f"/submissions/{submission['id']}").json()
    assert found["parts"] == RIGHT
    assert found["verdict"] is None


def test_shows_the_redacted_verdict(classroom: Classroom, ada: Caller) -> None:
    Assignment.objects.update(reveal="nothing", reveal_after_due="nothing")
    submission = graded(classroom, 5).submission
    found = ada.get(f"/submissions/{submission.pk}")
    assert found.json()["points"] == 5
    assert "why hidden_one failed" not in found.content.decode()
    iris = Caller(classroom.token(classroom.iris))
    assert "why hidden_one failed" in iris.get(f"/submissions/{submission.pk}").content.decode()


def test_lists_courses_assignments_and_points(classroom: Classroom, ada: Caller) -> None:
    assert [course["role"] for course in ada.get("/courses").json()] == ["student"]
    (assignment,) = ada.get(f"/courses/{classroom.course.pk}/assignments").json()
    assert [item["exercise"] for item in assignment["items"]] == ["doubling", "sum-by-hand"]


def test_an_exercise_comes_with_statement_and_starter(classroom: Classroom, ada: Caller) -> None:
    page = ada.get(f"/items/{classroom.item.pk}").json()
    assert page["is_prepared"]
    assert page["parts"] == ["solution.py"]
    assert "def double" in page["starter"]
    assert '<span class="math">2x</span>' in page["statement_html"]


def test_numbers_are_drawn_on_the_first_look_and_shown_when_they_are_there(
    classroom: Classroom, ada: Caller
) -> None:
    assert not ada.get(f"/items/{classroom.sheet.pk}").json()["is_prepared"]
    assert Job.objects.get().student_item_id is not None
    prepared(classroom)
    page = ada.get(f"/items/{classroom.sheet.pk}").json()
    assert page["numbers"] == {"a": 3, "b": 4}
    assert "Add $3$ and $4$." in page["statement"]


def test_the_same_key_makes_one_submission(ada: Caller, address: str) -> None:
    ids = {
        ada.post(address, {"parts": RIGHT}, **{"Idempotency-Key": "k"}).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == Submission.objects.count() == 1


def is_problem(response: Any, status: int, words: str) -> bool:
    body = response.json()
    return (
        response.status_code == body["status"] == status
        and response["Content-Type"] == "application/problem+json"
        and words in body["detail"]
    )


@pytest.mark.parametrize("token", ["", "gradus_wrong", "é"])
def test_401_without_a_valid_token(address: str, token: str) -> None:
    answer = Caller(token).post(address, {"parts": RIGHT})
    assert is_problem(answer, 401, "Bearer")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.ada.user)
    assert client.get("/api/v1/courses").status_code == 401


def test_403_for_a_role_that_does_not_submit(classroom: Classroom, address: str) -> None:
    Assignment.objects.update(due_at=None)
    otto = Caller(classroom.token(classroom.otto))
    assert is_problem(otto.post(address, {"parts": RIGHT}), 403, "role")


def test_409_when_the_attempts_are_used(ada: Caller, address: str) -> None:
    for _ in range(2):
        assert ada.post(address, {"parts": RIGHT}).status_code == 201
    assert is_problem(ada.post(address, {"parts": RIGHT}), 409, "All 2 attempts")


def test_409_for_a_key_with_another_content(ada: Caller, address: str) -> None:
    ada.post(address, {"parts": RIGHT}, **{"Idempotency-Key": "k"})
    other = {"parts": {"solution.py": "x"}}
    assert is_problem(ada.post(address, other, **{"Idempotency-Key": "k"}), 409, "new key")


def test_413_for_a_part_above_the_limit(ada: Caller, address: str) -> None:
    answer = ada.post(address, {"parts": {"solution.py": "x" * (256 * 1024 + 1)}})
    assert is_problem(answer, 413, "262145 bytes; at most 262144")


def test_413_for_a_request_above_the_limit(ada: Caller, address: str) -> None:
    answer = ada.post(address, {"parts": {"solution.py": "x" * (4 << 20)}})
    assert is_problem(answer, 413, "too large")


def test_429_says_when_to_come_back(ada: Caller, address: str, settings: Settings) -> None:
    settings.MAX_PER_MINUTE = 1
    ada.post(address, {"parts": RIGHT, "mode": "run"})
    answer = ada.post(address, {"parts": RIGHT, "mode": "run"})
    assert is_problem(answer, 429, "At most 1")
    assert 1 <= int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b"null", 422),
        (b"[]", 422),
        (b'{"parts": 3}', 422),
        (b'{"parts": {"solution.py": 7}}', 422),
        (b'{"parts": {"solution.py": "x"}, "mode": "grade"}', 422),
        (b'{"parts": {"solution.py": "x"}, "points": 100}', 422),
        (b'{"parts": {}}', 422),
        (b'{"parts": {"/etc/passwd": "x"}}', 422),
        (b'{"parts": {"solution.py": "\\u0000"}}', 422),
        (b'{"parts": {"solution.py": "\\ud800"}}', 422),
        (b'{"parts": {"solution.py": NaN}}', 422),
    ],
)
def test_bad_bodies_get_a_problem_and_store_nothing(
    ada: Caller, address: str, body: bytes, status: int
) -> None:
    answer = ada.post(address, body)
    assert is_problem(answer, status, "")
    assert not Submission.objects.exists()


def test_422_names_the_field(ada: Caller, address: str) -> None:
    answer = ada.post(address, {"parts": {"solution.py": 7}})
    assert answer.json()["errors"][0]["field"] == "body.parts.solution.py"


def test_a_key_that_is_too_long_is_refused(ada: Caller, address: str) -> None:
    answer = ada.post(address, {"parts": RIGHT}, **{"Idempotency-Key": "k" * 201})
    assert is_problem(answer, 422, "200")


@pytest.mark.parametrize("number", ["999999", "99999999999999999999999", "-1", "abc"])
def test_impossible_numbers_are_not_found_or_refused(ada: Caller, number: str) -> None:
    for path in (f"/items/{number}", f"/submissions/{number}", f"/courses/{number}/assignments"):
        assert ada.get(path).status_code in (404, 422)


def test_only_figures_of_the_verdict_can_be_read(classroom: Classroom, ada: Caller) -> None:
    submission = graded(classroom, 5).submission
    assert ada.get(f"/submissions/{submission.pk}/figures/{'a' * 64}").status_code == 404
    assert ada.get(f"/submissions/{submission.pk}/figures/..%2f..%2fsecret-key").status_code in (
        404,
        422,
    )


def test_the_history_is_ones_own(classroom: Classroom, ada: Caller, address: str) -> None:
    mine = hand_in(classroom, now=NOON)
    hand_in(classroom, enrolment=classroom.ben, now=NOON)
    assert [one["id"] for one in ada.get(address).json()] == [mine.pk]


def test_the_docs_page_runs_under_the_content_policy(client: Client) -> None:
    page = client.get("/api/v1/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "http://" not in html
    assert "https://" not in html
    assert " style=" not in html


def test_every_operation_documents_its_errors(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    operations = [op for path in schema["paths"].values() for op in path.values()]
    assert len(operations) >= 8
    for operation in operations:
        assert {"401", "404", "422", "429"} <= set(operation["responses"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/nothing", 404),
        ("put", "/me", 405),
        ("delete", "/me", 405),
        ("options", "/me", 405),
    ],
)
def test_what_django_itself_refuses_is_a_problem_as_well(
    ada: Caller, method: str, path: str, status: int
) -> None:
    answer = getattr(ada.client, method)(f"/api/v1{path}", headers=ada.headers)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert ("Allow" in answer) == (status == 405)


def test_a_fault_of_ours_is_a_problem_without_its_reason(
    ada: Caller, address: str, settings: Settings
) -> None:
    settings.MAX_PER_MINUTE = "broken"
    answer = ada.post(address, {"parts": RIGHT})
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "broken" not in answer.content.decode()


@pytest.mark.parametrize("answers", ["{}", '{"sum": ""}', '{"sum": "  "}'])
def test_an_empty_sheet_costs_no_attempt(classroom: Classroom, ada: Caller, answers: str) -> None:
    prepared(classroom)
    sent = {"parts": {"answers.json": answers}}
    answer = ada.post(f"/items/{classroom.sheet.pk}/submissions", sent)
    assert answer.status_code == 422
    assert "every answer is empty" in answer.json()["detail"]
    assert not Submission.objects.exists()
