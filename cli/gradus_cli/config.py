"""The sites one is logged in at, in a file that only its owner may read."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from gradus_cli.errors import CliError, NotLoggedIn

HOME = "GRADUS_CLI_HOME"  # another folder for the file, for tests and shared machines


@dataclass(frozen=True, slots=True)
class Login:
    """A site and a token for it."""

    site: str  # as https://gradus.example.org, without a slash at the end
    token: str
    username: str


def file() -> Path:
    folder = os.environ.get(HOME)
    return (Path(folder) if folder else user_config_path("gradus")) / "logins.json"


def login_at(site: str | None) -> Login:
    """Return the login of a site; without one, that of the last site. Raises: NotLoggedIn."""
    logins = _read()
    if site is None and logins:
        return logins[0]
    for login in logins:
        if login.site == site:
            return login
    where = f" {site}" if site else " ADDRESS"
    raise NotLoggedIn(f"You are not logged in. Run: gradus login{where}")


def keep(login: Login) -> None:
    """Keep a login, as the one that is used where no site is named."""
    _write([login, *(other for other in _read() if other.site != login.site)])


def forget(site: str) -> None:
    _write([login for login in _read() if login.site != site])


def _read() -> list[Login]:
    try:
        rows: Any = json.loads(file().read_text())
        return [Login(**row) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise CliError(f"{file()} cannot be read. Remove it and log in again.") from error


def _write(logins: list[Login]) -> None:
    folder = file().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = [{"site": one.site, "token": one.token, "username": one.username} for one in logins]
    handle, name = tempfile.mkstemp(dir=folder)  # for its owner only
    with os.fdopen(handle, "w") as new:
        json.dump(rows, new)
    Path(name).replace(file())
