"""Which exercise is recommended next, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grader.verdict import CheckStatus
from gradus.catalog.models import Version
from gradus.submissions.models import Submission
from gradus.web.advice import Open, next_exercise
from tests.people import NOON, Classroom


def exercise(slug: str, own: int = 0, *needs: str, days: int | None = 7, place: int = 0) -> Open:
    due = None if days is None else NOON + timedelta(days=days)
    return Open(
        item_id=1, slug=slug, title=slug.upper(), kind="code", points=Decimal(10),
        own=Decimal(own), is_begun=own > 0, due_at=due, place=(place,), prerequisites=needs,
    )  # fmt: skip


def chosen(*exercises: Open) -> tuple[str, str]:
    advice = next_exercise(exercises, {one.slug: True for one in exercises if one.is_done})
    assert advice is not None
    return advice.exercise.slug, advice.reason


def test_the_nearest_deadline_comes_first_and_none_comes_last() -> None:
    never, late, soon = (
        exercise("a", days=None), exercise("b", days=9), exercise("c", days=2),
    )  # fmt: skip
    assert chosen(never, late, soon)[0] == "c"
    assert chosen(never, late)[0] == "b"


def test_what_a_goal_builds_on_comes_before_it() -> None:
    goal = exercise("c", 0, "b", days=1)
    assert chosen(goal, exercise("b", 0, "a", days=9), exercise("a", days=9)) == (
        "a", "“B” builds on it.",
    )  # fmt: skip


def test_half_of_the_points_are_enough_to_go_on() -> None:
    goal = exercise("b", 0, "a")
    assert chosen(goal, exercise("a", 4, place=9))[0] == "a"
    assert chosen(goal, exercise("a", 5, place=9))[0] == "b"


def test_what_is_not_open_is_not_asked_for() -> None:
    assert chosen(exercise("b", 0, "elsewhere"))[0] == "b"


def test_circles_end() -> None:
    assert chosen(exercise("a", 0, "b"), exercise("b", 0, "a"))[0] in ("a", "b")
    assert chosen(exercise("a", 0, "a"))[0] == "a"


def test_the_reason_is_true() -> None:
    done = exercise("a", 10)
    assert chosen(exercise("b", 0, "a", days=1), done)[1].startswith("You have done the exercise")
    assert chosen(exercise("b", days=1), exercise("c", 0, "b"))[1] == "It opens the way to “C”."
    assert chosen(exercise("b"))[1] == "It needs no other exercise before it."


def test_then_where_most_points_are_left_and_then_nothing() -> None:
    assert chosen(exercise("a", 9, days=1), exercise("b", 6))[0] == "b"
    assert next_exercise([exercise("a", 10)], {"a": True}) is None
    assert next_exercise([], {}) is None


@pytest.fixture
def overview(classroom: Classroom, client: Client, now: None) -> Callable[[], str]:
    client.force_login(classroom.ada.user)
    return lambda: client.get(reverse("web:overview")).content.decode()


def recommended(page: str) -> str:
    return page.split('id="next"')[1].split("</section>")[0] if 'id="next"' in page else ""


def test_the_overview_follows_the_manifests(
    overview: Callable[[], str], classroom: Classroom
) -> None:
    assert "Doubling" in recommended(overview())
    version = classroom.item.version
    manifest: dict[str, Any] = version.manifest | {"prerequisites": ["sum-by-hand"]}
    Version.objects.filter(pk=version.pk).update(manifest=manifest)
    assert "A sum by hand" in recommended(overview())
    assert "“Doubling” builds on it." in recommended(overview())


def test_what_has_no_attempts_left_is_not_recommended(
    overview: Callable[[], str], grade: Callable[..., Submission]
) -> None:
    grade()
    assert "Doubling" in recommended(overview())
    grade()
    assert "A sum by hand" in recommended(overview())


def test_what_is_complete_moves_from_due_to_done(
    overview: Callable[[], str], classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    from gradus.gradebook.services import record_verdict

    classroom.sheet.delete()
    made = grade(status=CheckStatus.PASSED, points=10.0, message="")
    record_verdict(made.verdicts.get().pk, now=NOON)
    page = overview()
    assert "Everything that is open is done." in page
    assert 'id="done"' in page
    assert recommended(page) == ""


def test_what_is_closed_is_done_and_not_recommended(
    overview: Callable[[], str], classroom: Classroom
) -> None:
    type(classroom.assignment).objects.update(due_at=NOON - timedelta(days=1))
    page = overview()
    assert 'id="done"' in page
    assert recommended(page) == ""
