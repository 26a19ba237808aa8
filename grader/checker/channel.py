"""What a link needs: what carries its frames, and who knows the objects of a session."""

from __future__ import annotations

from typing import Protocol

from grader.frames import Frame, Handle, Kind
from grader.frames.encoding import Buffer


class Channel(Protocol):
    """The checker's end of what carries frames: a `Stream`, or what stands for one."""

    sent_at: float
    received_at: float

    def encode(self, value: object) -> tuple[list[Buffer], int]: ...

    def send_encoded(
        self,
        kind: Kind,
        call_id: int,
        parts: list[Buffer],
        size: int,
        *,
        deadline: float | None = None,
    ) -> None: ...

    def receive(self, deadline: float | None = None) -> Frame: ...

    def check_silence(self) -> None: ...

    def drain(self) -> None: ...


class Wire(Protocol):
    """How values that stay in the session look on this side."""

    def to_handle(self, value: object) -> Handle | None:
        """Return the handle of an object that lives in the session, None for anything else."""

    def from_handle(self, handle: Handle) -> object:
        """Return what a check sees of the handle."""
