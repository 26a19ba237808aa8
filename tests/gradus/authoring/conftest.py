"""A course's own exercises, and a real grader for those tests that need one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from grader.contracts import Gate, Measured
from grader.daemon.bundles import Bundles
from grader.daemon.host import Host
from grader.daemon.server import Server
from grader.job.backend import HostBackend, open_backend
from gradus.authoring import scaffold, services
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.authoring.services import jobs
from tests.people import NOON, Classroom


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
def grader(
    backend: HostBackend, versions: Path, tmp_path: Path, settings: Settings
) -> Iterator[None]:
    """A daemon in this process, on the socket that workers use."""
    flavours = set(backend.flavours) - {"checker"}
    host = Host.make(backend, Bundles(versions), slot_count=1, flavours=flavours)
    settings.GRADER_SOCKET = str(tmp_path / "grader.sock")
    server = Server(Path(settings.GRADER_SOCKET), host)
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield
    server.stop()
    thread.join(10)


@pytest.fixture
def copy(classroom: Classroom) -> WorkingCopy:
    """Iris's own exercise, as the wizard makes it."""
    return begun(classroom)


def begun(classroom: Classroom, kind: str = "code", slug: str = "mean-error") -> WorkingCopy:
    files = scaffold.files(kind, slug, "Mean error")
    return services.create(
        course=classroom.course, slug=slug, files=files, actor=classroom.iris.user, now=NOON
    )


def green(copy: WorkingCopy, **measured: dict[str, float]) -> AuthorJob:
    """A verification of the present files that a worker has brought to a green end."""
    services.verify(copy=copy, seeds=5, actor=copy.changed_by, now=NOON)
    job = jobs.claim_next("verify", now=NOON)
    assert job is not None
    gate = Gate(exercise=copy.exercise.slug, gate="reference", subject="solution.py", passed=True)
    jobs.store_verified(job, [gate], Measured(**measured), now=NOON)
    job.refresh_from_db()
    return job
