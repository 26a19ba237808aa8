"""Every operation of the API for staff: which roles, which rights, and a body that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client

from gradus.accounts.models import Right
from gradus.accounts.services import create_token
from gradus.courses import services as courses
from gradus.courses.models import Course
from gradus.courses.roster import services as roster
from tests.people import NOON, Classroom, graded

PEOPLE = ("anonymous", "olga", "ben", "ada", "otto", "tess", "iris")


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(PEOPLE, statuses, strict=True))


STAFF = row(401, 404, 403, 403, 403, 200, 200)
TEACHERS = row(401, 404, 403, 403, 403, 403, 200)


@dataclass(frozen=True, slots=True)
class Operation:
    roles: dict[str, int]
    rights: frozenset[Right]  # each is enough, beside `all`
    body: Callable[[Classroom], dict[str, Any]] | None = None
    query: str = ""


def _op(
    roles: dict[str, int],
    *rights: Right,
    body: Callable[[Classroom], dict[str, Any]] | None = None,
    query: str = "",
) -> Operation:
    return Operation(roles, frozenset(rights), body, query)


def version(classroom: Classroom) -> str:
    """Of the assignment, as its owner reads it."""
    answer = api(classroom.iris.user, "get", f"/assignments/{classroom.assignment.pk}")
    found: str = answer.json()["version"]
    return found


def items_body(classroom: Classroom) -> dict[str, Any]:
    return {"version": version(classroom), "items": {str(classroom.item.pk): {"points": "12"}}}


OVERRIDE = {"points": "7.5", "reason": "Right by other means.", "seen": 0}
_MARK = "/courses/{course_id}/marks/{enrolment_id}/{item_id}"
_SECTIONS = "/courses/{course_id}/sections"
_GROUPS = "/courses/{course_id}/groups"
_EXAM = "/assignments/{assignment_id}/exam"
_ALLOWANCES = "/assignments/{assignment_id}/extensions"

OPERATIONS = {
    ("get", "/courses/{course_id}/roster"): _op(STAFF, Right.READ, Right.ROSTER),
    ("post", "/courses/{course_id}/roster"): _op(
        TEACHERS, Right.ROSTER, body=lambda _: {"students": [{"email": "new@example.org"}]}
    ),
    ("patch", "/courses/{course_id}/roster/{enrolment_id}"): _op(
        TEACHERS, Right.ROSTER, body=lambda _: {"id_number": "4711"}
    ),
    ("delete", "/courses/{course_id}/roster/{enrolment_id}"): _op(TEACHERS, Right.ROSTER),
    ("get", _SECTIONS): _op(STAFF, Right.READ, Right.ROSTER),
    ("post", _SECTIONS): _op({**TEACHERS, "iris": 201}, Right.ROSTER, body=lambda _: {"name": "B"}),
    ("patch", f"{_SECTIONS}/{{section_id}}"): _op(
        TEACHERS, Right.ROSTER, body=lambda _: {"name": "B"}
    ),
    ("delete", f"{_SECTIONS}/{{section_id}}"): _op(TEACHERS, Right.ROSTER),
    ("get", "/courses/{course_id}/rules"): _op(STAFF, Right.READ),
    ("patch", "/courses/{course_id}/rules"): _op(
        TEACHERS, body=lambda _: {"changes": {"late_days": 2}}
    ),
    ("get", _GROUPS): _op(STAFF, Right.READ),
    ("post", _GROUPS): _op(TEACHERS, body=lambda _: {"name": "Projects"}),
    ("patch", f"{_GROUPS}/{{group_id}}"): _op(
        TEACHERS, body=lambda _: {"changes": {"drop_lowest": 1}}
    ),
    ("delete", f"{_GROUPS}/{{group_id}}"): _op(TEACHERS),
    ("get", _EXAM): _op(STAFF, Right.READ),
    ("patch", _EXAM): _op(TEACHERS, body=lambda _: {"password": "sesame"}),
    ("put", "/assignments/{assignment_id}/results"): _op(
        TEACHERS, body=lambda _: {"is_released": True}
    ),
    ("post", "/courses/{course_id}/assignments"): _op(
        {**TEACHERS, "iris": 201}, body=lambda _: {"title": "More", "exercises": ["doubling"]}
    ),
    ("get", "/assignments/{assignment_id}"): _op(STAFF, Right.READ),
    ("patch", "/assignments/{assignment_id}"): _op(
        TEACHERS, body=lambda c: {"version": version(c), "changes": {"title": "Other"}}
    ),
    ("patch", "/assignments/{assignment_id}/items"): _op(TEACHERS, body=items_body),
    ("get", _ALLOWANCES): _op(STAFF, Right.READ, Right.MARKS),
    ("post", _ALLOWANCES): _op(
        TEACHERS,
        Right.MARKS,
        body=lambda c: {"kind": "excuse", "enrolment": c.ben.pk, "reason": "Ill."},
    ),
    ("post", _ALLOWANCES + "/{allowance_id}/undo"): _op(
        TEACHERS, Right.MARKS, body=lambda _: {"allow_lower": True}
    ),
    ("get", "/courses/{course_id}/marks"): _op(STAFF, Right.READ, Right.MARKS),
    ("get", _MARK): _op(STAFF, Right.READ, Right.MARKS),
    ("put", _MARK): _op(TEACHERS, Right.MARKS, body=lambda _: OVERRIDE),
    ("delete", _MARK): _op({**TEACHERS, "iris": 409}, Right.MARKS, query="?seen=0"),  # none is set
    ("get", "/courses/{course_id}/submissions"): _op(STAFF, Right.READ),
    ("get", "/courses/{course_id}/exports/{form}"): _op(TEACHERS, Right.EXPORTS),
    ("get", "/assignments/{assignment_id}/submissions.zip"): _op(TEACHERS, Right.EXPORTS),
    ("get", "/courses/{course_id}/students/{enrolment_id}/data.zip"): _op(TEACHERS, Right.EXPORTS),
    ("get", "/courses/{course_id}/record"): _op(TEACHERS),
}


def address(classroom: Classroom, path: str) -> str:
    allowance_id = 0
    if "allowance_id" in path:
        allowance_id = courses.excuse(
            assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben),
            item=None, reason="Ill.", actor=classroom.iris.user, now=NOON,
        ).pk  # fmt: skip
    section_id = group_id = 0
    if "section_id" in path:
        section_id = roster.name_section(course=classroom.course, name="A").pk
    if "group_id" in path:
        group_id = courses.save_group(
            course=classroom.course, group=None, name="Sheets", weight=Decimal(1), drop_lowest=0
        ).pk
    if path.endswith("submissions.zip"):
        graded(classroom)
    return path.format(
        course_id=classroom.course.pk,
        assignment_id=classroom.assignment.pk,
        enrolment_id=classroom.ben.pk,
        item_id=classroom.item.pk,
        allowance_id=allowance_id,
        section_id=section_id,
        group_id=group_id,
        form="plain",
    )


def api(user: Any, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
    """Ask as a person, with a personal token unless another is given."""
    if user is not None and not token:
        token = create_token(user=user, name="test")[1]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    ask = getattr(Client(headers=headers), method)
    if body is None:
        return ask(f"/api/v1{path}")
    return ask(f"/api/v1{path}", body, content_type="application/json")


def other_course(classroom: Classroom) -> Course:
    return courses.create_course(owner=classroom.iris.user, title="Another")
