"""Content-addressed files in the data folder: bundles of versions, figure data, examples."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import NewType

from django.conf import settings

Shelf = NewType("Shelf", str)
BUNDLES = Shelf("bundles")  # addressed by the digest of the exercise folder
FIGURES = Shelf("figures")  # addressed by their own sha256
EXAMPLES = Shelf("examples")  # addressed by version and numbers

_ADDRESS = re.compile(r"[0-9a-f]{64}")


def put(shelf: Shelf, address: str, data: bytes) -> None:
    """Store the bytes under 64 hexadecimal digits; what is there already stays, as if new."""
    path = _path(shelf, address)
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)  # so that `discard` leaves it to its new user
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".fresh-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def get(shelf: Shelf, address: str) -> bytes | None:
    """The stored bytes, or None."""
    try:
        return _path(shelf, address).read_bytes()
    except FileNotFoundError:
        return None


def discard(shelf: Shelf, address: str, *, unused_since: datetime) -> bool:
    """Remove a blob that was last stored before then; whether it went.

    The caller knows that nothing refers to it; who stores it again meanwhile makes it new.
    """
    path = _path(shelf, address)
    try:
        if path.stat().st_mtime >= unused_since.timestamp():
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _path(shelf: Shelf, address: str) -> Path:
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address[:80]!r} is no address of a blob")
    return Path(settings.DATA) / shelf / address[:2] / address
