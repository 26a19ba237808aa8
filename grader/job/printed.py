"""What a checker prints: drained so that it never blocks, the end of it kept for the log."""

from __future__ import annotations

import os
import threading

KEPT_BYTES = 16 << 10


class Printed:
    """Reads a descriptor to its end in a thread of its own; the descriptor stays its owner's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._kept = b""
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return the last 16 KiB, when nothing can write any more."""
        self._thread.join()
        return self._kept.decode(errors="replace")

    def _drain(self) -> None:
        try:
            while data := os.read(self._descriptor, 65536):
                self._kept = (self._kept + data)[-KEPT_BYTES:]
        finally:
            os.close(self._descriptor)
