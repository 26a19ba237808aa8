"""Row 38: huge, negative or overflowing sizes. Success: memory of ours, or a dead checker."""

from __future__ import annotations

import resource

import pytest

from tests.attacks.conftest import Attack
from tests.attacks.forgery.stream import STREAM


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.write(3, header(Kind.RESULT, 2, 2**63))", id="announces 8 EiB"),
        pytest.param("os.write(3, header(Kind.RESULT, 2, 2**32) + b'x')", id="announces 4 GiB"),
        pytest.param("raw(b'A' + b'\\xff' * 40)", id="an array of nonsense"),
        pytest.param("claim((2**62, 4))", id="overflowing shape"),
        pytest.param("claim((2**40,))", id="a terabyte"),
        pytest.param("claim((1, 2, 3))", id="more than was sent"),
    ],
)
def test_a_size_that_cannot_be_is_refused_before_any_memory(attack: Attack, body: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    attack(f"{body}\nreturn 2 * x", top=STREAM).lost_only_its_check("frame")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # KiB


@pytest.mark.parametrize("count", [300_000])
def test_a_result_of_too_many_values_fails_with_the_number(attack: Attack, count: int) -> None:
    limits = "[limits]\nmemory_mib = 512\n"
    failed = attack(f"return [0.0] * {count}", extra=limits).lost_only_its_check()
    assert "more than 250000 values cannot be sent" in failed.message
