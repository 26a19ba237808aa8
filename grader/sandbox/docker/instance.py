"""One daemon's meeting place with its containers, and the proof that it lives.

Below the configured folder each daemon has one of its own with a file that it keeps locked. The
kernel drops the lock when the daemon dies, however it dies; so whoever can take the lock of another
knows that its containers belong to nobody. That works from one container to another as well.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import HostError

LOCK = "lock"
SOCKET = "socket"


class Instance:
    """This daemon's folder below the configured one."""

    def __init__(self, folder: Path) -> None:
        """Make and lock it. Raises: HostError."""
        self.name = secrets.token_hex(6)
        self.folder = folder / self.name
        self._numbers = itertools.count(1)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(mode=0o700)
            self._lock = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HostError(
                f"The folder {folder} cannot be used: {error.strerror}; set GRADUS_DOCKER_FOLDER."
            ) from error

    @contextmanager
    def meeting(self, uid: int) -> Iterator[tuple[Path, socket.socket]]:
        """Yield a folder with a socket that listens in it, for one container of this user.

        Nobody else can reach it, and afterwards it is gone.
        """
        place = self.folder / f"m{next(self._numbers)}"
        place.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            try:
                listener.bind(str(place / SOCKET))
                listener.listen(1)
                if os.geteuid() == 0:
                    os.chown(place / SOCKET, uid, uid)
                    os.chown(place, uid, uid)
                yield place, listener
            finally:
                shutil.rmtree(place, ignore_errors=True)

    def close(self) -> None:
        """Give the lock back and remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._lock)


def is_dead(folder: Path, name: str) -> bool:
    """Tell whether the daemon with this name is gone."""
    try:
        held = os.open(folder / name / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(held)
    return True


def dead_folders(folder: Path) -> list[Path]:
    """Return what dead daemons left below the configured folder."""
    return [
        path for path in folder.glob("*") if (path / LOCK).exists() and is_dead(folder, path.name)
    ]
