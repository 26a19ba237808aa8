"""What a sandboxed process prints: read without waiting, counted, kept at head and tail."""

from __future__ import annotations

import os

from grader.exercise.limits import Limits

CHUNK_BYTES = 65536
HEAD_BYTES = 12 * 1024
TAIL_BYTES = 4 * 1024


class OutputReader:
    """Reads the output pipe of a process up to its limit.

    Call `drain` whenever the pipe is readable: a full pipe stops whoever prints. Once `exceeded` is
    true nothing more is read, and the owner closes the process with `Outcome.OUTPUT`.
    """

    def __init__(self, output: int, limits: Limits) -> None:
        self.output = output
        self.limit_bytes = limits.output_kib * 1024
        self.count_bytes = 0
        self.ended = False  # nothing holds the other end any more
        self._head = bytearray()
        self._tail = bytearray()
        self._since_bytes = 0  # counted since the last `clear`
        os.set_blocking(output, False)

    def fileno(self) -> int:
        return self.output

    @property
    def exceeded(self) -> bool:
        return self.count_bytes > self.limit_bytes

    def drain(self) -> None:
        """Read what is there."""
        while not self.exceeded and not self.ended:
            try:
                data = os.read(self.output, CHUNK_BYTES)
            except BlockingIOError:
                return
            self.ended = not data
            self.feed(data)

    def feed(self, data: bytes) -> None:
        """Count and keep what somebody else read from the pipe."""
        self.count_bytes += len(data)
        self._since_bytes += len(data)
        room = HEAD_BYTES - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        del self._tail[: max(0, len(self._tail) - TAIL_BYTES)]

    def text(self) -> str:
        """Return what was printed; of long output its head and tail, with the number left out."""
        left_out = self._since_bytes - len(self._head) - len(self._tail)
        head = self._head.decode(errors="replace")
        tail = self._tail.decode(errors="replace")
        return f"{head}\n[{left_out} bytes left out]\n{tail}" if left_out else head + tail

    def clear(self) -> None:
        """Forget the text, not the count: what follows belongs to another check."""
        self._head.clear()
        self._tail.clear()
        self._since_bytes = 0
