"""Backends in containers of a real engine; the images must be there (`deploy/images/build.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from grader.sandbox.docker.backend import DockerBackend
from grader.sandbox.docker.choose import docker_backend
from grader.sandbox.docker.engine import LABEL_FOLDER
from grader.sandbox.docker.settings import Mode, Settings, from_environment
from tests.grader.sandbox.conftest import raw_flavours

Open = Callable[..., DockerBackend]


def belonging_to(engine: docker.DockerClient, folder: Path) -> list[Container]:
    """Return the containers of daemons with this folder, whatever their state.

    Only what the list itself says of them: any may vanish before a second question.
    """
    label = {"label": f"{LABEL_FOLDER}={folder}"}
    return list(engine.containers.list(all=True, filters=label, sparse=True))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What the environment says, with a meeting place that no other daemon uses."""
    folder = tmp_path_factory.mktemp("meet")
    return replace(from_environment(), folder=folder, mode=Mode.ZYGOTE)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[docker.DockerClient]:
    client = docker.DockerClient(base_url=settings.engine)
    yield client
    client.close()


@pytest.fixture(scope="session")
def ours(settings: Settings, engine: docker.DockerClient) -> Callable[[], list[str]]:
    """Return a function that lists the containers of these tests, whatever their state."""
    return lambda: [one.id for one in belonging_to(engine, settings.folder)]


@pytest.fixture(scope="session")
def zygotes(settings: Settings) -> Iterator[DockerBackend]:
    with docker_backend(flavours=raw_flavours(), settings=settings) as backend:
        yield backend


@pytest.fixture(scope="session")
def lonely(settings: Settings) -> Iterator[DockerBackend]:
    """Single-use containers, under the engine's own runtime."""
    single = replace(settings, mode=Mode.SINGLE_USE, pool=1)
    with docker_backend(flavours=raw_flavours(), settings=single) as backend:
        yield backend


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    folder = tmp_path / "versions"
    folder.mkdir()
    tmp_path.chmod(0o755)
    return folder
