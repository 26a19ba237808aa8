"""State changes of regrade runs."""

from __future__ import annotations

from gradus.regrades.services.applying import apply, reverse
from gradus.regrades.services.noting import note_taken
from gradus.regrades.services.running import (
    choose_lower,
    discard,
    resume,
    start,
    stop,
    take_in_new,
)

__all__ = [
    "apply",
    "choose_lower",
    "discard",
    "note_taken",
    "resume",
    "reverse",
    "start",
    "stop",
    "take_in_new",
]
