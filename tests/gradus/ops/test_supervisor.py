"""The supervisor's promises, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"

DRIVER = """
import os, sys
from pathlib import Path
from gradus.ops.supervisor import Child, KeepsDying, Supervisor
logs, code = Path(sys.argv[1]), sys.argv[2]
supervisor = Supervisor(logs, lambda line: print(line, flush=True))
supervisor.take_signals()
supervisor.start(Child("child", (sys.executable, "-u", "-c", code), os.environ))
print("started", flush=True)
try:
    supervisor.watch()
except KeepsDying as reason:
    print(f"gave up: {reason}", flush=True)
finally:
    supervisor.stop()
print("stopped", flush=True)
"""


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Installation:
    """A supervisor in a process of its own, with one child that writes its pid to its log."""

    def __init__(self, logs: Path, code: str) -> None:
        self.log = logs / "child.log"
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}"}
        announce = "import os; print(os.getpid(), flush=True); "
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(logs), announce + code],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def child_pids(self) -> list[int]:
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.read()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    made: list[Installation] = []

    def _start(code: str) -> Installation:
        made.append(Installation(tmp_path / "logs", code))
        return made[-1]

    yield _start
    for installation in made:
        installation.process.kill()
        installation.process.wait()


def test_sigkill_of_the_supervisor_leaves_no_child(start: Callable[[str], Installation]) -> None:
    installation = start(f"{STUBBORN}; time.sleep(600)")
    wait_until(lambda: bool(installation.child_pids()))
    installation.process.send_signal(signal.SIGKILL)
    installation.process.wait()
    wait_until(lambda: not alive(installation.child_pids()[0]), seconds=5)


def test_interrupt_stops_even_a_child_that_ignores_it(start: Callable[[str], Installation]) -> None:
    installation = start(f"{STUBBORN}; time.sleep(600)")
    wait_until(lambda: bool(installation.child_pids()))
    installation.process.send_signal(signal.SIGINT)
    installation.process.wait(timeout=6)
    assert not alive(installation.child_pids()[0])
    assert "stopped" in installation.said()


def test_a_child_that_dies_is_started_again(start: Callable[[str], Installation]) -> None:
    installation = start("import time; time.sleep(600)")
    wait_until(lambda: len(installation.child_pids()) == 1)
    os.kill(installation.child_pids()[0], signal.SIGKILL)
    wait_until(lambda: len(installation.child_pids()) == 2)
    assert alive(installation.child_pids()[1])


def test_a_child_that_keeps_dying_stops_the_installation_with_its_last_words(
    start: Callable[[str], Installation],
) -> None:
    installation = start("raise SystemExit('no such table')")
    installation.process.wait(timeout=20)
    said = installation.said()
    assert "gave up: child keeps ending: no such table" in said
    assert "stopped" in said


def test_the_death_of_the_parent_stops_everything(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\nsubprocess.Popen(sys.argv[1:])\ntime.sleep(600)",
            *[sys.executable, "-c", DRIVER, str(logs), code],
        ],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}"},
        stdout=subprocess.DEVNULL,
    )
    log = logs / "child.log"
    wait_until(lambda: log.exists() and bool(log.read_text().strip()))
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(int(log.read_text())), seconds=5)
