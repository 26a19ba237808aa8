"""A daemon in this process, with a real socket and real sandboxes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.daemon.bundles import Bundles
from grader.daemon.host import Host
from grader.daemon.server import Server
from grader.job.backend import HostBackend


@pytest.fixture
def host(backend: HostBackend, versions: Path) -> Host:
    flavours = set(backend.flavours) - {"checker"}
    return Host.make(backend, Bundles(versions), slot_count=1, flavours=flavours)


@pytest.fixture
def daemon(host: Host, tmp_path: Path) -> Iterator[Path]:
    """The socket of a daemon with one slot."""
    path = tmp_path / "grader.sock"
    server = Server(path, host)
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield path
    server.stop()
    thread.join(10)
    assert not thread.is_alive()
