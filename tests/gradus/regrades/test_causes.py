"""Why a submission got other points the second time."""

from __future__ import annotations

from typing import Any

import pytest

from gradus.regrades.causes import Cause, why


def body(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "version": "sha256:a",
        "status": "partial",
        "checks": [
            {"id": "one", "title": "First", "points": 5.0, "max_points": 5.0},
            {"id": "two", "title": "Second", "points": 0.0, "max_points": 5.0},
        ],
        "steps": [],
        "performance": [{"id": "two", "thresholds": [[15, 1.0]]}],
        "environment": {"engine": "1", "cpu": "x", "libraries": {"numpy": "2"}},
    }
    return known | changes


OTHER_CHECKS = [
    {"id": "one", "title": "First", "points": 5.0, "max_points": 5.0},
    {"id": "two", "title": "Second", "points": 2.5, "max_points": 5.0},
    {"id": "three", "title": "Third", "points": 1.0, "max_points": 1.0},
]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"version": "sha256:b"}, Cause.CHECK),
        ({"performance": [{"id": "two", "thresholds": [[9, 1.0]]}]}, Cause.POLICY),
        ({"environment": {"engine": "2", "cpu": "x"}}, Cause.ENVIRONMENT),
        ({}, Cause.NONDETERMINISM),
        ({"version": "sha256:b", "environment": {"cpu": "y"}, "performance": []}, Cause.CHECK),
        ({"environment": {"cpu": "y"}, "performance": []}, Cause.POLICY),
    ],
)  # fmt: skip
def test_the_first_possible_cause_is_named(changes: dict[str, Any], cause: Cause) -> None:
    assert why(body(), body(**changes)).cause is cause


def test_checks_with_other_points_are_named_and_so_are_new_and_lost_ones() -> None:
    new = body(version="sha256:b", checks=OTHER_CHECKS)
    assert why(body(), new).parts == ("Second", "Third")
    assert why(new, body()).parts == ("Second", "Third")


def test_what_differs_of_the_machine_is_named() -> None:
    new = body(environment={"engine": "1", "cpu": "y", "libraries": {"numpy": "3"}})
    assert why(body(), new).differs == ("cpu", "libraries")


@pytest.mark.parametrize("old", [None, body(status="error"), body(status="invalid")])
def test_what_had_no_points_has_no_other_cause(old: dict[str, Any] | None) -> None:
    assert why(old, body(version="sha256:b")).cause is Cause.FIRST


def test_many_checks_are_cut() -> None:
    many = [
        {"id": str(n), "title": f"Check {n}", "points": 1.0, "max_points": 1.0} for n in range(99)
    ]
    assert len(why(body(), body(version="sha256:b", checks=many)).parts) == 12
