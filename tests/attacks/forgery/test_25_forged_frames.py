"""Rows 25 and 29: write frames oneself. Success would be a pass, or a dead checker."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack
from tests.attacks.forgery.stream import STREAM


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.write(3, os.urandom(4096))", id="noise"),
        pytest.param("os.write(3, header(99, 2, 0))", id="unknown kind"),
        pytest.param("os.write(3, header(Kind.RESULT, 2, 0))", id="empty payload"),
        pytest.param("stream().send(Kind.RESULT, 2, (2 * x, None))", id="two results"),
        pytest.param("stream().send(Kind.RESULT, 3, (2 * x, None))", id="of a later call"),
        pytest.param("stream().send(Kind.RESULT, 1, (2 * x, None))", id="of an earlier call"),
        pytest.param("stream().send(Kind.READY, 2, {'f': 'function'})", id="ready again"),
        pytest.param("stream().send(Kind.CALL, 2, ())", id="a call to the checker"),
        pytest.param("stream().send(Kind.ANSWER, 2, 1)", id="an answer unasked"),
        pytest.param("stream().send(Kind.DROP, 2, (1, 2))", id="a drop"),
        pytest.param("stream().send(Kind.ASK, 2, (0, (), {}))", id="no such callback"),
        pytest.param("stream().send(Kind.ASK, 2, (2**70, (), {}))", id="callback out of range"),
        pytest.param("stream().send(Kind.RESULT, 2, 'passed')", id="no body"),
        pytest.param("stream().send(Kind.RESULT, 2, (x, (1, 2, 3)))", id="odd meta"),
        pytest.param("stream().send(Kind.RAISED, 2, (None, None))", id="raised nothing"),
        pytest.param("sys.modules['grader.frames.encoding'].Encoder.put = lambda s, v, d=0: "
                     "s.out.extend(b'\\xff' * 9)", id="the runner's encoder replaced"),
    ],
)  # fmt: skip
def test_a_forged_frame_fails_its_check_by_name(attack: Attack, body: str) -> None:
    failed = attack(f"{body}\nreturn 2 * x", top=STREAM).lost_only_its_check("frame")
    assert "could not be read as a result" in failed.message


def test_an_answer_sent_ahead_is_not_taken_for_the_next_one(attack: Attack) -> None:
    """The student knows what will be asked and answers before; the checker asks in silence only."""
    source = f"""{STREAM}
def f(x):
    return 2 * x

def g(x):
    return 3 * x

import numpy as np
for call in range(2, 12):
    stream().send(Kind.RESULT, call, (np.zeros(3), None))
"""
    verdict = attack(source=source).verdict
    assert verdict.points == 0.0
    assert verdict.status in ("failed", "invalid")


def test_passed_descriptors_are_not_taken(attack: Attack) -> None:
    body = """
for _ in range(20):
    socket.send_fds(socket.socket(fileno=os.dup(3)), [b"x" * 8], [0, 1, 2])
return 2 * x
"""
    attack(body, top=STREAM).lost_only_its_check("frame")
