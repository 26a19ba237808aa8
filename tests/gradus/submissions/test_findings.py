"""What statistics are made from is stored with each verdict, and can be stored again."""

from __future__ import annotations

import dataclasses
import math

import pytest
from django.core.management import call_command

from grader.verdict import (
    CheckResult,
    CheckStatus,
    PerformanceResult,
    Status,
    StepResult,
    StepStatus,
    sum_up,
    to_dict,
)
from gradus.submissions import services
from gradus.submissions.findings.reading import findings_of
from gradus.submissions.models import Finding
from tests.people import NOON, Classroom, claimed, graded, hand_in, verdict_data

pytestmark = pytest.mark.django_db


def check(name: str, status: CheckStatus, **fields: object) -> CheckResult:
    got = 1.0 if status is CheckStatus.PASSED else 0.0
    whole = {"id": name, "title": name, "status": status, "points": got, "max_points": 1.0}
    return CheckResult(**(whole | fields))  # type: ignore[arg-type]


def step(name: str, status: StepStatus, mistake: str | None = None) -> StepResult:
    return StepResult(
        id=name, status=status, given="1", points=0.0, max_points=1.0, mistake=mistake
    )


def speed(name: str, value: float | None) -> PerformanceResult:
    return PerformanceResult(id=name, metric="ratio", value=value, thresholds=((2.0, 1.0),))


def rows() -> list[tuple[str, str, str, str, float | None]]:
    columns = ("kind", "name", "result", "mistake", "value")
    return list(Finding.objects.order_by("pk").values_list(*columns))


def store(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    checks = [
        check("fine", CheckStatus.PASSED),
        check("wrong_sign", CheckStatus.FAILED, mistake="The sign is turned round"),
        check("later", CheckStatus.SKIPPED),
        check("fast", CheckStatus.PASSED),
    ]
    steps = [
        step("right", StepStatus.VALUE),
        step("sum", StepStatus.WRONG, "minus"),
        step("next", StepStatus.FOLLOW_THROUGH),
    ]
    data = sum_up("doubling", submission.item.version.digest, checks=checks, steps=steps)
    data = dataclasses.replace(data, performance=(speed("fast", 3.5), speed("noisy", None)))
    services.store_verdict(claimed(submission), data, now=NOON)


def test_a_verdict_leaves_a_row_for_all_that_did_not_pass_and_for_each_measurement(
    classroom: Classroom,
) -> None:
    store(classroom)
    assert rows() == [
        ("check", "wrong_sign", "failed", "The sign is turned round", None),
        ("check", "later", "skipped", "", None),
        ("step", "sum", "failed", "minus", None),
        ("step", "next", "followed", "", None),
        ("speed", "fast", "measured", "", 3.5),
    ]
    finding = Finding.objects.first()
    assert finding is not None
    assert (finding.item_id, finding.enrolment_id) == (classroom.item.pk, classroom.ada.pk)


def test_full_marks_leave_nothing(classroom: Classroom) -> None:
    graded(classroom, 10.0)
    assert rows() == []


def test_runs_leave_nothing(classroom: Classroom) -> None:
    run = hand_in(classroom, run=True)
    services.store_verdict(claimed(run), verdict_data(run, 0.0), now=NOON)
    assert rows() == []


def test_what_was_not_scored_leaves_nothing(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    data = dataclasses.replace(verdict_data(submission, 0.0), status=Status.INVALID)
    services.store_verdict(claimed(submission), data, now=NOON)
    call_command("note_findings", verbosity=0)
    assert rows() == []


def test_the_command_restores_the_rows_and_can_be_repeated(classroom: Classroom) -> None:
    store(classroom)
    before = rows()
    Finding.objects.all().delete()
    call_command("note_findings", verbosity=0)
    call_command("note_findings", course=classroom.course.pk, verbosity=0)
    assert rows() == before


def test_measurements_that_are_no_numbers_are_left_out(classroom: Classroom) -> None:
    data = dataclasses.replace(
        sum_up("doubling", "sha256:0"), performance=(speed("a", math.inf), speed("b", math.nan))
    )
    assert list(findings_of(to_dict(data))) == []


def test_names_of_any_length_fit(classroom: Classroom) -> None:
    body = {"checks": [{"id": "x" * 300, "status": "failed", "mistake": "y" * 300}]}
    (found,) = findings_of(body)
    assert (len(found["name"]), len(found["mistake"])) == (120, 200)
