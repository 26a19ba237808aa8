"""When a device may be leased, and when it must rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grader.gpu import health
from tests.grader.gpu.simulated import IDLE

MIB = 1024**2


def test_a_device_as_it_was_is_in_order() -> None:
    assert health.unfit(IDLE) is None
    assert health.came_back(IDLE, IDLE) is None
    assert health.came_back(IDLE, replace(IDLE, used_bytes=0)) is None


def test_a_process_of_others_is_named_and_is_no_fault() -> None:
    used = replace(IDLE, processes={41: None, 7: 5})
    assert "7, 41" in health.occupied(used)
    assert health.unfit(used) is None


@pytest.mark.parametrize(
    ("changes", "says", "lasting"),
    [
        ({"used_bytes": IDLE.used_bytes + 65 * MIB}, "65 MiB of its memory", False),
        ({"processes": {9: 1}}, "Processes stayed on it after the job: 9", False),
        ({"uncorrected_errors": 2}, "2 errors of its memory", True),
        ({"needs_reset": True}, "wait for a reset", True),
    ],
)
def test_what_did_not_come_back_is_a_fault(
    changes: dict[str, Any], says: str, lasting: bool
) -> None:
    fault = health.came_back(IDLE, replace(IDLE, **changes))
    assert fault is not None
    assert says in fault.reason
    assert fault.lasting is lasting


def test_a_little_memory_may_stay() -> None:
    after = replace(IDLE, used_bytes=IDLE.used_bytes + 64 * MIB)
    assert health.came_back(IDLE, after) is None


def test_errors_that_nobody_counts_prove_nothing() -> None:
    uncounted = replace(IDLE, uncorrected_errors=None)
    assert health.came_back(uncounted, replace(IDLE, uncorrected_errors=3)) is None


@pytest.mark.parametrize("number", [13, 31, 43, 45])
def test_what_a_program_can_cause_takes_no_device_away(number: int) -> None:
    assert health.of_events([number, number]) is None


@pytest.mark.parametrize("number", [48, 63, 74, 79, 94, 119, 999])
def test_every_other_fault_lasts_until_an_operator_looked(number: int) -> None:
    fault = health.of_events([31, number])
    assert fault is not None
    assert fault.lasting
    assert str(number) in fault.reason
    assert "31" not in fault.reason.replace(str(number), "")
