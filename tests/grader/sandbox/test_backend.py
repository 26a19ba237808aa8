"""Any backend: flavours, checkers, refusals, and shells that die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import NewBackend, raw_flavours, tell

WAIT_SECONDS = 10.0


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def exercises(tmp_path: Path) -> Path:
    for name in ("mine", "other"):
        folder = tmp_path / "versions" / name
        folder.mkdir(parents=True)
        (folder / "solution.py").write_text(f"secret of {name}")
    tmp_path.chmod(0o755)
    return tmp_path / "versions"


def test_unknown_flavours_are_refused(backend: ZygoteBackend) -> None:
    with pytest.raises(HostError, match="no flavour 'fortran'"):
        backend.open("fortran", Limits())


def test_the_checker_is_no_flavour_of_a_session(backend: ZygoteBackend) -> None:
    with pytest.raises(HostError, match="no flavour 'checker'"):
        backend.open("checker", Limits())


def test_torch_is_there_in_its_flavour_and_starts_no_thread(backend: ZygoteBackend) -> None:
    code = """
        import torch
        x = torch.arange(6.0, requires_grad=True)
        (torch.nn.functional.softmax(x, 0) @ x).backward()
        answer([torch.get_num_threads(), float(x.grad.sum()) < 2])
    """
    with backend.open("torch", Limits(), timed=True) as session:
        assert tell(session, code).value == [1, True]


def test_the_first_optimiser_of_a_session_imports_hardly_anything(
    backend: ZygoteBackend,
) -> None:
    code = """
        import os
        import sys
        import torch
        weight = torch.nn.Parameter(torch.ones(2))
        before = set(sys.modules)
        optimiser = torch.optim.SGD([weight], lr=0.5, momentum=0.9)
        weight.sum().backward()
        optimiser.step()
        answer([weight.tolist(), len(set(sys.modules) - before) < 5])
        answer("TORCHINDUCTOR_CACHE_DIR" in os.environ)
    """
    with backend.open("torch", Limits(), timed=True) as session:
        assert tell(session, code).values == [[[0.5, 0.5], True], False]


def test_a_checker_sees_its_exercise_and_no_other(new_backend: NewBackend, exercises: Path) -> None:
    code = """
        import os
        found = []
        for folder, _, files in os.walk("/"):
            found += [folder + "/" + name for name in files if name == "solution.py"]
        answer(sorted(found))
        answer(open("/exercise/solution.py").read())
        answer(os.listdir("/exercises"))
    """
    with (
        new_backend(flavours=raw_flavours(), exercises=exercises) as backend,
        backend.open_checker(exercises / "mine", Limits()) as checker,
    ):
        answer = tell(checker, code)
    public = "/engine/grader/checker/rehearsal/solution.py"
    assert answer.values == [[public, "/exercise/solution.py"], "secret of mine", []]


def test_a_checker_cannot_change_its_exercise(backend: ZygoteBackend, exercises: Path) -> None:
    with backend.open_checker(exercises / "mine", Limits()) as checker:
        answer = tell(checker, "open('/exercise/solution.py', 'w')")
    assert answer.raised[0] in ("OSError", "PermissionError")
    assert (exercises / "mine" / "solution.py").read_text() == "secret of mine"


def test_a_version_that_arrives_later_is_seen(new_backend: NewBackend, exercises: Path) -> None:
    with new_backend(flavours=raw_flavours(), exercises=exercises) as backend:
        backend.open_checker(exercises / "mine", Limits()).close()
        (exercises / "late").mkdir()
        (exercises / "late" / "checks.py").write_text("late")
        with backend.open_checker(exercises / "late", Limits()) as checker:
            assert tell(checker, "answer(open('/exercise/checks.py').read())").value == "late"


def test_a_missing_exercise_folder_is_refused(backend: ZygoteBackend, tmp_path: Path) -> None:
    with pytest.raises(HostError, match="no exercise folder"):
        backend.open_checker(tmp_path / "absent", Limits())


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's sandboxes have his uid")
def test_a_folder_that_sandboxes_cannot_read_names_the_remedy(
    backend: ZygoteBackend, exercises: Path
) -> None:
    (exercises / "mine").chmod(0o700)
    with pytest.raises(HostError, match="chmod -R"):
        backend.open_checker(exercises / "mine", Limits())


def test_students_sessions_see_no_exercise(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as session:
        assert tell(session, "import os; answer(os.listdir('/exercise'))").value == []


def test_a_shell_that_died_is_started_anew(new_backend: NewBackend) -> None:
    with new_backend(flavours=raw_flavours(), groups=Groups.none()) as backend:
        session = backend.open("numpy", Limits())
        (shell,) = backend._shells.values()
        os.kill(shell.result().pid, signal.SIGKILL)
        assert wait_for(lambda: not shell.result()._reader.is_alive())
        with pytest.raises(HostError):
            session.close()
        with backend.open("numpy", Limits()) as fresh:
            assert tell(fresh, "answer(1)").value == 1


def test_an_import_that_fails_is_told_with_its_reason(new_backend: NewBackend) -> None:
    broken = replace(raw_flavours()["numpy"], preload=("no_such_module",))
    with (
        new_backend(flavours={"numpy": broken}, groups=Groups.none()) as backend,
        pytest.raises(HostError, match="no_such_module"),
    ):
        backend.open("numpy", Limits())


def test_an_import_that_starts_a_thread_is_refused(new_backend: NewBackend, tmp_path: Path) -> None:
    module = tmp_path / "threaded.py"
    module.write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()"
    )
    plain = raw_flavours()["numpy"]
    threaded = replace(
        plain, preload=("threaded",), extra=(*plain.extra, (module, "/engine/threaded.py"))
    )
    tmp_path.chmod(0o755)
    with (
        new_backend(flavours={"numpy": threaded}, groups=Groups.none()) as backend,
        pytest.raises(HostError, match="started a thread"),
    ):
        backend.open("numpy", Limits())
