"""Row 69: daemons, double forks, threads that stay. Success: a process, mount or group is left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.exercise.limits import Limits
from grader.job.backend import HostBackend
from tests.attacks.conftest import Attack, eventually
from tests.processes import descendants

TOP = "import ctypes, os, signal, sys, threading, time\n"


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
def test_nothing_runs_on_after_the_verdict(attack: Attack, body: str) -> None:
    attack("return 2 * x")  # the shells are warm now
    before = descendants(os.getpid())
    assert attack(f"{body}\nreturn 2 * x", top=TOP).verdict.points == 4.0
    assert eventually(lambda: descendants(os.getpid()) <= before)


def test_no_mount_group_file_or_descriptor_is_left(attack: Attack, backend: HostBackend) -> None:
    attack("return 2 * x")
    body = """
for n in range(50):
    open(f"/w/{n}", "w").write("left")
if os.fork() == 0:
    time.sleep(600)
return 2 * x
"""
    with backend.open("numpy", Limits()):
        assert traces()[1] or not backend.guarantees()["pids_cgroup"]  # a living session is seen
    assert eventually(lambda: not traces()[1])
    before = traces()
    for _ in range(3):
        assert attack(body, top=TOP).verdict.points == 4.0
    assert eventually(lambda: traces() == before), (traces(), before)


def traces() -> tuple[str, list[str], int]:
    groups = [
        f"{folder}/{name}"
        for folder, inner, _ in os.walk("/sys/fs/cgroup")  # others come and go in it
        for name in inner
        if f"/gradus-{os.getpid()}-" in folder and name[0] == "s"
    ]
    return Path("/proc/self/mounts").read_text(), groups, len(os.listdir("/proc/self/fd"))
