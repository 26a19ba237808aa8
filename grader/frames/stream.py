"""Frames over one stream socket; both ends use it.

The checker's end waits with deadlines and drains the session's output pipe meanwhile, so that a
student who prints much cannot block:

    stream = Stream(session.stream, hooks=hooks)
    stream.watch(session.output, reader)  # reader(bytes) gets what was printed; b"" at its end
    stream.check_silence()                # nothing may lie in the socket before a call
    stream.send(Kind.CALL, call_id, Call(Op.CALL, name="softmax", args=(x,)).body(), deadline)
    frame = stream.receive(deadline)      # Frame(kind, call_id, value); see messages.parse_result
    seconds = stream.received_at - stream.sent_at  # first byte out to last byte in, not decoded

Deadlines are `time.monotonic()` values. After any of the three errors the stream is of no use:
close the session.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from os import read
from typing import Any, NamedTuple, Protocol

import numpy as np

from grader.frames import tags
from grader.frames.caps import Caps, FrameError
from grader.frames.codec import DEFAULT, decode, encode_parts
from grader.frames.decoding import FromWire
from grader.frames.encoding import Buffer, ToWire
from grader.frames.messages import Kind

_BUFFER_BYTES = 65_536
_PARTS = 512  # buffers in one sendmsg; the kernel takes 1024
_LONGEST_WAIT = 3600.0  # seconds of one poll, which is repeated until the deadline
_QUIETLY = int(socket.MSG_NOSIGNAL)  # plain numbers: to combine flags takes as long as to send
_QUIETLY_NOW = int(socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)
_SMALL = 16_384  # a payload up to this size is sent as one buffer


class StreamTimeout(Exception):
    """The deadline passed before the frame was through."""


class StreamClosed(Exception):
    """The other end is gone, perhaps in the middle of a frame."""


class Hooks(ToWire, FromWire, Protocol):
    """What one end does with values that cannot cross, and with records that arrive."""


class Frame(NamedTuple):
    """One message."""

    kind: Kind
    call_id: int
    value: Any


class Stream:
    """Sends and receives frames.

    `sent_at` and `received_at` are monotonic seconds: when the first byte of the last frame left,
    and when the last byte of the last frame came.
    """

    def __init__(
        self, sock: socket.socket, caps: Caps = DEFAULT, hooks: Hooks | None = None
    ) -> None:
        sock.setblocking(True)
        self.sock = sock
        self.caps = caps
        self.hooks = hooks
        self.sent_at = 0.0
        self.received_at = 0.0
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._begin = 0  # unread bytes lie in _buffer[_begin:_end]
        self._end = 0
        self._watched: dict[int, Callable[[bytes], None]] = {}
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(sock, select.POLLOUT)

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self.sock.fileno()

    def close(self) -> None:
        """Close the socket; watched descriptors stay open."""
        self.sock.close()

    def watch(self, fd: int, callback: Callable[[bytes], None]) -> None:
        """Read `fd` whenever this end waits and hand over what came; b"" tells its end, once."""
        self._watched[fd] = callback
        self._readable.register(fd, select.POLLIN)
        self._writable.register(fd, select.POLLIN)

    def unwatch(self, fd: int) -> None:
        """Leave `fd` alone again; nothing happens where it is not watched."""
        if self._watched.pop(fd, None) is not None:
            self._readable.unregister(fd)
            self._writable.unregister(fd)

    def drain(self) -> None:
        """Serve the watched descriptors with what lies ready, without waiting."""
        while any(fd in self._watched for fd, _ in self._poll(self._readable, 0)):
            pass

    def check_silence(self) -> None:
        """Raises: FrameError where something came unasked, StreamClosed where the end is gone."""
        if self._begin == self._end:
            if not any(fd == self.sock.fileno() for fd, _ in self._poll(self._readable, 0)):
                return
            self._fill(None)
        raise FrameError("an answer came before its question")

    def send(self, kind: Kind, call_id: int, value: object, deadline: float | None = None) -> None:
        """Send one frame.

        Raises: FrameError before the first byte where the value cannot cross, StreamTimeout,
        StreamClosed.
        """
        self.send_encoded(kind, call_id, *self.encode(value), deadline=deadline)

    def encode(self, value: object) -> tuple[list[Buffer], int]:
        """Encode ahead of `send_encoded`, to keep it out of a timed window. Raises: FrameError."""
        return encode_parts(value, self.caps, self.hooks)

    def send_encoded(
        self,
        kind: Kind,
        call_id: int,
        parts: list[Buffer],
        size: int,
        *,
        deadline: float | None = None,
    ) -> None:
        """Send what `encode` returned."""
        header = tags.HEADER.pack(tags.MAGIC, tags.VERSION, kind, 0, call_id, size)
        buffers: list[Buffer] = [header, *parts]
        if size <= _SMALL:
            buffers = [b"".join(buffers)]
        left = size + len(header)
        self.sent_at = time.monotonic()
        try:
            while left:
                sent = self._send_some(buffers[:_PARTS], deadline)
                left -= sent
                _drop_front(buffers, sent)
        except (BrokenPipeError, ConnectionError) as error:
            raise StreamClosed("the other end closed the stream") from error

    def _send_some(self, buffers: list[Buffer], deadline: float | None) -> int:
        if deadline is None and not self._watched:
            return self.sock.sendmsg(buffers, (), _QUIETLY)
        while True:
            try:
                return self.sock.sendmsg(buffers, (), _QUIETLY_NOW)
            except BlockingIOError:
                self._wait(self._writable, deadline)

    def receive(self, deadline: float | None = None) -> Frame:
        """Return the next frame.

        Raises: FrameError for bytes that are no frame, StreamTimeout, StreamClosed.
        """
        while self._end - self._begin < tags.HEADER.size:
            self._fill(deadline)
        magic, version, kind, zero, call_id, size = tags.HEADER.unpack_from(
            self._buffer, self._begin
        )
        if magic != tags.MAGIC or version != tags.VERSION or zero != 0 or kind not in _KINDS:
            raise FrameError("the header is none of this protocol")
        if size > self.caps.frame_bytes:
            raise FrameError(
                f"a frame of {size} bytes is announced; at most {self.caps.frame_bytes} may come"
            )
        self._begin += tags.HEADER.size
        payload = self._payload(size, deadline)
        self.received_at = time.monotonic()
        return Frame(_KINDS[kind], call_id, decode(payload, self.caps, self.hooks))

    def _payload(self, size: int, deadline: float | None) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Read `size` bytes. The kernel gives the memory page by page as they arrive."""
        try:
            payload = np.empty(size, np.uint8)
        except MemoryError:
            raise FrameError(f"there is no memory for a frame of {size} bytes") from None
        view = payload.data
        have = min(size, self._end - self._begin)
        view[:have] = self._buffer[self._begin : self._begin + have]
        self._begin += have
        while have < size:
            have += self._receive_some(view[have:], deadline)
        return payload

    def _fill(self, deadline: float | None) -> None:
        """Read what is there, at least one byte, into the buffer."""
        if self._begin:
            rest = bytes(self._buffer[self._begin : self._end])
            self._buffer[: len(rest)] = rest
            self._begin, self._end = 0, len(rest)
        self._end += self._receive_some(self._buffer[self._end :], deadline)

    def _receive_some(self, view: memoryview, deadline: float | None) -> int:
        if deadline is not None or self._watched:
            self._wait(self._readable, deadline)
        try:
            count = self.sock.recv_into(view)
        except ConnectionError as error:
            raise StreamClosed("the other end closed the stream") from error
        if count == 0:
            raise StreamClosed("the other end closed the stream")
        return count

    def _wait(self, poll: select.poll, deadline: float | None) -> None:
        """Wait for the socket, serving watched descriptors meanwhile. Raises: StreamTimeout."""
        own = self.sock.fileno()
        while True:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise StreamTimeout("no answer before the deadline")
            wait = None if left is None else min(left, _LONGEST_WAIT) * 1000
            if any(fd == own for fd, _ in self._poll(poll, wait)):
                return

    def _poll(self, poll: select.poll, milliseconds: float | None) -> list[tuple[int, int]]:
        ready = poll.poll(milliseconds)
        for fd, _ in ready:
            callback = self._watched.get(fd)
            if callback is not None:
                self._serve(fd, callback)
        return ready

    def _serve(self, fd: int, callback: Callable[[bytes], None]) -> None:
        try:
            data = read(fd, _BUFFER_BYTES)
        except BlockingIOError:
            return
        if not data:
            self.unwatch(fd)
        callback(data)


def _drop_front(buffers: list[Buffer], count: int) -> None:
    """Remove the first `count` bytes."""
    while count:
        size = len(buffers[0])
        if size > count:
            buffers[0] = memoryview(buffers[0])[count:]
            return
        del buffers[0]
        count -= size


_KINDS: dict[int, Kind] = {int(kind): kind for kind in Kind}
