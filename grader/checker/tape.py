"""What the reference answered in a check, to be played back while known-wrong solutions are tried.

As long as a known-wrong solution does what the student did, the check asks the reference the same
questions in the same order. A question with a callback cannot be played back: then the tape is
spoilt, and the reference is asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from grader.frames import Call


class OffTape(BaseException):
    """A check asked the reference something else than before; author code cannot catch it."""


@dataclass
class Tape:
    """Answers in order, with what was asked."""

    answers: list[tuple[str, str, Any]] = field(default_factory=list)  # op, label, value
    spoilt: bool = False
    at: int = -1  # the next answer to play back; negative while recording

    @property
    def plays(self) -> bool:
        return self.at >= 0

    def rewind(self) -> None:
        """Play from the start."""
        self.at = 0

    def record(self, call: Call, label: str, value: Any, *, spoils: bool) -> None:
        self.spoilt = self.spoilt or spoils
        self.answers.append((call.op.value, label, own_copy(value)))

    def play(self, call: Call, label: str) -> Any:
        """Return the next answer. Raises: OffTape where another question was recorded."""
        if self.at >= len(self.answers):
            raise OffTape
        op, recorded, value = self.answers[self.at]
        if (op, recorded) != (call.op.value, label):
            raise OffTape
        self.at += 1
        return own_copy(value)


def own_copy(value: Any, largest: float = inf) -> Any:
    """Return a value that shares no container with the given one, nor an array of at most
    `largest` entries.
    """
    if isinstance(value, np.ndarray):
        return value.copy() if value.size <= largest else value
    if type(value) in (list, tuple):
        return type(value)([own_copy(inner, largest) for inner in value])
    if type(value) is dict:
        return {key: own_copy(inner, largest) for key, inner in value.items()}
    return value
