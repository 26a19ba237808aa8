"""Row 22: exceptions that escape `except Exception`. Success would be a skipped comparison."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize(
    "error",
    ["KeyboardInterrupt", "GeneratorExit", "SystemExit(0)", "BaseException", "StopIteration"],
)
def test_an_exception_of_any_kind_fails_its_check_by_name(attack: Attack, error: str) -> None:
    failed = attack(f"raise {error}").lost_only_its_check()
    assert failed.message.startswith(f"f raised {error.partition('(')[0]}")


def test_an_endless_recursion_is_an_exception_like_others(attack: Attack) -> None:
    assert "RecursionError" in attack("return f(x)").lost_only_its_check().message
