"""Row 64: call what the exercise bans, in a `try`. Success: points for the library's answer."""

from __future__ import annotations

from tests.attacks.conftest import GOOD_G, LIMITS, Attack


def test_a_banned_function_fails_even_where_its_error_is_caught(attack: Attack) -> None:
    source = f"""
import numpy as np

def f(x):
    try:
        return np.multiply(2, x)
    except BaseException:
        return 0 * x
{GOOD_G}"""
    graded = attack(source=source, extra=f'bans = ["numpy.multiply"]\n{LIMITS}')
    graded.lost_only_its_check()
