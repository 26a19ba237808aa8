"""Floating-point warnings that reach the caller of the student's code, with their lines."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

import numpy as np

from grader.frames import FloatWarning
from grader.frames.messages import WARNING_KINDS

_MOST = 20


class FloatWatch:
    """Collects the warnings of one call after another.

    What the student's file set for all of itself (`np.seterr`) stays as it is, and `np.errstate`
    inside the code wins.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self._seen: dict[tuple[str, int | None], None] = {}
        state = np.geterr()
        self._loud = {
            kind: "call" for kind in ("over", "invalid", "divide") if state[kind] == "warn"
        }

    def watch(self) -> AbstractContextManager[object]:
        """Return the context in which warnings are collected."""
        return np.errstate(call=self._take, **self._loud)  # type: ignore[arg-type]

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def found(self) -> tuple[FloatWarning, ...]:
        """Return what was collected, each kind and line once."""
        return tuple(FloatWarning(kind, line) for kind, line in self._seen)

    def _take(self, text: str, flag: int) -> None:
        kind = text.split(" ", 1)[0]
        if kind not in WARNING_KINDS or len(self._seen) >= _MOST:
            return
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.filename:
            frame = frame.f_back  # type: ignore[assignment]
        self._seen[kind, frame.f_lineno if frame is not None else None] = None
