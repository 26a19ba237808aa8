"""Nothing of the checks, the reference, the host or other students can be read in a session."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from tests.attacks.conftest import CHECKS, GOOD_G, Attack, patient

REPORT = "raise LookupError(found)"  # the message crosses to the verdict


def seen(attack: Attack, code: str, **options: Any) -> str:
    message = attack(f"{code}\n{REPORT}", **options).lost_only_its_check().message
    return message.partition(": ")[2]


def test_no_descriptor_leads_out_but_the_stream_and_the_output(attack: Attack) -> None:
    code = """
import os, stat
found = []
for number in range(1024):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    kind = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device"}
    found.append((number, kind.get(stat.S_IFMT(mode), "other")))
"""
    expected = [(0, "device"), (1, "pipe"), (2, "pipe"), (3, "socket")]
    assert seen(attack, code) == str(expected)


def test_no_file_of_the_exercise_lies_anywhere(attack: Attack) -> None:
    code = """
import os
names = {"checks.py", "solution.py", "exercise.toml", "derived.json", "statement.md", "starter.py"}
found = sorted(
    os.path.join(folder, name)
    for folder, _, files in os.walk("/") for name in files
    if name in names and "/numpy/" not in folder and "/site-packages/" not in folder
)
found = [path for path in found if "attacked" in open(path, errors="replace").read()]
"""
    assert seen(attack, code) == "[]"


def test_the_folders_that_could_tell_something_are_empty(attack: Attack) -> None:
    code = """
import os
found = [os.listdir(place) for place in ("/proc", "/exercise", "/exercises")]
"""
    assert seen(attack, code) == "[[], [], []]"


def test_the_engine_in_the_sandbox_holds_no_grading_code(attack: Attack) -> None:
    code = """
import os
found = sorted(name for name in os.listdir("/engine/grader") if not name.startswith("__"))
"""
    assert seen(attack, code) == "['frames', 'runner']"


def test_the_environment_and_arguments_tell_nothing(attack: Attack, versions: Path) -> None:
    code = """
import os, sys
found = [dict(os.environ), sys.orig_argv, os.uname().nodename, os.getpid(), os.getuid()]
"""
    environment, arguments, host, pid, uid = ast.literal_eval(seen(attack, code))
    threads = {"MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    assert set(environment) == {"HOME", "LANG", "PATH", "PWD"} | threads
    assert arguments[1:5] == ["-I", "-S", "-B", "-c"]
    assert not any(str(versions) in one or "attacked" in one for one in arguments)
    assert (host, pid, uid) == ("gradus", 1, 1000)


def test_no_object_in_memory_holds_seed_checks_or_reference(attack: Attack) -> None:
    """All that the zygote left in the fork and all that the stream brought."""
    code = """
import gc, sys
gc.unfreeze()
found = []
needles = tuple("".join(p) for p in (["return 2", " * x #"], ["Honest", " check"], 4 * ["5eed"]))
for one in [one for one in gc.get_objects() if type(one) in (list, tuple, dict)]:
    if one is not found and one is not needles:
        for inner in list(one.values() if type(one) is dict else one):
            if type(inner) is str and any(needle in inner for needle in needles):
                found.append(inner[:40])
frame = sys._getframe()
while frame is not None:
    found += [name for name in frame.f_locals if name in ("expected", "reference", "seed", "draw")]
    frame = frame.f_back
"""
    checks = CHECKS.replace('"Honest"', '"Honest check"')
    solution = f"def f(x):\n    return 2 * x # the reference\n{GOOD_G}"
    options = {"checks": checks, "solution": solution, "seed": 4 * "5eed", "extra": patient()}
    assert seen(attack, code, **options) == "[]"


def test_no_other_process_is_in_reach(attack: Attack) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(8)
found = []
for pid in range(2, 300):
    for call in (lambda: os.kill(pid, 0), lambda: os.pidfd_open(pid), lambda: os.getpgid(pid)):
        try:
            call()
            found.append(pid)
        except OSError:
            pass
    if libc.ptrace(16, pid, 0, 0) == 0:
        found.append(pid)
"""
    assert seen(attack, code) == "[]"


def test_no_connection_leads_out(attack: Attack) -> None:
    code = """
import socket
found = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 40, 38):
    try:
        socket.socket(family, socket.SOCK_DGRAM)
        found.append(family)
    except OSError:
        pass
"""
    assert seen(attack, code) == "[]"


def test_no_program_can_be_started(attack: Attack) -> None:
    code = """
import os, subprocess, sys
found = []
for program in (sys.executable, "/bin/sh", "/usr/bin/cc", "/lib64/ld-linux-x86-64.so.2"):
    try:
        subprocess.run([program, "-c", "pass"])
        found.append(program)
    except OSError:
        pass
"""
    assert seen(attack, code) == "[]"
