"""Whatever staff change on a page is recorded, in the transaction of the change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.catalog.models import Exercise
from gradus.courses.models import Enrolment, Role
from gradus.courses.roster.file import parse
from gradus.courses.roster.plan import make_plan
from gradus.gradebook.overrides import override
from tests.gradus.test_access import GET, POST, address, as_person, roster_upload
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db
TESTS = Path(__file__).parents[2]

Form = Callable[[Classroom], dict[str, Any]]


def plan(c: Classroom) -> dict[str, Any]:
    return {
        "title": "Changed", "weight": "1", "counting": "latest", "reveal": "full",
        "reveal_after_due": "full", "is_published": "on",
        "due_at": (NOON + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%S"),
    }  # fmt: skip


def new_plan(c: Classroom) -> dict[str, Any]:
    return {**plan(c), "due_at": "2099-03-09T12:00", "exercises": [Exercise.objects.first().pk]}  # type: ignore[union-attr]


def items(c: Classroom) -> dict[str, Any]:
    return {
        f"i{item.pk}-{name}": value
        for item in c.assignment.items.all()
        for name, value in (("points", "8"), ("max_attempts", "5"))
    }


def rules(c: Classroom) -> dict[str, Any]:
    return {
        "grace_minutes": 5, "late_days": 2, "late_percent": 10, "late_most_percent": 50,
        "late_day_bank": 0, "time_zone": "Europe/Berlin",
    }  # fmt: skip


def extension(c: Classroom) -> dict[str, Any]:
    return {
        "kind": "extension", "student": "ada", "reason": "Ill.",
        "due_at": (NOON + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip


def filled(c: Classroom) -> dict[str, Any]:
    return {"columns": "items", "chosen": "1", "c1": f"item-{c.item.pk}"}


ACTS: dict[str, tuple[Action, Form]] = {
    "web:course_new": (Action.COURSE_MADE, lambda _: {"title": "Another", "term": "Autumn"}),
    "web:course_copy": (
        Action.COURSE_COPIED,
        lambda _: {"title": "Next", "term": "", "weeks": "26", "copy": "1"},
    ),
    "web:course_rules": (Action.COURSE_RULES, rules),
    "web:groups": (Action.GROUP_SAVED, lambda _: {"name": "Labs", "weight": 2, "drop_lowest": 0}),
    "web:group": (Action.GROUP_SAVED, lambda _: {"name": "Labs", "weight": 2, "drop_lowest": 0}),
    "web:group_delete": (Action.GROUP_DELETED, lambda _: {}),
    "web:assignment_new": (Action.ASSIGNMENT_MADE, new_plan),
    "web:assignment_edit": (Action.ASSIGNMENT_CHANGED, plan),
    "web:items_edit": (Action.ITEMS_CHANGED, items),
    "web:exam_edit": (Action.EXAM_CHANGED, lambda _: {"password": "open sesame"}),
    "web:release": (Action.RESULTS_RELEASED, lambda _: {}),
    "web:allowances": (Action.EXTENSION, extension),
    "web:allowance_undo": (Action.ALLOWANCE_UNDONE, lambda _: {}),
    "web:roster_add": (Action.ROSTER_APPLIED, lambda _: {"email": "new@example.org"}),
    "web:roster_preview": (Action.ROSTER_APPLIED, lambda _: {}),
    "web:join_code": (Action.JOIN_CODE_MADE, lambda _: {}),
    "web:join_code_end": (Action.JOIN_CODE_ENDED, lambda _: {}),
    "web:student": (Action.STUDENT_CHANGED, lambda _: {"id_number": "4711"}),
    "web:student_remove": (Action.STUDENT_REMOVED, lambda _: {}),
    "web:student_return": (Action.STUDENT_RETURNED, lambda _: {}),
    "web:student_invite": (Action.PEOPLE_INVITED, lambda _: {}),
    "web:staff_add": (Action.ROLE_GIVEN, lambda _: {"person": "olga", "role": "assistant"}),
    "web:course_details": (Action.COURSE_NAMED, lambda _: {"title": "Renamed", "term": "Spring"}),
    "web:course_archive": (Action.COURSE_ARCHIVED, lambda _: {}),
    "web:sections": (Action.SECTION_SAVED, lambda _: {"name": "B"}),
    "web:section": (Action.SECTION_SAVED, lambda _: {"name": "B"}),
    "web:section_delete": (Action.SECTION_DELETED, lambda _: {}),
    "web:mark_override": (
        Action.MARK_SET, lambda _: {"points": "7", "reason": "Right.", "seen": "0"},
    ),
    "web:mark_undo": (Action.MARK_UNDONE, lambda c: {"seen": overridden(c)}),
    "web:fill_in_preview": (Action.FILE_FILLED, filled),
    "web:question": (
        Action.QUESTION_ANSWERED, lambda _: {"outcome": "kept", "answer": "It stays."},
    ),
    "web:tokens": (Action.TOKEN_MADE, lambda _: {"name": "nightly", "days": "30"}),
    "web:regrade_stop": (Action.REGRADE_STOPPED, lambda _: {}),
    "web:regrade_discard": (Action.REGRADE_DISCARDED, lambda _: {}),
    "web:regrade_take_in": (Action.REGRADE_EXTENDED, lambda _: {}),
}  # fmt: skip
BY_THEIR_OWN_TESTS = {  # what needs more than one form to get there
    "web:regrade_new": "gradus/regrades/test_applying.py",
    "web:marking_release": "gradus/gradebook/test_rubrics.py",
    "web:regrade_resume": "gradus/regrades/test_applying.py",
    "web:regrade_lower": "gradus/regrades/test_applying.py",
    "web:regrade_apply": "gradus/regrades/test_applying.py",
    "web:regrade_reverse": "gradus/regrades/test_applying.py",
    "web:rubric": "gradus/gradebook/test_rubrics.py",
    "web:paper": "gradus/gradebook/test_rubrics.py",
    "web:own_publish": "gradus/authoring/test_withdraw.py",
    "web:own_item_newest": "gradus/audit/test_record.py",
    "web:withdraw": "gradus/authoring/test_withdraw.py",
    "web:withdraw_undo": "gradus/authoring/test_withdraw.py",
    **dict.fromkeys(("web:staff_member", "web:staff_end"), "gradus/courses/test_staff.py"),
    "web:token_end": "gradus/accounts/test_tokens.py",
    "web:join": "gradus/audit/test_record.py",
}
NOTHING_TO_RECORD = {
    "web:roster_upload": "keeps a file for its preview; nothing is changed",
    "web:fill_in": "the same",
    "web:enter": "a student at the door of an exam has an entry of its own",
    "web:allow_program": "makes no token; the program fetches it, which is recorded",
    "web:preferences": "one's own",
    **dict.fromkeys(
        ("web:run", "web:submit", "web:console", "web:read_answer", "web:draft"), "own work"
    ),
    **dict.fromkeys(("web:draft_restore", "web:upload", "web:notebook"), "own work"),
    **dict.fromkeys(("web:practice_new", "web:practice_mark"), "own work"),
    **dict.fromkeys(("web:ask", "web:question_withdraw"), "a question is a row of its own"),
    **dict.fromkeys(("web:calendar_renew", "web:calendar_revoke"), "reads deadlines, no more"),
    **dict.fromkeys(
        (
            *("web:own_new", "web:own_delete", "web:own_restore", "web:own_upload"),
            *("web:own_file", "web:own_file_new", "web:own_file_delete", "web:own_file_restore"),
            *("web:own_statement", "web:own_verify", "web:own_verify_stop", "web:own_preview"),
        ),
        "a working copy reaches no student; publishing it is recorded",
    ),
}

ONE_BY_ONE = {"web:part", "web:draft_file"}  # one submission, read on a page too; one's own draft
WITHOUT_CHANGES = {  # the action itself says it all; a join code is told to nobody
    Action.COURSE_ARCHIVED, Action.JOIN_CODE_MADE, Action.JOIN_CODE_ENDED,
    Action.REGRADE_STOPPED, Action.REGRADE_DISCARDED,
}  # fmt: skip


def overridden(c: Classroom) -> int:
    """Ben's mark, set by hand; the event that somebody must have seen to take it back."""
    event = override(
        student=c.ben, item=c.item, points=c.item.points, reason="Right.", actor=c.iris.user,
        seen=0, now=NOON,
    )  # fmt: skip
    return event.pk


