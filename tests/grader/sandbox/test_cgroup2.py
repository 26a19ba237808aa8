"""Version 2 groups of a kernel that has no others: `.ci/cgroup2` boots one and runs these there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.sandbox.docker.meters import Meters
from grader.sandbox.limits import cgroup
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import Execute, tell

DETECT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from grader.sandbox.limits.cgroup import Groups
print("ready", flush=True)
sys.stdin.readline()
groups = Groups.detect()
print(groups.memory, groups.pids, Path("/proc/self/cgroup").read_text().strip()[3:], flush=True)
sys.stdin.readline()
groups.remove()
"""
Detect = Callable[[Path], tuple[bool, str]]


@pytest.fixture(autouse=True)
def groups(backend: ZygoteBackend) -> Groups:
    """The groups of this process, which is in its leaf from then on."""
    if backend.groups._version != 2:
        pytest.skip("no delegated version 2 group here; .ci/cgroup2 has one")
    return backend.groups


@pytest.fixture
def service(groups: Groups) -> Iterator[tuple[Path, Path]]:
    """A group as the init system makes them, and where its one process is told to be."""
    group = groups._roots["memory"].parent / "a.service"
    group.mkdir()
    with subprocess.Popen(["sleep", "1000"]) as sleeper:
        (group / "cgroup.procs").write_text(str(sleeper.pid))
        yield group, Path(f"/proc/{sleeper.pid}/cgroup")
        sleeper.kill()
    cgroup.remove_tree(group)
    assert not group.exists()


@pytest.fixture
def detect() -> Iterator[Detect]:
    """Return a function that starts a daemon's process in a group: what it finds, where it is."""
    started: list[subprocess.Popen[str]] = []

    def start(group: Path) -> tuple[bool, str]:
        root = Path(cgroup.__file__).parents[3]
        command = [sys.executable, "-c", DETECT, str(root)]
        daemon = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        started.append(daemon)
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == "ready\n"
        (group / "cgroup.procs").write_text(str(daemon.pid))
        daemon.stdin.write("\n")
        memory, pids, place = daemon.stdout.readline().split()
        assert memory == pids
        return memory == "True", place

    yield start
    for daemon in started:
        daemon.communicate("\n", timeout=10)


def name(place: str) -> str:
    return Path(place.strip().removeprefix("0::")).name


def test_a_group_with_others_in_it_is_left_as_it_is(
    service: tuple[Path, Path], detect: Detect
) -> None:
    group, sleeper = service
    found, place = detect(group)
    assert (found, name(place), name(sleeper.read_text())) == (False, "a.service", "a.service")
    assert not [entry for entry in group.iterdir() if entry.is_dir()]


def test_a_service_whose_group_is_delegated_moves_into_a_leaf_of_it(
    service: tuple[Path, Path], detect: Detect
) -> None:
    group, sleeper = service
    os.setxattr(group, "user.delegate", b"1")
    found, place = detect(group)
    assert (found, name(place), name(sleeper.read_text())) == (True, cgroup.LEAF, cgroup.LEAF)


def test_a_second_daemon_in_the_leaf_has_groups_as_well(
    service: tuple[Path, Path], detect: Detect
) -> None:
    group, _ = service
    os.setxattr(group, "user.delegate", b"1")
    detect(group)
    assert detect(group / cgroup.LEAF)[0]
    assert len(list(group.glob("gradus-*-*-*"))) == 2


def test_each_limit_is_in_force_in_the_group_of_a_session(
    backend: ZygoteBackend, groups: Groups
) -> None:
    limits = Limits(memory_mib=100, disk_mib=10, processes=7)
    with backend.open("numpy", limits) as session:
        tell(session, "answer(1)")
        (folder,) = [path for path in groups._roots["memory"].iterdir() if path.is_dir()]
        held = {
            file: (folder / file).read_text().strip()
            for file in ("memory.max", "memory.oom.group", "pids.max", "cgroup.procs")
        }
        swap = folder / "memory.swap.max"
        assert not swap.exists() or swap.read_text() == "0\n"
    assert len(held.pop("cgroup.procs").split()) == 1
    assert held == {
        "memory.max": str((100 + 10 + cgroup.SLACK_MIB) << 20),
        "memory.oom.group": "1",
        "pids.max": "8",
    }


def test_memory_that_no_process_shows_counts(execute: Execute) -> None:
    """Shared pages whose writer has gone are in nobody's resident set; only the group sees them."""
    code = """
        import mmap, os, time
        zeros = open("/dev/zero", "rb", buffering=0)
        held = []
        os.fork()
        for _ in range(5):
            held.append(mmap.mmap(-1, 30 << 20))
            if os.fork() == 0:
                zeros.readinto(held[-1])
                os._exit(0)
            os.wait()
        time.sleep(1000)
    """
    finished = execute(code, memory_mib=200, disk_mib=8, processes=8)
    assert finished.ending.outcome is Outcome.MEMORY
    assert finished.ending.signal == 9


def test_daemon_and_zygotes_are_outside_of_every_limited_group(
    backend: ZygoteBackend, groups: Groups
) -> None:
    backend.warm("numpy")
    (shell, *_) = [starting.result() for starting in backend._shells.values()]
    for pid in ("self", shell.pid):
        assert name(Path(f"/proc/{pid}/cgroup").read_text()) == cgroup.LEAF
    assert (groups._roots["pids"].parent / cgroup.LEAF / "pids.max").read_text() == "max\n"


def test_the_meters_of_a_container_are_found() -> None:
    meters = Meters.of(os.getpid())
    assert meters.cpu is not None
    assert meters.memory is not None
    before = meters.cpu()
    sum(range(10**6))
    assert before < meters.cpu() < 3600
    assert 1 << 20 < meters.memory() < 1 << 33
