"""A wrong value names its variable, and never repeats what may be a password."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gradus.lib.environment import Environment

ROOT = Path(__file__).resolve().parents[3]
WRONG = {
    "MAX_PART_BYTES": ["abc", "-5", "0", "1048577", "1e6", ""],
    "DEBUG": ["maybe", "2", ""],
    "TIME_ZONE": ["Mars/Olympus", ""],
    "DATABASE_URL": ["nonsense", "mysql://u:hunter2@h/d", "http://["],
    "REDIS_URL": ["nonsense", "amqp://u:hunter2@h", ""],
    "EMAIL_URL": ["nonsense", "fax://u:hunter2@h"],
    "SECRET_KEY": ["hunter2"],
}


def read(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv(name, value)
    env = Environment()
    readers: dict[str, Callable[[], object]] = {
        "MAX_PART_BYTES": lambda: env.number(name, 4096, least=1024, most=1 << 20),
        "DEBUG": lambda: env.switch(name, False),
        "TIME_ZONE": lambda: env.time_zone(name, "UTC"),
        "DATABASE_URL": lambda: env.database(name, Path("/data/rows")),
        "REDIS_URL": lambda: env.broker(name, "redis://127.0.0.1"),
        "EMAIL_URL": lambda: env.mail(name, Path("/data/mail")),
        "SECRET_KEY": lambda: env.secret(name),
    }
    return readers[name]()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_names_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} ") as caught:
        read(name, value, monkeypatch)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MAX_PART_BYTES", " 2048 ", 2048),
        ("DEBUG", "On", True),
        ("TIME_ZONE", "Europe/Berlin", "Europe/Berlin"),
        ("REDIS_URL", "rediss://host/1", "rediss://host/1"),
        ("SECRET_KEY", "", ""),
    ],
)
def test_a_right_value_is_taken(
    name: str, value: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(name, value, monkeypatch) == expected


def test_a_data_folder_may_have_any_name(tmp_path: Path) -> None:
    file = tmp_path / "a b#c?d%20e" / "gradus.sqlite3"
    assert Environment().database("NO_SUCH_VARIABLE", file)["NAME"] == str(file)


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("s" * 40 + "\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert Environment().secret("SECRET_KEY") == "s" * 40


def test_the_start_says_one_line_and_no_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "GRADUS_DATA": str(tmp_path), "LEASE_SECONDS": "0"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == "CommandError: LEASE_SECONDS is 0; it must be from 10 to 600.\n"
