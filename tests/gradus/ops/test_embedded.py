"""What keeps an installation from starting is said in one line with the remedy."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from gradus.ops import embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_taken_port_is_named_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(embedded.CannotStart, match=rf"port {port} .*PORT="):
            embedded.plan(tmp_path, "127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_an_impossible_port_is_refused(tmp_path: Path, port: int) -> None:
    with pytest.raises(embedded.CannotStart, match="PORT="):
        embedded.plan(tmp_path, "127.0.0.1", port)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.CannotStart, match="cannot be used"):
        embedded.plan(tmp_path / "file", "127.0.0.1", free_port())


def test_two_installations_cannot_share_a_data_folder(tmp_path: Path) -> None:
    with embedded.lock(tmp_path), pytest.raises(embedded.CannotStart, match="already runs"):
        embedded.lock(tmp_path)


def test_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    embedded.lock(tmp_path).close()
    embedded.lock(tmp_path).close()


def test_sockets_of_a_deep_data_folder_still_fit_the_kernel(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    installation = embedded.plan(deep, "127.0.0.1", free_port())
    assert len(os.fsencode(installation.grader_socket)) <= embedded.SOCKET_PATH_BYTES
    assert installation.run_folder.stat().st_mode & 0o077 == 0


def test_the_broker_asks_for_a_password_that_no_argument_shows(tmp_path: Path) -> None:
    installation = embedded.plan(tmp_path, "127.0.0.1", free_port())
    valkey = installation.children()[0]
    assert f"requirepass {installation.broker_password}" in valkey.stdin
    assert all(
        installation.broker_password not in argument
        for child in installation.children()
        for argument in child.command
    )
