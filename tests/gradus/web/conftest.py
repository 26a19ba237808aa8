"""Clients of ada and of iris, the owner; a submission graded with the verdict a test needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from grader.verdict import CheckResult, CheckStatus, Counterexample, sum_up
from gradus.submissions import services
from gradus.submissions.models import StudentItem, Submission
from tests.people import NOON, Classroom, claimed, hand_in, prepared

FORM = {
    "fields": [
        {
            "id": "sum", "kind": "number", "label": "Sum", "latex": "a + b", "unit": "",
            "points": 3.0, "section": "Adding", "integer": False, "tolerance": 0.001,
        },
        {
            "id": "which", "kind": "single", "text": "Which *one* is $x$?", "points": 1.0,
            "options": [{"key": "aa", "text": "first"}, {"key": "bb", "text": "second"}],
        },
    ]
}  # fmt: skip


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views see noon of the classroom's day, before its deadline."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def ada(classroom: Classroom) -> Client:
    client = Client()
    client.force_login(classroom.ada.user)
    return client


@pytest.fixture
def iris(classroom: Classroom) -> Client:
    client = Client()
    client.force_login(classroom.iris.user)
    return client


@pytest.fixture
def grade(classroom: Classroom) -> Callable[..., Submission]:
    """Hand in and store a verdict whose first check has the given fields."""

    def graded(source: str = "x = 1\n", *, now: Any = NOON, **fields: Any) -> Submission:
        submission = hand_in(classroom, source, now=now)
        job = claimed(submission, now=now)
        defaults: dict[str, Any] = {
            "id": "doubles", "title": "Doubles a number", "status": CheckStatus.FAILED,
            "points": 0.0, "max_points": 10.0, "visible": True,
            "message": "double returned 3; expected 4.",
        }  # fmt: skip
        if "counterexample" in fields:
            fields["counterexample"] = Counterexample(**fields["counterexample"])
        check = CheckResult(**(defaults | fields))
        version = submission.item.version.digest
        services.store_verdict(job, sum_up("doubling", version, checks=[check]), now=now)
        return submission

    return graded


@pytest.fixture
def sheet(classroom: Classroom) -> StudentItem:
    """Ada's by-hand item with one number and one choice."""
    mine = prepared(classroom)
    StudentItem.objects.filter(pk=mine.pk).update(form=FORM)
    mine.refresh_from_db()
    return mine
