"""bubblewrap: its processes, its user, and what is left when the daemon dies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox import bubblewrap, zygotes
from grader.sandbox.bubblewrap import BubblewrapBackend
from grader.sandbox.limits.cgroup import Groups
from tests.grader.sandbox.conftest import raw_flavours, tell

WAIT_SECONDS = 10.0


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_nothing_is_left_after_stop() -> None:
    backend = BubblewrapBackend(flavours=raw_flavours())
    session = backend.open("numpy", Limits())
    tell(session, "while True: pass", wait=False)
    roots = list(backend.groups._roots.values())
    (shell,) = backend._shells.values()
    family = psutil.Process(shell.result().pid).children(recursive=True)
    assert len(family) == 4  # bubblewrap's process 1, the zygote and its parent, the session
    backend.stop()
    assert wait_for(lambda: not any(process.is_running() for process in family))
    assert not any(root.exists() for root in roots)
    with pytest.raises(HostError, match="has been stopped"):
        backend.open("numpy", Limits())


DAEMON = """
import sys
sys.path.insert(0, sys.argv[1])
from grader.exercise.limits import Limits
from grader.sandbox.bubblewrap import BubblewrapBackend
from tests.grader.sandbox.conftest import raw_flavours, tell
backend = BubblewrapBackend(flavours=raw_flavours())
kept = [backend.open("numpy", Limits()) for _ in range(3)]
for session in kept:
    tell(session, "import os\\nos.fork()\\nwhile True: pass", wait=False)
print("open", *[root for root in backend.groups._roots.values()], flush=True)
sys.stdin.read()
"""


def test_killing_the_daemon_leaves_no_process_and_the_next_start_no_group() -> None:
    root = Path(bubblewrap.__file__).parents[2]
    command = [sys.executable, "-c", DAEMON, str(root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as daemon:  # type: ignore[call-overload]
        opened = daemon.stdout.readline().split()
        assert opened[0] == "open"
        family = psutil.Process(daemon.pid).children(recursive=True)
        assert wait_for(lambda: len(psutil.Process(daemon.pid).children(recursive=True)) == 10)
        daemon.kill()
        daemon.wait()
        assert wait_for(lambda: not any(process.is_running() for process in family))
    Groups.detect().remove()
    assert not any(Path(folder).exists() for folder in opened[1:])


def test_a_thread_that_ends_takes_no_shell_with_it() -> None:
    import threading

    with BubblewrapBackend(flavours=raw_flavours(), groups=Groups.none()) as backend:
        thread = threading.Thread(target=backend.warm, args=("numpy",))
        thread.start()
        thread.join()
        (shell,) = backend._shells.values()
        with backend.open("numpy", Limits()) as session:
            assert tell(session, "answer(1)").value == 1
        assert shell.result().alive


def test_a_missing_environment_names_the_remedy(tmp_path: Path) -> None:
    absent = replace(raw_flavours()["numpy"], environment=tmp_path / "absent")
    with (
        BubblewrapBackend(flavours={"numpy": absent}, groups=Groups.none()) as backend,
        pytest.raises(HostError, match="make setup"),
    ):
        backend.open("numpy", Limits())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the sandboxes' uid")
@pytest.mark.parametrize("text", ["0", "-1", "nobody", ""])
def test_a_wrong_sandbox_uid_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("GRADUS_SANDBOX_UID", text)
    with pytest.raises(HostError, match="GRADUS_SANDBOX_UID"):
        zygotes.sandbox_uid()
