"""What a frame may hold at most, and the error for all that breaks the rules."""

from __future__ import annotations

from dataclasses import dataclass


class FrameError(Exception):
    """Bytes that are no frame, a value over a cap, or a value that cannot cross."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits of one frame. Each count is checked against them before anything is allocated."""

    frame_bytes: int = 256 * 2**20
    items: int = 250_000  # values in one frame, containers and keys included
    nesting: int = 16
    ndim: int = 8
    elements: int = 2**28  # of one array; a dimension of 0 counts as 1, so (10**12, 0) is refused
    text_bytes: int = 8 * 2**20  # UTF-8 bytes of one str
    int_bytes: int = 512  # about 1230 digits
    other_keys: int = 4096  # dict keys that are no str: their hashes are predictable
