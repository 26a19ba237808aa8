"""Row 89: huge feedback. Success: a verdict, a line or a row grows with what a student returns."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack, patient
from tests.attacks.denial.test_86_output import MANY_CHECKS


@pytest.mark.parametrize(
    "value",
    [
        "{str(i) + '\\x01' * 50: {str(j): ['\\x02' * 400] * 12 for j in range(12)} "
        "for i in range(12)}",
        "[[[['\\U0001f600' * 400] * 12] * 12] * 12] * 12",
        "['x' * 8_000_000]",
        "type('\\x1b[31m' * 100, (), {})()",
    ],
)
def test_a_bulky_counterexample_makes_no_line_too_long(attack: Attack, value: str) -> None:
    source = f"def f(n):\n    return {value}\n"
    verdict = attack(
        source=source, checks=MANY_CHECKS, solution="def f(n):\n    return n\n", extra=patient()
    ).verdict
    assert verdict.status == "failed"


def test_tasks_take_plain_json_only() -> None:
    from gradus.celery import app

    assert list(app.conf.accept_content) == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result
