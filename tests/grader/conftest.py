"""One warm backend for all tests of the engine that grade for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.job.alone import Adopted, adopt
from grader.job.backend import HostBackend, open_backend


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder whose exercises sandboxes see."""
    folder = tmp_path_factory.mktemp("versions")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def backend(versions: Path, backend_name: str) -> Iterator[HostBackend]:
    opened = open_backend(backend_name, versions)
    yield opened
    opened.stop()


@pytest.fixture
def exercise(tmp_path: Path, versions: Path) -> Adopted:
    """The exercise `double` of tests/grader/bank.py, where sandboxes see it."""
    from tests.grader.bank import write_exercise

    return adopt(write_exercise(tmp_path / "double"), versions)
