"""Make what compose.yaml needs and no image holds: secrets, a folder, this host's numbers.

    python3 deploy/platform/prepare.py [--folder var/compose] [--grader-folder /var/lib/gradus]

Writes FOLDER/secrets/ and FOLDER/env. What is there already stays, so it may run again at any time;
needs only the standard library.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

GRADER_UID, PLATFORM_GID = 62141, 62140
ENGINE = "/var/run/docker.sock"


class Stopped(Exception):
    """What is missing, with the remedy, in one line."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("var/compose"))
    parser.add_argument(
        "--grader-folder",
        type=Path,
        default=Path("/var/lib/gradus"),
        help="on this host, for the grader and its containers alone (/var/lib/gradus)",
    )
    parser.add_argument("--engine", type=Path, default=Path(ENGINE), help=f"its socket ({ENGINE})")
    options = parser.parse_args()
    try:
        make_secrets(options.folder / "secrets")
        make_grader_folder(options.grader_folder)
        make_env(options.folder, options.grader_folder, options.engine)
    except (Stopped, OSError) as error:
        print(f"prepare stopped: {error}", file=sys.stderr)
        return 1
    print(f"ready: docker compose --env-file {options.folder / 'env'} up -d")
    return 0


def make_secrets(folder: Path) -> None:
    """Make each secret that is not there yet; the folder is its owner's alone.

    The files are readable for all: they are mounted one by one into containers of other users.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if "SUDO_UID" in os.environ:  # who will call compose
        for each in (folder.parent, folder):
            os.chown(each, int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))

    def made(name: str, content: Callable[[], str]) -> str:
        file = folder / name
        with contextlib.suppress(FileExistsError), file.open("x") as out:
            out.write(content())
        file.chmod(0o444)
        return file.read_text()

    database = made("database-password", lambda: secrets.token_hex(24))
    broker = made("broker-password", lambda: secrets.token_hex(24))
    made("database-url", lambda: f"postgres://gradus:{database}@postgres/gradus")
    made("redis-url", lambda: f"redis://:{broker}@broker/0")
    made("secret-key", lambda: secrets.token_hex(32))
    made("installation-secret", lambda: secrets.token_hex(32))
    made("email-url", lambda: "")


def make_grader_folder(folder: Path) -> None:
    """Raises: Stopped, where it belongs to somebody else."""
    try:
        for each in (folder, folder / "cache", folder / "meeting"):
            each.mkdir(parents=True, exist_ok=True, mode=0o711)
            if os.geteuid() == 0:
                os.chown(each, GRADER_UID, PLATFORM_GID)
    except PermissionError as error:
        raise Stopped(f"{folder} cannot be made by this user: run this with sudo.") from error
    owner = folder.stat().st_uid
    if owner != GRADER_UID:
        raise Stopped(f"{folder} belongs to user {owner}, not {GRADER_UID}: run this with sudo.")


def make_env(folder: Path, grader_folder: Path, engine: Path) -> None:
    """Raises: Stopped, where there is no engine."""
    if not engine.is_socket():
        raise Stopped(f"{engine} is no socket of a container engine; start it, or use --engine.")
    file = folder / "env"
    values = {
        "SECRETS": (folder / "secrets").resolve(),
        "ENGINE_SOCKET": engine.resolve(),
        "ENGINE_GID": engine.stat().st_gid,
        "GRADER_FOLDER": grader_folder.resolve(),
    }
    known = file.read_text() if file.exists() else ""
    names = {line.split("=", 1)[0] for line in known.splitlines()}
    with file.open("a") as out:
        for name, value in values.items():
            if name not in names:
                out.write(f"{name}={value}\n")


if __name__ == "__main__":
    sys.exit(main())