def test_every_form_is_in_one_of_the_tables() -> None:
    assert set(ACTS) | set(BY_THEIR_OWN_TESTS) | set(NOTHING_TO_RECORD) == set(POST)


@pytest.mark.parametrize("file", sorted(set(BY_THEIR_OWN_TESTS.values())))
def test_their_own_tests_look_at_the_record(file: str) -> None:
    assert re.search(r"audit\.models import Entry", (TESTS / file).read_text())


@pytest.mark.parametrize("name", ACTS)
def test_a_change_is_recorded_with_who_made_it(classroom: Classroom, name: str) -> None:
    classroom.iris.user.may_teach = True
    classroom.iris.user.save()
    action, form = ACTS[name]
    where = address(name, classroom)
    data = form(classroom)
    if name == "web:roster_preview":
        upload = roster_upload(classroom)
        where = reverse(name, args=[classroom.course.pk, upload.pk])
        data = {"stamp": make_plan(classroom.course, parse(upload.text)).stamp}
    if name == "web:student_return":
        Enrolment.objects.filter(role=Role.STUDENT).update(is_active=False)
    client = as_person("iris", classroom)
    before = set(Entry.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        answer = confirmed(client, where, data)
    assert answer.status_code in (200, 302), answer.content.decode()[-3000:]
    fresh = Entry.objects.exclude(pk__in=before).filter(action=action)
    assert [entry.actor for entry in fresh][:1] == [classroom.iris.user]
    assert all(entry.changes for entry in fresh) or action in WITHOUT_CHANGES
    assert_within_a_transaction([query["sql"] for query in queries])


@pytest.mark.parametrize("name", sorted(GET))
def test_what_staff_take_away_is_recorded(classroom: Classroom, name: str) -> None:
    client, where = as_person("iris", classroom), address(name, classroom)
    before = Entry.objects.count()
    answer: Any = client.get(where)
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        if answer.streaming:
            list(answer)
        assert (Entry.objects.count() > before) is (name not in ONE_BY_ONE)


def confirmed(client: Client, where: str, data: dict[str, Any]) -> HttpResponse:
    """Post a form, and again with what a page asks for that shows an effect on marks."""
    answer: Any = client.post(where, data)
    effect = answer.context.get("effect") if answer.context else None
    if effect is not None:
        answer = client.post(where, {**data, "stamp": effect.stamp, "lower": "1"})
    found: HttpResponse = answer
    return found


def assert_within_a_transaction(statements: list[str]) -> None:
    """The test itself is a transaction; what a service opens within it is a savepoint."""
    depth = 0
    for statement in statements:
        if statement.startswith("SAVEPOINT"):
            depth += 1
        elif statement.startswith("RELEASE SAVEPOINT"):
            depth -= 1
        elif statement.startswith("INSERT INTO") and "audit_entry" in statement[:40]:
            assert depth > 0, statement
