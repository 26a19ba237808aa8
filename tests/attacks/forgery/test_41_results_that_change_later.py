"""Row 41: return a view and change it later. Success: the later value counts."""

from __future__ import annotations

from tests.attacks.conftest import HEAD, Attack

CHECKS = f"""{HEAD}
@check("Attacked", points=1)
def attacked(student, reference, draw):
    first = student.f(draw.normal(3))
    student.g(draw.normal(4))
    close(first, first * 0 + 1.0)


@check("Honest", points=3)
def honest(student, reference, draw):
    x = draw.normal(4)
    close(student.g(x), reference.g(x))
"""


def test_what_crossed_once_stays_as_it_was(attack: Attack) -> None:
    source = """
import numpy as np
shared = np.zeros(3)

def f(x):
    return shared

def g(x):
    shared[:] = 1.0
    return 3 * x
"""
    graded = attack(source=source, checks=CHECKS)
    assert graded["attacked"].points == 0
