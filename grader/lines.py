"""JSON lines and payloads over one stream socket, with caps and deadlines.

Reading and writing are separate: one thread may read while others write. Nobody on the other side
can hold a thread longer than a deadline, nor make it keep more than one line or payload in memory.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time

from grader.contracts import LINE_BYTES, Line, LineError, encode_line

_QUIETLY_NOW = int(socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
SEND_SECONDS = 10.0  # a reader that is slower is dropped


class LineClosed(Exception):
    """The other side ended the connection, or is gone."""


class LineTimeout(Exception):
    """The other side did not send what was due in time."""


class Lines:
    """One end of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.setblocking(True)
        self._buffer = bytearray()
        self._sending = threading.Lock()
        self._kept = bytearray()  # to be sent with the next line

    def read_line(self, deadline: float) -> bytes:
        """Return the next line without its newline; `deadline` on the monotonic clock.

        Raises: LineError (too long), LineTimeout, LineClosed.
        """
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end > LINE_BYTES or (end < 0 and len(self._buffer) > LINE_BYTES):
                raise LineError(f"a line of more than {LINE_BYTES} bytes")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return line
            searched = len(self._buffer)
            self._buffer += self._receive(65536, deadline)

    def read_bytes(self, count: int, deadline: float) -> bytes:
        """Return exactly `count` bytes; the caller has checked `count`. Raises: as `read_line`."""
        data = bytearray(self._buffer[:count])
        del self._buffer[:count]
        while len(data) < count:
            data += self._receive(min(1 << 20, count - len(data)), deadline)
        return bytes(data)

    def send(self, line: Line, payload: bytes = b"") -> None:
        """Write one line and its payload as a whole; one that is followed goes with the next.

        Raises: LineError, LineClosed, LineTimeout.
        """
        data = encode_line(line) + payload
        deadline = time.monotonic() + SEND_SECONDS
        with self._sending:
            self._kept += data
            if line.is_followed:
                return
            data, self._kept = bytes(self._kept), bytearray()
            rest = memoryview(data)
            while rest:
                rest = rest[self._send_some(rest, deadline) :]

    def shutdown(self) -> None:
        """End the connection in both directions (idempotent); wakes a thread that reads."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and give the descriptor back; no other thread may use it then."""
        self.shutdown()
        self.sock.close()

    def _send_some(self, data: memoryview, deadline: float) -> int:
        _wait(self.sock, select.POLLOUT, deadline)
        try:
            return self.sock.send(data, _QUIETLY_NOW)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise LineClosed from error

    def _receive(self, count: int, deadline: float) -> bytes:
        _wait(self.sock, select.POLLIN, deadline)
        try:
            data = self.sock.recv(count, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LineClosed from error
        if not data:
            raise LineClosed
        return data


def _wait(sock: socket.socket, event: int, deadline: float) -> None:
    poll = select.poll()
    try:
        poll.register(sock, event)
    except ValueError as error:  # closed by another thread
        raise LineClosed from error
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise LineTimeout
