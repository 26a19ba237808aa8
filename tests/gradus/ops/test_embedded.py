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


def test_the_grader_is_given_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:hunter2@h/d")
    monkeypatch.setenv("SECRET_KEY", "hunter2" * 8)
    installation = embedded.plan(tmp_path, "127.0.0.1", free_port())
    grader = next(child for child in installation.children() if child.name == "grader")
    given = " ".join([*grader.environment.values(), *grader.command])
    assert "hunter2" not in given
    assert installation.broker_password not in given


def test_the_brokers_folder_may_have_any_name(tmp_path: Path) -> None:
    odd = tmp_path / 'a b"c\\d#é'
    installation = embedded.plan(odd, "127.0.0.1", free_port())
    valkey = installation.children()[0]
    assert f'dir "{tmp_path}/a b\\"c\\\\d#é/run"' in valkey.stdin


def test_the_short_run_folder_goes_when_the_installation_stops(tmp_path: Path) -> None:
    installation = embedded.plan(tmp_path / ("x" * 120), "127.0.0.1", free_port())
    installation.clear()
    assert not installation.run_folder.exists()


@pytest.mark.parametrize(
    ("host", "address"), [("0.0.0.0", "http://127.0.0.1:"), ("127.0.0.1", "http://127.0.0.1:")]
)
def test_the_address_can_be_opened_whatever_is_listened_on(
    tmp_path: Path, host: str, address: str
) -> None:
    assert embedded.plan(tmp_path, host, free_port()).address.startswith(address)
