"""Bombs, deaths and refusals to die: named for the student, nothing left on the host."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from grader.exercise.limits import Limits
from grader.sandbox.bubblewrap import BubblewrapBackend
from tests.attacks.conftest import Attack, descendants, eventually, patient

TOP = "import ctypes, os, signal, sys, threading, time\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("os._exit(0)", "died", "ended the Python process"),
        ("os.abort()", "died", "ended the Python process"),
        ("ctypes.string_at(0)", "died", "crash in compiled code"),
        ("sys.exit(0)", None, "f raised SystemExit in line"),
        ("raise KeyboardInterrupt", None, "f raised KeyboardInterrupt"),
        ("raise GeneratorExit", None, "f raised GeneratorExit"),
        ("while True: pass", "wall", "still running after 1.5 s"),
        ("ctypes.CDLL(None).sleep(60)", "wall", "still running after 1.5 s"),
        ("while True: threading.Thread(target=time.sleep, args=(60,)).start()", "processes",
         "more than 8 processes or threads"),
        ("signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals)); time.sleep(60)", "wall",
         "still running"),
        ("return f(x)", None, "f raised RecursionError"),
    ],
)  # fmt: skip
def test_an_end_before_the_answer_is_named(
    attack: Attack, body: str, outcome: str | None, words: str
) -> None:
    assert words in attack(body, top=TOP).lost_only_its_check(outcome).message


def test_recursion_without_a_limit_ends_at_another_limit(attack: Attack) -> None:
    graded = attack("sys.setrecursionlimit(10**9)\nf(x)", top=TOP)
    assert graded["attacked"].outcome in ("memory", "wall", "died")
    assert graded["honest"].status == "passed"


def test_a_fork_bomb_is_named_and_stops(attack: Attack) -> None:
    body = """
children = []
try:
    while True:
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
finally:
    for pid in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
"""
    failed = attack(body, top=TOP).lost_only_its_check("processes")
    assert "more than 8 processes" in failed.message


def test_cpu_time_is_counted_even_where_its_signal_is_ignored(attack: Attack) -> None:
    extra = patient().replace("cpu_seconds = 4.0", "cpu_seconds = 0.5")
    body = "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    failed = attack(body, top=TOP, extra=extra).lost_only_its_check("cpu")
    assert "more than 0.5 s of processor time" in failed.message


def test_signals_to_everybody_reach_nobody_else(attack: Attack) -> None:
    body = """
for number in (9, 15, 19):
    for pid in (-1, 0, 1, os.getpid(), os.getppid()):
        try:
            os.kill(pid, number)
        except OSError:
            pass
return 2 * x
"""
    graded = attack(body, top=TOP)
    assert graded["honest"].status == "passed"


@pytest.mark.parametrize(
    "body",
    [
        "if os.fork() == 0:\n    os.setsid(); os.fork() or time.sleep(600); os._exit(0)",
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "threading.Thread(target=time.sleep, args=(600,)).start()",
        "import atexit; atexit.register(time.sleep, 600)",
        "if os.fork() == 0:\n    os.kill(os.getpid(), signal.SIGSTOP)",
        "if os.fork() == 0:\n    ctypes.CDLL(None).prctl(1, 0); os.setpgid(0, 0); time.sleep(600)",
    ],
)
def test_nothing_runs_on_after_the_verdict(
    attack: Attack, backend: BubblewrapBackend, body: str
) -> None:
    attack("return 2 * x")  # the shells are warm now
    before = descendants(os.getpid())
    assert attack(f"{body}\nreturn 2 * x", top=TOP).verdict.points == 4.0
    assert eventually(lambda: descendants(os.getpid()) <= before)


def test_no_mount_group_file_or_descriptor_is_left(
    attack: Attack, backend: BubblewrapBackend
) -> None:
    attack("return 2 * x")
    body = """
for n in range(50):
    open(f"/w/{n}", "w").write("left")
if os.fork() == 0:
    time.sleep(600)
return 2 * x
"""
    with backend.open("numpy", Limits()):
        assert traces()[1] or not backend.groups.pids  # a living session is seen
    assert eventually(lambda: not traces()[1])
    before = traces()
    for _ in range(3):
        assert attack(body, top=TOP).verdict.points == 4.0
    assert eventually(lambda: traces() == before), (traces(), before)


def traces() -> tuple[str, list[str], int]:
    ours = [
        folder
        for line in Path("/proc/self/cgroup").read_text().splitlines()
        for folder in Path("/sys/fs/cgroup").glob(
            f"*{line.split(':', 2)[2]}/gradus-{os.getpid()}-*"
        )
    ]
    groups = [
        f"{folder}/{name}" for folder in ours for name in os.listdir(folder) if name[0] == "s"
    ]
    return Path("/proc/self/mounts").read_text(), groups, len(os.listdir("/proc/self/fd"))


def test_the_sandbox_dies_with_a_killed_daemon(tmp_path: Path) -> None:
    """SIGKILL leaves no time to clean up: the kernel does it."""
    script = """
import sys, time
from pathlib import Path
from grader.exercise.limits import Limits
from grader.sandbox.bubblewrap import BubblewrapBackend
backend = BubblewrapBackend()
held = [backend.open("numpy", Limits()) for _ in range(3)]
print("ready", flush=True)
time.sleep(60)
"""
    started = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    with started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        family = descendants(started.pid)
        assert len(family) >= 5  # bubblewrap twice, zygote, three sessions
        started.kill()
        started.wait()
        for pid in family:
            assert ended(pid), Path(f"/proc/{pid}/status").read_text()


def ended(pid: int) -> bool:
    """Wait for a process that is not our child to be gone, at most five seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5)[0])
    finally:
        os.close(handle)


def test_an_outcome_in_native_threads_is_no_host_fault(attack: Attack) -> None:
    """glibc aborts where a thread cannot be had: that is the student's process, not ours."""
    body = """
import numpy as np
threading.stack_size(64 * 1024 * 1024)
for _ in range(40): threading.Thread(target=time.sleep, args=(60,)).start()
"""
    graded = attack(body, top=TOP)
    assert graded["attacked"].outcome in ("processes", "memory")
    assert re.search(r"more than \d+", graded["attacked"].message)
