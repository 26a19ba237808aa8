"""Containers for one session each: warm before it, gone with it."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import docker
import pytest

from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.runner import seccomp
from grader.sandbox.docker.backend import DockerBackend
from grader.sandbox.docker.choose import docker_backend
from grader.sandbox.docker.pool import SingleUseBackend
from grader.sandbox.docker.settings import Mode, Settings
from grader.sandbox.outcomes import classify
from grader.sandbox.output import OutputReader
from tests.grader.sandbox.conftest import raw_flavours, tell
from tests.grader.sandbox.docker.conftest import belonging_to
from tests.grader.sandbox.test_backend import wait_for
from tests.grader.sandbox.test_isolation import SYSCALL
from tests.grader.sandbox.test_limits import GREEDY
from tests.grader.sandbox.test_session import cpu_grows

pytestmark = pytest.mark.docker
WAIT_SECONDS = 20.0
PATIENCE_SECONDS = 10.0  # a third of an owner's


def test_a_session_runs_in_a_container_of_its_own(lonely: DockerBackend) -> None:
    with lonely.open("numpy", Limits()) as one, lonely.open("numpy", Limits()) as other:
        tell(one, "open('/w/left', 'w').write('secret'); open('/tmp/left', 'w').close()")
        found = tell(other, "import os; answer([sorted(os.listdir('/w')), os.listdir('/tmp')])")
        assert found.value == [["shm", "tmp"], []]
        tell(other, "import os; os.kill(-1, 9)")
        assert tell(one, "answer('alive')").value == "alive"


def test_torch_is_there_before_the_session_is(lonely: DockerBackend) -> None:
    lonely.warm("torch")
    with lonely.open("torch", Limits()) as session:
        assert tell(session, "import sys; answer('torch' in sys.modules)").value is True
    assert lonely.versions("torch")["torch"]


def test_a_container_is_used_once(lonely: DockerBackend, ours: Callable[[], list[str]]) -> None:
    gone = threading.Event()
    lonely.warm("numpy")
    assert isinstance(lonely, SingleUseBackend)
    (pool,) = [pool for key, pool in lonely._ready.items() if "numpy" in key and pool.starting]
    next_one = pool.starting[0].result().container.id
    session = lonely.open("numpy", Limits(), ended=gone.set)
    assert tell(session, "answer(1)").value == 1
    assert next_one in ours()
    session.close()
    assert gone.is_set()  # the owner is told last
    assert wait_for(lambda: next_one not in ours())


@pytest.mark.parametrize("timed", [False, True])
def test_a_frozen_session_uses_no_cpu_time_until_thawed(lonely: DockerBackend, timed: bool) -> None:
    with lonely.open("numpy", Limits(), timed=timed) as session:
        tell(session, "while True: pass", wait=False)
        assert cpu_grows(session, 0.4)
        session.freeze()
        assert not cpu_grows(session, 0.4)
        session.thaw()
        assert cpu_grows(session, 0.4)


def test_process_1_cannot_be_read_or_ended_from_within(lonely: DockerBackend) -> None:
    code = """
        import os, signal
        found = []
        for name in ("mem", "environ", "fd/1", "fd/0"):
            try:
                found.append(os.open(f"/proc/1/{name}", os.O_RDONLY))
            except OSError as error:
                found.append(type(error).__name__)
        for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
            os.kill(1, number)
        answer(found)
    """
    with lonely.open("numpy", Limits()) as session:
        assert tell(session, code).value == 4 * ["PermissionError"]
        assert tell(session, "answer('alive')").value == "alive"


def test_each_limit_has_its_name(lonely: DockerBackend) -> None:
    for code, limits, outcome in (
        ("import time\nwhile True: pass", {"cpu_seconds": 0.5}, Outcome.CPU),
        (GREEDY, {"memory_mib": 128}, Outcome.MEMORY),
    ):
        with lonely.open("numpy", Limits(**limits)) as session:
            assert tell(session, code).died
            assert session.close().outcome is outcome
    with lonely.open("numpy", Limits(disk_mib=2)) as session:
        answer = tell(session, "for n in (1, 2, 3): open(f'/w/{n}', 'wb').write(bytes(900 << 10))")
        assert classify(None, Limits(), answer.raised, answer.message) is Outcome.DISK
    with lonely.open("numpy", Limits(processes=4)) as session:
        code = "import os\nfor n in range(1, 9):\n    if os.fork() == 0: os._exit(0)\n    answer(n)"
        answer = tell(session, code)
        assert len(answer.values) <= 4
        assert classify(None, Limits(), answer.raised, answer.message) is Outcome.PROCESSES


@pytest.mark.parametrize("name", ["execve", "ptrace", "unshare", "mount", "bpf", "mq_open"])
def test_denied_call_fails(lonely: DockerBackend, name: str) -> None:
    number = seccomp.DENIED[name][list(seccomp.ARCHES).index(os.uname().machine)]
    with lonely.open("numpy", Limits()) as session:
        assert tell(session, f"{SYSCALL}\nanswer(syscall({number}, 0, 0, 0, 0, 0, 0))").value == 1


def test_no_socket_of_a_network_can_be_made(lonely: DockerBackend) -> None:
    with lonely.open("numpy", Limits()) as session:
        answer = tell(session, "import socket; socket.socket()")
    assert answer.raised[0] == "PermissionError"


def test_how_the_session_ended_is_told(lonely: DockerBackend) -> None:
    with lonely.open("numpy", Limits()) as session:
        tell(session, "import os; os._exit(3)")
        assert session.close().exit_code == 3
    with lonely.open("numpy", Limits()) as session:
        tell(session, "import ctypes; ctypes.string_at(0)")
        assert session.close().signal == 11


def test_commands_after_death_tell_of_the_ending(lonely: DockerBackend) -> None:
    with lonely.open("numpy", Limits()) as session:
        tell(session, "import os; os._exit(3)")
        session.freeze()
        session.thaw()
        assert session.close().exit_code == 3


FLOODS = {
    "printing": "while True: print('x' * 1000)",
    "printing, then gone": """
        import os, threading, time
        def flood():
            while True: os.write(1, b'x' * 65536)
        threading.Thread(target=flood, daemon=True).start()
        time.sleep(1)
        os._exit(3)
    """,
    "answering": "while True: stream.sendall(bytes(65536))",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_session_that_nobody_listens_to_ends_when_it_is_closed(
    lonely: DockerBackend, flood: str
) -> None:
    gone = threading.Event()
    session = lonely.open("numpy", Limits(processes=4), ended=gone.set)
    tell(session, FLOODS[flood], wait=False)
    flooded = session.stream.fileno() if flood == "answering" else session.output
    both = [session.stream.fileno(), session.output]
    assert select.select(both, [], [], WAIT_SECONDS)[0] == [flooded]
    assert wait_for(lambda: not cpu_grows(session, 1.2))  # it stands: every buffer is full
    started = time.monotonic()
    session.close()
    assert time.monotonic() - started < PATIENCE_SECONDS
    assert gone.wait(WAIT_SECONDS)


def test_a_limit_ends_a_session_that_nobody_listens_to(lonely: DockerBackend) -> None:
    code = """
        import threading
        threading.Thread(target=lambda: stream.sendall(bytes(1 << 26)), daemon=True).start()
        while True: pass
    """
    gone = threading.Event()
    session = lonely.open("numpy", Limits(cpu_seconds=0.5, processes=4), ended=gone.set)
    tell(session, code, wait=False)
    assert gone.wait(WAIT_SECONDS)
    assert session.close().outcome is Outcome.CPU


def test_what_was_printed_before_the_end_is_there_after_it(lonely: DockerBackend) -> None:
    limits = Limits(cpu_seconds=0.5)
    gone = threading.Event()
    session = lonely.open("numpy", limits, ended=gone.set)
    tell(session, "print('x' * 50_000)\nwhile True: pass", wait=False)
    assert gone.wait(WAIT_SECONDS)
    output = OutputReader(session.output, limits)
    output.drain()
    assert output.count_bytes == 50_001
    session.close()


def test_stopping_leaves_no_container_of_a_session_open_or_just_closed(
    settings: Settings, engine: docker.DockerClient
) -> None:
    single = replace(settings, folder=settings.folder / "stopped", mode=Mode.SINGLE_USE, pool=1)
    backend = docker_backend(flavours=raw_flavours(), settings=single)
    left_open = backend.open("numpy", Limits())
    backend.open("numpy", Limits()).close()
    backend.stop()
    assert belonging_to(engine, single.folder) == []
    assert left_open.close().signal == signal.SIGKILL


def test_every_mandatory_guarantee_holds(lonely: DockerBackend) -> None:
    held = lonely.guarantees()
    assert held["seccomp"]
    assert held["network_namespace"]
    assert not held["user_namespace"]
