"""What statistics count after a run: replaced findings stay replaced, and come back with it."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from gradus.catalog.models import Version
from gradus.submissions.models import Finding
from tests.gradus.regrades.conftest import Desk

pytestmark = pytest.mark.django_db


def test_statistics_follow_the_verdict_that_counts(desk: Desk) -> None:
    sent = desk.graded(5)
    first = sent.verdicts.get()
    run = desk.start()
    desk.grade(run, 10)
    assert Finding.objects.get().verdict == first
    desk.apply(run)
    assert not Finding.objects.exists()  # nothing fails any more
    call_command("note_findings", verbosity=0)
    assert not Finding.objects.exists()  # what was replaced stays replaced
    desk.reverse(run)
    assert Finding.objects.get().verdict == first


def findings() -> list[tuple[int, str]]:
    return list(Finding.objects.order_by("verdict", "pk").values_list("verdict", "name"))


def test_taking_a_run_back_restores_what_correctness_and_speed_found(desk: Desk) -> None:
    Version.objects.update(has_gpu_part=True)
    sent = desk.sent_with_speed(5)
    correctness, speed = sent.verdicts.order_by("pk")
    before = findings()
    assert before == [(correctness.pk, "sum"), (speed.pk, "hidden_one")]
    run = desk.start()
    desk.grade_correctness(1)
    desk.grade_speed(10)
    desk.apply(run)
    assert [name for _, name in findings()] == ["sum"]
    desk.reverse(run)
    assert findings() == before


def test_what_correctness_and_speed_found_stays_replaced_by_a_run_without_speed(
    desk: Desk,
) -> None:
    Version.objects.update(has_gpu_part=True)
    desk.sent_with_speed(5)
    Version.objects.update(has_gpu_part=False)
    run = desk.start()
    desk.grade(run, 8)
    desk.apply(run)
    replaced = findings()
    assert [name for _, name in replaced] == ["hidden_one"]
    call_command("note_findings", verbosity=0)
    assert findings() == replaced


def test_what_was_found_in_one_job_stays_replaced_by_a_run_with_speed(desk: Desk) -> None:
    desk.graded(5)
    Version.objects.update(has_gpu_part=True)
    run = desk.start()
    desk.grade_correctness(1)
    desk.grade_speed(8)
    desk.apply(run)
    replaced = findings()
    assert [name for _, name in replaced] == ["sum", "hidden_one"]
    call_command("note_findings", verbosity=0)
    assert findings() == replaced
