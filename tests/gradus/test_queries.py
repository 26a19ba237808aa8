"""No page asks the database more often because there is more in it. Every address is walked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gradus.accounts.services import create_token
from gradus.authoring import scaffold
from gradus.authoring import services as authoring
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Item, Role, Section
from gradus.gradebook import services as gradebook
from gradus.questions import services as questions
from gradus.submissions.models import Draft, DraftState
from tests.gradus.test_access import (
    GET,
    OK,
    address_of,
    as_person,
    excuse,
    fill_in_file,
    places,
    roster_upload,
)
from tests.people import NOON, Classroom, graded, hand_in, person, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=6))


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("who", ["ada", "tess", "iris"])
def test_more_rows_cost_no_page_more_queries(classroom: Classroom, who: str) -> None:
    Item.objects.update(max_attempts=None)
    classroom.item.max_attempts = None
    Assignment.objects.update(due_at=None)
    names = [name for name, statuses in GET.items() if statuses[who] == OK]
    known = places("web:paper", classroom)
    filled = known | {"upload_id": fill_in_file(classroom).pk}
    pages = {name: address_of(name, filled if "fill_in" in name else known) for name in names}
    more(classroom, "a")
    client = as_person(who, classroom)
    before = {name: queries(client, at) for name, at in pages.items()}
    more(classroom, "b")
    more(classroom, "c")
    after = {name: queries(client, at) for name, at in pages.items()}
    assert after == before


def queries(client: Client, at: str) -> int:
    assert client.get(at).status_code == OK  # what is remembered is remembered now
    with CaptureQueriesContext(connection) as seen:
        client.get(at)
    return len(seen)


def more(classroom: Classroom, turn: str) -> None:
    """One more of everything: people, sheets, courses, submissions, and what is said of them."""
    hour = timedelta(hours="abc".index(turn) + 1)
    course = classroom.course
    section = Section.objects.create(course=course, name=f"Section {turn}")
    student = courses.enrol(
        course=course, user=person(f"student-{turn}"), role=Role.STUDENT, section=section
    )
    courses.enrol(course=course, user=person(f"staff-{turn}"), role=Role.ASSISTANT)
    for enrolment in (classroom.ada, student):
        for minutes in (0, 20):
            verdict = graded(
                classroom, 5.0, enrolment=enrolment, now=NOON + hour + timedelta(minutes=minutes)
            )
            gradebook.record_verdict(verdict.pk, now=NOON + hour)
        questions.ask(
            submission=verdict.submission, kind="regrade", check_id="", reason="It is right.",
            now=NOON + hour,
        )  # fmt: skip
        hand_in(classroom, f"x = '{turn}'", enrolment=enrolment, run=True, now=NOON + hour)
        draft, _ = Draft.objects.get_or_create(enrolment=enrolment, item=classroom.item, parts={})
        DraftState.objects.create(
            draft=draft, parts={"solution.py": turn}, why="typed", size_bytes=1, saved_at=NOON
        )
    prepared(classroom, student)
    excuse(classroom)
    roster_upload(classroom)
    fill_in_file(classroom)
    create_token(user=classroom.ada.user, name=turn)
    create_token(user=classroom.iris.user, name=turn)
    _another_sheet(classroom, turn)
    _another_course(classroom, turn)
    _another_exercise(classroom, turn)


def _another_exercise(classroom: Classroom, turn: str) -> None:
    """Of the course, with a verification that waits."""
    actor = classroom.iris.user
    made = authoring.create(
        course=classroom.course, slug=f"own-{turn}", actor=actor, now=NOON,
        files=scaffold.files("code", f"own-{turn}", f"Own {turn}"),
    )  # fmt: skip
    authoring.verify(copy=made, seeds=5, actor=actor, now=NOON)


def _another_sheet(classroom: Classroom, turn: str) -> None:
    course = classroom.course
    group = courses.save_group(
        course=course, group=None, name=f"Group {turn}", weight=Decimal(1), drop_lowest=0
    )
    exercises = [classroom.item.exercise, classroom.sheet.exercise]
    plan = courses.Plan(title=f"Sheet {turn}", due_at=NOON + timedelta(days=3), group=group)
    sheet = courses.create_assignment(course=course, plan=plan, exercises=exercises)
    courses.extend(
        assignment=sheet, target=courses.Target(enrolment=classroom.ada),
        due_at=NOON + timedelta(days=4), reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def _another_course(classroom: Classroom, turn: str) -> None:
    course = courses.create_course(owner=classroom.iris.user, title=f"Course {turn}")
    for one in (classroom.ada, classroom.tess):
        courses.enrol(course=course, user=one.user, role=one.role)
    courses.create_assignment(
        course=course, plan=courses.Plan(title="First"), exercises=[classroom.item.exercise]
    )
