"""The three standard streams of a container as one socket, and the frames that come out of it."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import HostError

HEADER = struct.Struct(">BxxxL")  # stream, length: how the engine tells standard streams apart
STDOUT, STDERR = 1, 2
ANSWER_BYTES = 65536
ATTACH_SECONDS = 30.0
CHUNK = 65536


@dataclass(frozen=True)
class Attached:
    """A connection to a container's streams, and what of them came with the engine's answer."""

    sock: socket.socket
    begun: bytes

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield what the container writes, as stream number and bytes, until it has ended."""
        data = bytearray(self.begun)
        left, stream = 0, 0
        with contextlib.suppress(OSError):  # closed by us, or by an engine that died
            while True:
                while not left and len(data) >= HEADER.size:
                    stream, left = HEADER.unpack(data[: HEADER.size])
                    del data[: HEADER.size]
                if left and data:
                    piece = bytes(data[:left])
                    del data[:left]
                    left -= len(piece)
                    yield stream, piece
                    continue
                more = self.sock.recv(CHUNK)
                if not more:
                    return
                data += more

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


def attach(engine: str, container: str, *, stdin: bool) -> Attached:
    """Connect to the streams of a container that has not started yet. Raises: HostError."""
    query = f"stream=1&stdout=1&stderr=1&stdin={int(stdin)}"
    request = (
        f"POST /containers/{container}/attach?{query} HTTP/1.1\r\nHost: engine\r\n"
        "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n"
    )
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(ATTACH_SECONDS)
    answer = b""
    try:
        sock.connect(engine.removeprefix("unix://"))
        sock.sendall(request.encode())
        while b"\r\n\r\n" not in answer:
            more = sock.recv(CHUNK)
            if not more or len(answer) > ANSWER_BYTES:
                raise HostError(f"The engine answers {answer[:200]!r} where streams were due.")
            answer += more
    except OSError as error:
        sock.close()
        raise HostError(f"The container engine gives no streams: {error}.") from error
    head, _, begun = answer.partition(b"\r\n\r\n")
    if not head.startswith((b"HTTP/1.1 101", b"HTTP/1.1 200")):
        sock.close()
        raise HostError(f"The engine gives no streams: {head.splitlines()[0].decode('latin-1')}.")
    sock.settimeout(None)
    return Attached(sock, begun)
