"""Whatever is written to the stream is at most a wrong answer."""

from __future__ import annotations

import pytest

from grader.sandbox.bubblewrap import BubblewrapBackend
from tests.attacks.conftest import Attack

STREAM = """
import os, socket, struct, sys, threading, time
from grader.frames import Kind, Stream
from grader.frames import tags

def stream():
    return Stream(socket.socket(fileno=os.dup(3)))

def header(kind, call, size):
    return tags.HEADER.pack(tags.MAGIC, tags.VERSION, kind, 0, call, size)
"""
CALL = 2  # the first is the import, the second the call of f


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.write(3, os.urandom(4096))", id="noise"),
        pytest.param("os.write(3, header(Kind.RESULT, 2, 2**63))", id="announces 8 EiB"),
        pytest.param("os.write(3, header(Kind.RESULT, 2, 2**32) + b'x')", id="announces 4 GiB"),
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
        pytest.param("sys.stdout.flush(); os.dup2(3, 1); print('{\"status\": \"passed\"}')",
                     id="prints into the stream"),
        pytest.param("sys.modules['grader.frames.encoding'].Encoder.put = lambda s, v, d=0: "
                     "s.out.extend(b'\\xff' * 9)", id="the runner's encoder replaced"),
    ],
)  # fmt: skip
def test_a_forged_frame_fails_its_check_by_name(attack: Attack, body: str) -> None:
    failed = attack(f"{body}\nreturn 2 * x", top=STREAM).lost_only_its_check("frame")
    assert "could not be read as a result" in failed.message


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


def test_a_fork_that_returns_as_well_gains_nothing(attack: Attack) -> None:
    graded = attack("os.fork()\nreturn 0 * x", top=STREAM)
    assert graded.verdict.status in ("failed", "partial")
    assert graded["attacked"].points == 0


def test_passed_descriptors_are_not_taken(attack: Attack, backend: BubblewrapBackend) -> None:
    body = """
for _ in range(20):
    socket.send_fds(socket.socket(fileno=os.dup(3)), [b"x" * 8], [0, 1, 2])
return 2 * x
"""
    attack(body, top=STREAM).lost_only_its_check("frame")


@pytest.mark.parametrize("count", [300_000])
def test_a_result_of_too_many_values_fails_with_the_number(attack: Attack, count: int) -> None:
    limits = "[limits]\nmemory_mib = 512\n"
    failed = attack(f"return [0.0] * {count}", extra=limits).lost_only_its_check()
    assert "more than 250000 values cannot be sent" in failed.message


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
