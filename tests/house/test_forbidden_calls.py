"""What our own code never does, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.syntax import ROOT, calls, imports, python_files

FORBIDDEN_CALLS = {"eval", "exec", "np.load", "numpy.load", "torch.load", "os.system", "os.popen"}
FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
# Where code of authors or students runs, which is what these places are for.
MAY_EXECUTE = ("grader/runner/", "grader/checker/author_code.py")
MAY_SPAWN = ("grader/sandbox/", "grader/daemon/", "platform/gradus/ops/")
OURS = python_files("grader", "platform")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def found(source: str) -> set[str]:
    """Return the forbidden calls and imports of a file."""
    roots = {module.split(".")[0] for module in imports(source)}
    return {call for _, call in calls(source)} & FORBIDDEN_CALLS | roots & FORBIDDEN_IMPORTS


@pytest.mark.parametrize(
    "source",
    ["eval('1')", "import pickle", "from pickle import loads", "import numpy as np\nnp.load('x')"],
)
def test_the_rule_sees_what_it_forbids(source: str) -> None:
    assert found(source)


@pytest.mark.parametrize("path", OURS, ids=name)
def test_no_pickle_eval_exec_or_load(path: Path) -> None:
    allowed = {"exec", "eval"} if name(path).startswith(MAY_EXECUTE) else set()
    assert found(path.read_text()) - allowed == set()


@pytest.mark.parametrize("path", OURS, ids=name)
def test_only_sandbox_daemon_and_operations_start_processes(path: Path) -> None:
    spawns = "subprocess" in imports(path.read_text())
    assert not spawns or name(path).startswith(MAY_SPAWN)


@pytest.mark.parametrize("path", python_files("platform"), ids=name)
def test_no_signals_between_apps(path: Path) -> None:
    assert "django.db.models.signals" not in imports(path.read_text())
