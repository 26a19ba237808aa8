from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.platform import prepare


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_secrets_are_long_and_differ_between_installations(tmp_path: Path) -> None:
    for name in ("one", "other"):
        prepare.make_secrets(tmp_path / name)
    one, other = contents(tmp_path / "one"), contents(tmp_path / "other")
    made = one.keys() - {"email-url"}
    assert all(len(one[name]) >= 32 and one[name] != other[name] for name in made)


def test_the_addresses_hold_the_passwords_that_the_servers_get(tmp_path: Path) -> None:
    prepare.make_secrets(tmp_path)
    found = contents(tmp_path)
    assert urlsplit(found["database-url"]).password == found["database-password"]
    assert urlsplit(found["redis-url"]).password == found["broker-password"]


def test_what_is_there_stays(tmp_path: Path) -> None:
    prepare.make_secrets(tmp_path)
    before = contents(tmp_path)
    prepare.make_secrets(tmp_path)
    assert contents(tmp_path) == before


def test_only_the_owner_enters_the_folder_of_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    prepare.make_secrets(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_engine_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(prepare.Stopped, match="is no socket"):
        prepare.make_env(tmp_path, tmp_path, tmp_path / "docker.sock")


def test_the_env_file_keeps_what_an_operator_wrote(tmp_path: Path) -> None:
    engine = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(engine))
        (tmp_path / "env").write_text("PORT=9000\nGRADER_FOLDER=/elsewhere\n")
        prepare.make_env(tmp_path, tmp_path / "grader", engine)
        prepare.make_env(tmp_path, tmp_path / "grader", engine)
    lines = (tmp_path / "env").read_text().splitlines()
    assert lines[:2] == ["PORT=9000", "GRADER_FOLDER=/elsewhere"]
    assert f"ENGINE_GID={engine.stat().st_gid}" in lines
    assert len({line.split("=")[0] for line in lines}) == len(lines) == 5


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a folder to another user")
def test_the_folder_belongs_to_the_grader_alone(tmp_path: Path) -> None:
    prepare.make_grader_folder(tmp_path / "gradus")
    for folder in (tmp_path / "gradus", tmp_path / "gradus" / "meeting"):
        assert folder.stat().st_uid == prepare.GRADER_UID
        assert not folder.stat().st_mode & stat.S_IWOTH
