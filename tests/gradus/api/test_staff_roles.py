"""Every operation for staff, by every role and every token: denied unless something allows it."""

from __future__ import annotations

from typing import Any

import pytest

from gradus.accounts.models import Right
from gradus.accounts.services import create_token
from tests.gradus.api.staff import OPERATIONS, PEOPLE, Operation, address, api, other_course
from tests.people import Classroom, graded

pytestmark = pytest.mark.django_db
NAMES = [" ".join(name) for name in OPERATIONS]
STUDENTS = {  # the others, which a token of a course may use
    ("get", "/me"): frozenset(Right),
    ("get", "/courses"): frozenset(Right),
    ("get", "/courses/{course_id}/assignments"): frozenset({Right.READ}),
    ("get", "/submissions/{submission_id}"): frozenset({Right.READ}),
    ("get", "/items/{item_id}"): None,  # personal tokens alone
    ("get", "/items/{item_id}/given"): None,
    ("get", "/items/{item_id}/submissions"): None,
}


def ask(classroom: Classroom, name: str, user: object, token: str = "") -> int:
    method, path = name.split(" ")
    operation: Operation = OPERATIONS[method, path]
    body = operation.body(classroom) if operation.body else None
    where = address(classroom, path) + operation.query
    status: int = api(user, method, where, body, token=token).status_code
    return status


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", NAMES)
def test_answers_by_role(classroom: Classroom, name: str, who: str) -> None:
    method, path = name.split(" ")
    person: Any = getattr(classroom, who, None)  # nobody, for "anonymous"
    user = getattr(person, "user", person)
    assert ask(classroom, name, user) == OPERATIONS[method, path].roles[who]


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("name", NAMES)
def test_a_token_needs_a_right_that_is_enough(
    classroom: Classroom, name: str, right: Right
) -> None:
    method, path = name.split(" ")
    operation = OPERATIONS[method, path]
    _, token = create_token(
        user=classroom.iris.user, name="t", course_id=classroom.course.pk, rights=[right]
    )
    enough = right is Right.ALL or right in operation.rights
    assert ask(classroom, name, None, token) == (operation.roles["iris"] if enough else 403)


@pytest.mark.parametrize("name", NAMES)
def test_a_token_of_another_course_finds_nothing(classroom: Classroom, name: str) -> None:
    elsewhere = other_course(classroom).pk
    _, token = create_token(
        user=classroom.iris.user, name="t", course_id=elsewhere, rights=[Right.ALL]
    )
    assert ask(classroom, name, None, token) == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_token_gives_no_more_than_the_role(classroom: Classroom, name: str) -> None:
    method, path = name.split(" ")
    _, token = create_token(
        user=classroom.tess.user, name="t", course_id=classroom.course.pk, rights=[Right.ALL]
    )
    assert ask(classroom, name, None, token) == OPERATIONS[method, path].roles["tess"]


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("name", [" ".join(name) for name in STUDENTS])
def test_what_students_use_is_closed_to_tokens_of_a_course_unless_said(
    classroom: Classroom, name: str, right: Right
) -> None:
    method, path = name.split(" ")
    submission = graded(classroom).submission
    where = path.format(
        course_id=classroom.course.pk, item_id=classroom.item.pk, submission_id=submission.pk
    )
    _, token = create_token(
        user=classroom.iris.user, name="t", course_id=classroom.course.pk, rights=[right]
    )
    enough = STUDENTS[method, path]
    allowed = enough is not None and (right is Right.ALL or right in enough)
    assert api(None, method, where, token=token).status_code == (200 if allowed else 403)


def test_a_token_of_a_course_lists_that_course_alone(classroom: Classroom) -> None:
    other_course(classroom)
    _, token = create_token(
        user=classroom.iris.user, name="t", course_id=classroom.course.pk, rights=[Right.EXPORTS]
    )
    found = api(None, "get", "/courses", token=token).json()
    assert [one["id"] for one in found] == [classroom.course.pk]


def test_a_token_cannot_read_a_submission_of_another_course(classroom: Classroom) -> None:
    submission = graded(classroom).submission
    _, token = create_token(
        user=classroom.iris.user, name="t", course_id=other_course(classroom).pk,
        rights=[Right.ALL],
    )  # fmt: skip
    assert api(None, "get", f"/submissions/{submission.pk}", token=token).status_code == 404
