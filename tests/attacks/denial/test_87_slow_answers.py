"""Row 87: half frames, byte by byte. Success: the grader waits longer than the limit."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack
from tests.attacks.forgery.stream import STREAM


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("time.sleep(60)", id="never"),
        pytest.param("os.write(3, header(Kind.RESULT, 2, 100)); time.sleep(60)", id="half a frame"),
        pytest.param(
            "os.write(3, header(Kind.RESULT, 2, 10**6))\n"
            "while True:\n    os.write(3, b'x'); time.sleep(0.01)",
            id="byte by byte",
        ),
    ],
)
def test_an_answer_that_does_not_come_in_time_is_not_waited_for(attack: Attack, body: str) -> None:
    graded = attack(body, top=STREAM)
    assert "still running after 1.5 s" in graded.lost_only_its_check("wall").message
    assert graded["attacked"].seconds < 6


ENDLESS = """
def f(x):
    while True:
        yield 1.0
"""


@pytest.mark.parametrize(
    "body",
    ["close(list(student.f(1)), [1.0])", "for one in student.f(1): close(one, 1.0)"],
    ids=["list", "loop"],
)
def test_an_iterator_without_end_runs_into_the_students_limit(attack: Attack, body: str) -> None:
    from tests.attacks.conftest import LIMITS

    checks = (
        "from grader.authoring import check, close\n\n@check('All', points=4)\n"
        f"def everything(student, reference, draw):\n    {body}\n"
    )
    extra = LIMITS.replace("job_seconds = 20.0", "job_seconds = 3.0")
    solution = "def f(x):\n    return iter([1.0])\n"
    verdict = attack(source=ENDLESS, checks=checks, solution=solution, extra=extra).verdict
    assert (verdict.status, verdict.points) == ("failed", 0.0)
