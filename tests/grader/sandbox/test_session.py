"""How a session is held, stopped and ended by its owner."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from grader.errors import HostError, Outcome
from grader.exercise.limits import Limits
from grader.sandbox.session import Session
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import Execute, tell
from tests.grader.sandbox.test_limits import FORKS

SPIN = "while True: pass"
WAIT_SECONDS = 10.0


def cpu_grows(session: Session, seconds: float = 0.15) -> bool:
    before = session.cpu_seconds()
    time.sleep(seconds)  # the time under observation, not a synchronisation
    return session.cpu_seconds() > before


@pytest.mark.parametrize("timed", [False, True])
def test_a_frozen_session_uses_no_cpu_time_until_thawed(
    backend: ZygoteBackend, timed: bool
) -> None:
    with backend.open("numpy", Limits(), timed=timed) as session:
        tell(session, SPIN, wait=False)
        assert cpu_grows(session)
        session.freeze()
        assert not cpu_grows(session)
        session.freeze()
        session.thaw()
        assert cpu_grows(session)


def test_temporary_arrays_cost_fresh_pages_only_once(execute: Execute) -> None:
    """Or the time of a call would hang on what else its file happens to hold."""
    code = """
        import resource, numpy
        def pages():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            for _ in range(10):
                numpy.exp(numpy.arange(500_000.0) * 2.0).sum()
            return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        pages()
        answer(pages())
    """
    assert execute(code, timed=True).answer.value < 500  # 10 x 3 arrays of 977 pages


def test_freezing_stops_all_processes_of_a_session(backend: ZygoteBackend) -> None:
    code = f"{FORKS}\ndef spin():\n    os.setsid()\n    while True: pass\nforks(3, spin)"
    with backend.open("numpy", Limits()) as session:
        tell(session, code)
        assert cpu_grows(session)
        session.freeze()
        assert not cpu_grows(session)


def test_a_frozen_session_can_be_closed(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as session:
        tell(session, SPIN, wait=False)
        session.freeze()
        assert session.close().signal == 9


def test_cpu_time_is_exact_after_freezing(backend: ZygoteBackend) -> None:
    code = """
        import time
        start = time.process_time()
        while time.process_time() - start < 0.05: pass
        answer(1)
    """
    with backend.open("numpy", Limits(), timed=True) as session:
        session.freeze()
        before = session.cpu_seconds()
        session.thaw()
        tell(session, code)
        session.freeze()
        assert 0.05 <= session.cpu_seconds() - before < 0.08


def test_closing_twice_gives_the_same_ending(backend: ZygoteBackend) -> None:
    session = backend.open("numpy", Limits())
    first = session.close(Outcome.WALL)
    assert (first.signal, first.outcome) == (9, Outcome.WALL)
    assert session.close() == first


def test_commands_after_death_tell_of_the_ending(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as session:
        tell(session, "import os; os._exit(3)")
        session.freeze()
        session.thaw()
        assert session.cpu_seconds() > 0
        assert session.close().exit_code == 3


def test_a_limit_of_the_sandbox_wins_over_what_the_owner_guesses(
    backend: ZygoteBackend,
) -> None:
    session = backend.open("numpy", Limits(cpu_seconds=0.3))
    tell(session, SPIN)
    assert session.close(Outcome.WALL).outcome is Outcome.CPU


def test_a_stalled_session_is_closed_at_once(backend: ZygoteBackend) -> None:
    session = backend.open("numpy", Limits())
    tell(session, "import time; time.sleep(1000)", wait=False)
    started = time.monotonic()
    assert session.close().cpu_seconds < 1
    assert time.monotonic() - started < 5


def test_end_of_file_on_the_control_socket_kills(backend: ZygoteBackend) -> None:
    gone = threading.Event()
    session = backend.open("numpy", Limits(), ended=gone.set)
    tell(session, SPIN, wait=False)
    session.control.close()
    assert gone.wait(WAIT_SECONDS)
    assert tell(session, "answer(1)").died
    session.stream.close()
    os.close(session.output)


def test_nonsense_on_the_control_socket_kills(backend: ZygoteBackend) -> None:
    gone = threading.Event()
    session = backend.open("numpy", Limits(), ended=gone.set)
    session.control.send(b'{"freeze": ' + b"[" * 60)
    assert gone.wait(WAIT_SECONDS)
    assert session.close().signal == 9


def test_nothing_is_left_after_close(backend: ZygoteBackend) -> None:
    gone = threading.Event()
    session = backend.open("numpy", Limits(), ended=gone.set)
    tell(session, f"{FORKS}\nforks(5, lambda: (os.setsid(), time.sleep(1000)))")
    marks = below(backend)
    session.close()
    assert gone.wait(WAIT_SECONDS)
    assert len(marks) - len(below(backend)) == 6
    assert not [path for root in groups(backend) for path in root.iterdir() if path.is_dir()]


def test_a_session_is_in_the_groups_that_are_reported(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as session:
        tell(session, f"{FORKS}\nforks(2, lambda: time.sleep(1000))")
        counts = {
            root.parent.name: len((folder / "cgroup.procs").read_text().split())
            for root in groups(backend)
            for folder in root.iterdir()
            if folder.is_dir()
        }
    assert set(counts.values()) == ({3} if backend.groups.memory else set())


def test_a_timed_session_makes_no_processes_and_no_threads(execute: Execute) -> None:
    answer = execute("import os; os.fork()", timed=True).answer
    assert answer.raised[0] == "PermissionError"
    code = "import threading; threading.Thread(target=print).start()"
    assert execute(code, timed=True).answer.raised[0] == "RuntimeError"


def test_a_timed_session_keeps_its_core(backend: ZygoteBackend) -> None:
    core = max(os.sched_getaffinity(0))
    code = "import os; answer(sorted(os.sched_getaffinity(0))); os.sched_setaffinity(0, {0})"
    with backend.open("numpy", Limits(), timed=True, core=core) as session:
        answer = tell(session, code)
    assert answer.values == [[core]]
    assert answer.raised[0] == "PermissionError"


def test_a_core_that_does_not_exist_is_an_error_of_the_host(backend: ZygoteBackend) -> None:
    with pytest.raises(HostError, match="could not be locked"):
        backend.open("numpy", Limits(), timed=True, core=1000)


def test_what_is_printed_arrives_in_order(execute: Execute) -> None:
    code = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three \\u2713')"
    assert execute(code).output == "one\ntwo\nthree ✓\n"


def test_standard_input_is_at_its_end(execute: Execute) -> None:
    assert execute("import sys; answer(sys.stdin.read())").answer.value == ""


def test_sessions_can_be_opened_from_many_threads(backend: ZygoteBackend) -> None:
    answers: list[int] = []

    def one(number: int) -> None:
        with backend.open("numpy", Limits()) as session:
            answers.append(tell(session, f"answer({number})").value)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(16))


def test_an_owner_that_never_reads_loses_its_session_and_stalls_no_other(
    backend: ZygoteBackend,
) -> None:
    rude = backend.open("numpy", Limits())
    rude.control.setblocking(False)
    with backend.open("numpy", Limits()) as other:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):  # noqa: PT012
            while True:
                with contextlib.suppress(BlockingIOError):
                    rude.control.send(b"cpu")
                tell(other, "answer(1)")
        assert tell(rude, "answer(1)").died
        assert tell(other, "answer(2)").value == 2
    rude.control.settimeout(WAIT_SECONDS)
    with pytest.raises(HostError):
        rude.close()


def below(backend: ZygoteBackend) -> set[int]:
    """Return all processes of the backend's shells."""
    import psutil

    shells = [psutil.Process(starting.result().pid) for starting in backend._shells.values()]
    return {process.pid for shell in shells for process in shell.children(recursive=True)}


def groups(backend: ZygoteBackend) -> list[Path]:
    return list(backend.groups._roots.values())


def test_a_socket_of_a_session_is_a_plain_stream(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as session:
        assert session.stream.type == socket.SOCK_STREAM
        assert len(tell(session, "answer('x' * 3_000_000)").value) == 3_000_000
