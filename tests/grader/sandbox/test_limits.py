"""Each limit binds, and its end has a name."""

from __future__ import annotations

from typing import Any

import pytest

from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.sandbox.outcomes import classify
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import Execute, Finished, tell

FORKS = """
import os, time
def forks(count, work):
    started = 0
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        started += 1
        answer(started)
"""
GREEDY = f"""{FORKS}
def hold():
    data = bytearray(60 << 20)
    for at in range(0, len(data), 4096):
        data[at] = 1
    time.sleep(30)
forks(6, hold)
time.sleep(30)
"""
SPIN = f"{FORKS}\ndef spin():\n    while True: pass\nforks(3, spin)\nspin()"


def named(finished: Finished, **limits: Any) -> Outcome | None:
    answer = finished.answer
    ending = finished.ending if answer.died else None
    return classify(ending, Limits(**limits), answer.raised, answer.message)


def test_cpu_time_ends_a_session(execute: Execute) -> None:
    finished = execute("while True: pass", cpu_seconds=0.5)
    assert finished.answer.died
    assert finished.ending.outcome is Outcome.CPU
    assert 0.4 < finished.ending.cpu_seconds < 3


def test_cpu_time_of_all_processes_counts(execute: Execute) -> None:
    finished = execute(SPIN, cpu_seconds=1.0)
    assert finished.ending.outcome is Outcome.CPU
    assert finished.ending.cpu_seconds < 4


def test_memory_of_one_process_is_bounded(execute: Execute) -> None:
    finished = execute("import numpy as np; np.ones(64 << 20)", memory_mib=128)
    assert "MemoryError" in finished.answer.raised
    assert named(finished) is Outcome.MEMORY


def test_memory_below_the_limit_can_be_used(execute: Execute) -> None:
    code = "import numpy as np; answer(float(np.ones(12 << 20).sum()))"
    assert execute(code, memory_mib=128).answer.value == 12 << 20


def test_memory_of_all_processes_counts(execute: Execute) -> None:
    finished = execute(GREEDY, memory_mib=128)
    assert finished.ending.outcome is Outcome.MEMORY


def test_memory_of_all_processes_counts_without_control_groups(
    execute: Execute, backend_without_groups: ZygoteBackend
) -> None:
    finished = execute(GREEDY, on=backend_without_groups, memory_mib=128)
    assert finished.ending.outcome is Outcome.MEMORY


def test_a_fork_bomb_stops_at_the_limit(
    execute: Execute, backend_without_groups: ZygoteBackend
) -> None:
    code = f"{FORKS}\nforks(100, lambda: time.sleep(30))"
    for host in ({}, {"on": backend_without_groups}):
        finished = execute(code, processes=12, **host)
        assert finished.answer.values == list(range(1, 13))
        assert named(finished) is Outcome.PROCESSES


def test_threads_count_as_processes(execute: Execute) -> None:
    code = """
        import threading, time
        for count in range(1, 100):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            answer(count)
    """
    finished = execute(code, processes=5)
    assert finished.answer.values == [1, 2, 3, 4, 5]
    assert named(finished) is Outcome.PROCESSES


def test_sessions_do_not_share_the_process_limit(backend: ZygoteBackend) -> None:
    code = f"{FORKS}\nforks(8, lambda: time.sleep(30))"
    limits = Limits(processes=8)
    with backend.open("numpy", limits) as one, backend.open("numpy", limits) as other:
        assert tell(one, code).values[-1] == 8
        assert tell(other, code).values[-1] == 8


def test_open_files_are_bounded(execute: Execute) -> None:
    finished = execute("files = [open('/dev/null') for _ in range(100)]", files=20)
    assert named(finished) is Outcome.FILES
    assert execute("f = [open('/dev/null') for _ in range(19)]", files=20).answer.raised == ()


def test_a_single_file_is_bounded(execute: Execute) -> None:
    finished = execute("open('/w/big', 'wb').write(bytes(3 << 20))", disk_mib=2)
    assert named(finished) is Outcome.DISK


def test_all_files_together_are_bounded(execute: Execute) -> None:
    code = """
        for place in ("/w/a", "/tmp/b", "/dev/shm/c"):
            with open(place, "wb") as file:
                file.write(bytes(900 << 10))
    """
    assert named(execute(code, disk_mib=2)) is Outcome.DISK
    assert execute(code, disk_mib=3).answer.raised == ()


def test_the_number_of_files_is_bounded(execute: Execute) -> None:
    code = "for n in range(100_000): open(f'/w/{n}', 'w').close()"
    assert named(execute(code)) is Outcome.DISK


def test_a_crash_of_native_code_is_a_death(execute: Execute) -> None:
    finished = execute("import ctypes; ctypes.string_at(0)")
    assert finished.ending.signal == 11
    assert named(finished) is Outcome.DIED


def test_leaving_early_is_a_death(execute: Execute) -> None:
    finished = execute("import os; os._exit(0)")
    assert finished.ending.exit_code == 0
    assert named(finished) is Outcome.DIED


def test_a_signal_storm_does_not_keep_a_session_alive(execute: Execute) -> None:
    code = """
        import signal, time
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True: pass
    """
    assert execute(code, cpu_seconds=0.5).ending.outcome is Outcome.CPU


@pytest.mark.parametrize("kib", [1, 64])
def test_printing_is_read_no_further_than_its_limit(backend: ZygoteBackend, kib: int) -> None:
    from grader.sandbox.output import OutputReader

    limits = Limits(output_kib=kib)
    with backend.open("numpy", limits) as session:
        output = OutputReader(session.output, limits)
        tell(session, "while True: print('x' * 1000)", wait=False)
        import select

        while not output.exceeded:
            select.select([output], [], [], 5)
            output.drain()
        assert output.count_bytes <= kib * 1024 + 65536
        assert session.close(Outcome.OUTPUT).outcome is Outcome.OUTPUT
