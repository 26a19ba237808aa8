"""One session leaves nothing that another one could find."""

from __future__ import annotations

import ast
from typing import Any

from tests.attacks.conftest import Attack

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
raise LookupError(found)
"""


def looked(attack: Attack, seed: str = "5eed") -> list[Any]:
    message = attack(LOOK, top=TOP + SYSCALL, seed=seed).lost_only_its_check().message
    found: list[Any] = ast.literal_eval(message.partition(": ")[2])
    return found


def test_a_later_session_of_the_same_zygote_finds_nothing(attack: Attack) -> None:
    before = looked(attack)
    assert attack(source=LEAVE).verdict.points == 4.0
    assert looked(attack) == before
    assert before[:-1] == []


def test_random_numbers_repeat_with_the_seed_and_differ_without(attack: Attack) -> None:
    """A replay sees the same numbers; nobody else does."""
    assert looked(attack, seed="aa") == looked(attack, seed="aa")
    assert looked(attack, seed="aa")[-1] != looked(attack, seed="bb")[-1]


def test_inputs_differ_between_seeds(attack: Attack) -> None:
    """A file that knows the numbers of yesterday passes nothing today."""
    body = "raise LookupError(x.tolist())"
    seen = {attack(body, seed=seed)["attacked"].message for seed in ("aa", "bb", "cc")}
    assert len(seen) == 3


def test_device_files_can_be_used_but_not_marked(attack: Attack) -> None:
    body = """
open("/dev/null", "w").write("gone")
found = [len(open("/dev/zero", "rb").read(9)), len(os.urandom(9)), os.path.getsize("/dev/null")]
for path in ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"):
    for change in (lambda: os.utime(path), lambda: os.chmod(path, 0o666), lambda: os.setxattr(
            path, "user.left", b"1")):
        try:
            change()
            found.append(path)
        except OSError:
            pass
raise LookupError(found)
"""
    assert attack(body, top=TOP).lost_only_its_check().message.endswith("[9, 9, 0]")
