"""A client of the daemon for tests: one connection, lines as models."""

from __future__ import annotations

import hashlib
import socket
import time
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel

from grader import contracts
from grader.contracts import LAST, Op, Request
from grader.exercise.bundle import pack
from grader.exercise.digest import version_of
from grader.lines import Lines

PATIENCE = 60.0  # seconds: a limit, never reached when all is well


class Client:
    """Connects, reads hello, and speaks the protocol by hand or by `ask`."""

    def __init__(self, path: Path) -> None:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(str(path))
        self.lines = Lines(sock)
        self.hello = self.receive()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()

    def receive(self) -> contracts.Reply:
        """Return the next line; its payload is read and its hash compared."""
        deadline = time.monotonic() + PATIENCE
        line = contracts.parse_reply(self.lines.read_line(deadline))
        payload = self.lines.read_bytes(line.payload, deadline)
        if isinstance(line, contracts.Artifact):
            assert hashlib.sha256(payload).hexdigest() == line.sha256
        return line

    def send(self, request: Request, parts: dict[str, bytes]) -> None:
        self.lines.send(request, b"".join(parts[name] for name in request.bytes))

    def until(self, *kinds: type[BaseModel]) -> BaseModel:
        """Skip lines until one of some kinds."""
        while True:
            line = self.receive()
            if isinstance(line, kinds):
                return line

    def ask(
        self, op: str, folder: Path, parts: dict[str, bytes] | None = None, **fields: Any
    ) -> list[contracts.Reply]:
        """Do one job of an exercise folder, giving its bundle where needed; return all lines."""
        self.send(request(op, folder, parts or {}, **fields), parts or {})
        heard: list[contracts.Reply] = []
        while not heard or not isinstance(heard[-1], LAST):
            heard.append(self.receive())
            if isinstance(heard[-1], contracts.Need):
                data = pack(folder)
                self.lines.send(contracts.Bundle(version=heard[-1].version, bytes=len(data)), data)
        return heard


def request(op: str, folder: Path, parts: dict[str, bytes], **fields: Any) -> Request:
    """Return a request for an exercise folder."""
    lengths = {name: len(data) for name, data in parts.items()}
    return Request(op=Op(op), job="test", version=version_of(folder), bytes=lengths, **fields)
