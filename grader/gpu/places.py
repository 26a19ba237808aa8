"""The folder in which the daemons of a host agree on devices: locks and quarantine.

A lock is the kernel's, on a file named for the device; it goes with its holder, however that ends.
A quarantine is a file, so that it outlives every daemon; one that cannot be read still holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import HostError
from grader.gpu.driver import UUID
from grader.gpu.health import Fault

VARIABLE = "GRADUS_GPU_FOLDER"
COOL_OFF = "GRADUS_GPU_COOL_OFF_MINUTES"
USUAL_FOLDER = "/run/lock/gradus-gpu"
USUAL_MINUTES = 30
MOST_MINUTES = 7 * 24 * 60
MOST_BYTES = 4096
SHARED = 0o666  # daemons of several users lock the same files; who may is the folder's to say


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why a device rests, and until when; infinity: until an operator releases it."""

    reason: str
    until: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Places:
    """One host's folder."""

    folder: Path
    cool_off_seconds: float = USUAL_MINUTES * 60.0

    @contextmanager
    def lock(self, uuid: str) -> Iterator[bool]:
        """Hold a device's lock in the block; False where another holds it. Raises: HostError."""
        held = self._open(f"{_checked(uuid)}.lock")
        try:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(held)

    def quarantine(self, uuid: str, fault: Fault, now: float) -> None:
        """Let a device rest. Raises: HostError."""
        until = None if fault.lasting else now + self.cool_off_seconds
        data = json.dumps({"reason": fault.reason[:1000], "since": now, "until": until})
        place = self._quarantine_file(uuid)
        draft = place.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(data)
            draft.replace(place)
        except OSError as error:
            raise self._unusable(error) from error

    def quarantined(self, uuid: str, now: float) -> Quarantine | None:
        """Return a device's quarantine; None where it has none, or has cooled off."""
        try:
            with open(self._quarantine_file(uuid), encoding="utf-8") as file:
                text = file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            return Quarantine(f"Its file cannot be read: {error}.", math.inf)
        found = _parsed(text)
        return None if found.until <= now else found

    def release(self, uuid: str) -> bool:
        """End a quarantine; False where there was none. Raises: HostError."""
        try:
            self._quarantine_file(uuid).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        return True

    def _quarantine_file(self, uuid: str) -> Path:
        return self.folder / f"{_checked(uuid)}.quarantine"

    def _open(self, name: str) -> int:
        flags = os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return os.open(self.folder / name, flags, SHARED)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> HostError:
        why = error.strerror or str(error)
        return HostError(f"The folder {self.folder} cannot be used: {why}; set {VARIABLE}.")


def from_environment(environ: Mapping[str, str] = os.environ) -> Places:
    """Read the settings. Raises: HostError, naming the variable that makes no sense."""
    text = environ.get(COOL_OFF) or str(USUAL_MINUTES)
    if not text.isascii() or not text.isdigit() or int(text) > MOST_MINUTES:
        raise HostError(f"{COOL_OFF} is {text!r}; it must be a whole number up to {MOST_MINUTES}.")
    return Places(Path(environ.get(VARIABLE) or USUAL_FOLDER), int(text) * 60.0)


def _checked(uuid: str) -> str:
    """Raises: HostError, for what is no device and might name another file."""
    if not UUID.fullmatch(uuid):
        raise HostError(f"{uuid[:80]!r} is no device; `python -m grader gpu` lists them.")
    return uuid


def _parsed(text: str) -> Quarantine:
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        data = json.loads(text)
        until = math.inf if data["until"] is None else float(data["until"])
        if not math.isnan(until):
            return Quarantine(str(data["reason"])[:1000], until)
    return Quarantine("Its file makes no sense.", math.inf)
