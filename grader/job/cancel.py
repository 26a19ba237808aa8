"""A switch that another thread may throw: the client left, or the daemon stops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupted(Exception):
    """The job was cancelled: nothing was decided."""


class Cancel:
    """Thrown once; whoever must hear of it at once leaves a callback."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thrown = False
        self._callbacks: list[Callable[[], None]] = []

    def __call__(self) -> bool:
        return self._thrown

    def throw(self) -> None:
        """Cancel (idempotent); callbacks run in this thread, and none after its block has ended."""
        with self._lock:
            if not self._thrown:
                self._thrown = True
                for callback in self._callbacks:
                    callback()

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within the block, throwing calls `callback`; at once where it was thrown before."""
        with self._lock:
            if self._thrown:
                callback()
            self._callbacks.append(callback)
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
