"""The only module that speaks to the grader daemon (docs/contributors/protocol.md).

One connection is one job: the daemon says hello, gets the request with the parts behind it, and
sends lines until the last one. It says `alive` every two seconds whatever else happens, so silence
means that it is gone. Closing the connection ends the job on the other side. Each line is
validated; a daemon that breaks the protocol is treated like one that died.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from grader import contracts
from grader.contracts import LineError, Reply, Request
from grader.lines import LineClosed, Lines, LineTimeout
from gradus.submissions.errors import GraderLost, GraderUnreachable

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 5 * contracts.ALIVE_SECONDS


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of the daemon, with the bytes that followed it."""

    line: Reply
    payload: bytes = b""

    @property
    def is_last(self) -> bool:
        return isinstance(self.line, contracts.LAST)


def ask(
    path: str, request: Request, parts: dict[str, bytes], bundle: Callable[[str], bytes | None]
) -> Generator[Heard]:
    """Send one job and yield what comes back, the last line included; `need` is answered here.

    Close the iterator to end the job early.

    Raises:
        GraderUnreachable: nobody listens, or not the protocol that we speak; nothing was tried.
        GraderLost: the connection ended, fell silent or made no sense before the last line.
    """
    lines, _ = _connect(path)
    with contextlib.closing(lines):
        try:
            lines.send(request, b"".join(parts[name] for name in request.bytes))
            yield from _listen(lines, bundle)
        except (LineClosed, LineTimeout, LineError) as error:
            raise GraderLost(f"{type(error).__name__}: {error}") from error


def hello(path: str) -> contracts.Hello:
    """How the grader is. Raises: GraderUnreachable."""
    lines, said = _connect(path)
    lines.close()
    return said


def _connect(path: str) -> tuple[Lines, contracts.Hello]:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(CONNECT_SECONDS)
    try:
        sock.connect(path)
        lines = Lines(sock)
        first = contracts.parse_reply(lines.read_line(time.monotonic() + CONNECT_SECONDS))
    except (OSError, LineClosed, LineTimeout, LineError) as error:
        sock.close()
        raise GraderUnreachable(f"{type(error).__name__}: {error}") from error
    if not isinstance(first, contracts.Hello) or first.protocol != contracts.PROTOCOL:
        lines.close()
        raise GraderUnreachable(f"the grader does not speak protocol {contracts.PROTOCOL}")
    return lines, first


def _listen(lines: Lines, bundle: Callable[[str], bytes | None]) -> Iterator[Heard]:
    while True:
        line = contracts.parse_reply(lines.read_line(time.monotonic() + SILENCE_SECONDS))
        payload = lines.read_bytes(line.payload, time.monotonic() + SILENCE_SECONDS)
        if isinstance(line, contracts.Need):
            packed = bundle(line.version) or b""
            lines.send(contracts.Bundle(version=line.version, bytes=len(packed)), packed)
        elif isinstance(line, contracts.Artifact) and not _is_hash(line.sha256, payload):
            raise LineError("an artifact has another hash than its line")
        heard = Heard(line, payload)
        yield heard
        if heard.is_last:
            return


def _is_hash(sha256: str, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == sha256
