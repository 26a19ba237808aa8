"""Tests on a real GPU: chosen with `make test-gpu`, and only there. Without one they fail.

They need a container engine with the nvidia runtime and the images `checker` and `torch-cuda`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.gpu.lane import Devices, Lease
from grader.gpu.nvml import Nvml
from grader.gpu.places import Places
from grader.job.backend import HostBackend
from grader.sandbox.docker.choose import docker_backend
from grader.sandbox.docker.settings import Mode, from_environment


@pytest.fixture(scope="session")
def driver() -> Nvml:
    return Nvml()


@pytest.fixture
def devices(driver: Nvml, tmp_path: Path) -> Devices:
    """This host's devices, with a quarantine of the test's own."""
    return Devices(driver, Places(tmp_path / "gpu"))


@pytest.fixture
def lease(devices: Devices) -> Iterator[Lease]:
    with devices.lease(lambda: True) as held:
        yield held


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def backend(versions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostBackend]:
    settings = replace(
        from_environment(),
        mode=Mode.SINGLE_USE,
        flavours=("torch-cuda",),
        folder=tmp_path_factory.mktemp("meet"),
        session_mib=16384,
    )
    opened = docker_backend(settings=settings, exercises=versions)
    yield opened
    opened.stop()
