"""`python -m grader serve` as a process: warm, stopped when asked, nothing left when killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import contracts
from grader.contracts import Hello, VerdictLine
from grader.exercise.bundle import pack
from tests.grader.bank import SOLUTION, write_exercise
from tests.grader.daemon.client import Client, request
from tests.processes import descendants

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0


def wait_for(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


Daemon = tuple[subprocess.Popen[bytes], Path]


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def answers(path: Path) -> bool:
    try:
        Client(path).lines.close()
    except OSError:
        return False
    return True


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    path = tmp_path / "grader.sock"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "grader", "serve",
            "--socket", str(path), "--cache", str(tmp_path / "cache"), "--slots", "1",
        ],
        cwd=ROOT,
    )  # fmt: skip
    try:
        wait_for(lambda: answers(path))
        yield process, path
    finally:
        process.kill()
        process.wait()


def warm(path: Path) -> bool:
    with Client(path) as client:
        assert isinstance(client.hello, Hello)
        return {"checker", "numpy"} <= set(client.hello.warm)


def test_it_grades_and_ends_cleanly_when_asked(daemon: Daemon, tmp_path: Path) -> None:
    process, path = daemon
    wait_for(lambda: warm(path))
    folder = write_exercise(tmp_path / "double")
    with Client(path) as client:
        last = client.ask("grade", folder, {"solution.py": SOLUTION.encode()})[-1]
    assert isinstance(last, VerdictLine)
    assert last.verdict["status"] == "passed"
    below = descendants(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    wait_for(lambda: not alive(below), 5.0)
    assert not path.exists()


def test_killed_in_the_middle_of_a_job_it_leaves_no_process(daemon: Daemon, tmp_path: Path) -> None:
    process, path = daemon
    folder = write_exercise(tmp_path / "double")
    parts = {"solution.py": b"def double(x):\n    while True:\n        pass\n"}
    with Client(path) as client:
        grade_until_a_check_runs(client, folder, parts)
        below = descendants(process.pid)
        assert len(below) >= 4  # two shells with their zygotes, a checker, a session
        os.kill(process.pid, signal.SIGKILL)
        wait_for(lambda: not alive(below), 5.0)


def grade_until_a_check_runs(client: Client, folder: Path, parts: dict[str, bytes]) -> None:
    """Send a job, give its bundle, and return when its first check runs."""
    client.send(request("grade", folder, parts), parts)
    need = client.until(contracts.Need)
    assert isinstance(need, contracts.Need)
    data = pack(folder)
    client.lines.send(contracts.Bundle(version=need.version, bytes=len(data)), data)
    client.until(contracts.Check)


def test_a_second_daemon_at_the_same_socket_refuses_to_start(
    daemon: Daemon, tmp_path: Path
) -> None:
    _, path = daemon
    done = subprocess.run(
        [sys.executable, "-m", "grader", "serve", "--socket", path, "--cache", tmp_path / "two"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert "Another grader already listens" in done.stderr
