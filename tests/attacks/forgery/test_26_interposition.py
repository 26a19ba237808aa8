"""Row 26: interpose on the stream. Success would be a changed result, or a hung grader."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack
from tests.attacks.forgery.stream import STREAM


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.close(3)", id="closed"),
        pytest.param("socket.socket(fileno=3).shutdown(socket.SHUT_RDWR)", id="shut down"),
        pytest.param("os.dup2(1, 3)", id="replaced by the output"),
        pytest.param("os.dup2(0, 3)", id="replaced by nothing"),
        pytest.param("socket.socketpair()[0].detach(); os.dup2(4, 3)", id="replaced by another"),
    ],
)
def test_an_end_of_the_stream_is_an_end_of_the_session(attack: Attack, body: str) -> None:
    attack(f"{body}\nreturn 2 * x", top=STREAM).lost_only_its_check("died")


def test_printing_into_the_stream_is_no_frame(attack: Attack) -> None:
    body = 'sys.stdout.flush(); os.dup2(3, 1); print(\'{"status": "passed"}\')\nreturn 2 * x'
    attack(body, top=STREAM).lost_only_its_check("frame")


def test_a_thread_that_writes_along_costs_its_own_session_only(attack: Attack) -> None:
    body = """
def flood():
    while True:
        os.write(3, b"x" * 4096)
threading.Thread(target=flood, daemon=True).start()
time.sleep(0.1)
return 2 * x
"""
    attack(body, top=STREAM).lost_only_its_check("frame")


def test_a_fork_that_returns_as_well_gains_nothing(attack: Attack) -> None:
    graded = attack("os.fork()\nreturn 0 * x", top=STREAM)
    assert graded.verdict.status in ("failed", "partial")
    assert graded["attacked"].points == 0


def test_meta_that_lies_gains_nothing(attack: Attack) -> None:
    """That no argument was changed is the student's claim; the checker has a copy of its own."""
    body = """
import grader.runner.main as runner
x *= 2
runner.Runner.seen = lambda *a, **k: sys.modules["grader.frames"].Meta()
return x
"""
    graded = attack(body, top=STREAM)
    assert graded["honest"].status == "passed"
    assert graded["attacked"].status == "passed"  # the value is right: 2 * x of what was sent
