"""Rows 70 and 72: leave something for the next session. Success: it finds the mark."""

from __future__ import annotations

import ast
from typing import Any

from tests.attacks.conftest import Attack, seen

TOP = "import ctypes, os, random, sys, socket\nimport numpy as np\n"
SYSCALL = """
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    return libc.syscall(*[ctypes.c_long(one) for one in (number, *arguments)])
"""
LEAVE = f"""{TOP}{SYSCALL}
def f(x):
    for place in ("/w", "/tmp", "/dev/shm"):
        open(place + "/left", "w").write("mark")
    sys.modules["left"] = sys
    np.left = np.random.left = 1
    np.random.seed(7)
    random.seed(7)
    os.environ["LEFT"] = "1"
    socket.socket(socket.AF_UNIX).bind("\\0left")
    for path in ("/dev/null", "/dev/zero", "/usr/lib", np.__file__):
        try:
            os.utime(path, (1234567, 1234567))
        except OSError:
            pass
        try:
            os.utime(path)
        except OSError:
            pass
    call(29, 4711, 4096, 0o1666)  # shmget
    call(64, 4711, 1, 0o1666)  # semget
    call(68, 4711, 0o1666)  # msgget
    call(248, id(b"user"), id(b"left"), 0, 0, -4)  # add_key
    return 2 * x


def g(x):
    return 3 * x
"""
LOOK = """
found = [place for place in ("/w", "/tmp", "/dev/shm") if os.path.exists(place + "/left")]
found += [one for one in (sys.modules, os.environ) if "left" in one or "LEFT" in one]
found += [one.__name__ for one in (np, np.random) if hasattr(one, "left")]
try:
    socket.socket(socket.AF_UNIX).connect("\\0left")
    found.append("socket")
except OSError:
    pass
found += [number for number in (29, 64, 68) if call(number, 4711, 0, 0) >= 0]
times = [os.stat(path).st_mtime_ns for path in ("/dev/null", "/dev/zero", np.__file__)]
found.append((times, np.random.rand(), random.random()))
"""


def looked(attack: Attack) -> list[Any]:
    found: list[Any] = ast.literal_eval(seen(attack, LOOK, top=TOP + SYSCALL))
    return found


def test_a_later_session_of_the_same_zygote_finds_nothing(attack: Attack) -> None:
    before = looked(attack)
    assert attack(source=LEAVE).verdict.points == 4.0
    assert looked(attack) == before
    assert before[:-1] == []


def test_what_a_session_does_to_its_python_the_next_one_does_not_see(attack: Attack) -> None:
    poison = """
import builtins, gc, sys
import numpy as np
builtins.float = builtins.len = None
sys.setrecursionlimit(50)
gc.disable()
np.seterr(all="raise")
np.multiply = None
"""
    attack(source=f"{poison}\ndef f(x): return 2 * x\ndef g(x): return 3 * x\n")
    assert attack("return 2 * x").verdict.points == 4.0
    code = "import gc, sys\nimport numpy as np\n"
    code += "found = [float is None, gc.isenabled(), sys.getrecursionlimit() > 500]"
    assert seen(attack, code) == "[False, True, True]"
