"""One value to bytes and back."""

from __future__ import annotations

from typing import Any

from grader.frames.caps import Caps, FrameError
from grader.frames.decoding import Decoder, FromWire
from grader.frames.encoding import Buffer, Encoder, ToWire

DEFAULT = Caps()


def encode_parts(
    value: object, caps: Caps = DEFAULT, hooks: ToWire | None = None
) -> tuple[list[Buffer], int]:
    """Return the bytes of the value in parts, large arrays uncopied, and their number.

    Raises: FrameError for what cannot cross or is over a cap.
    """
    encoder = Encoder(caps, hooks)
    encoder.put(value)
    size = encoder.finish()
    return encoder.parts, size


def encode(value: object, caps: Caps = DEFAULT, hooks: ToWire | None = None) -> bytes:
    """Return the bytes of the value. Raises: FrameError for what cannot cross or is over a cap."""
    return b"".join(encode_parts(value, caps, hooks)[0])


def decode(data: Any, caps: Caps = DEFAULT, hooks: FromWire | None = None) -> Any:
    """Return the value that fills `data` (any buffer); its arrays are views, read-only if it is.

    Raises: FrameError for anything that breaks the layout or a cap.
    """
    decoder = Decoder(data, caps, hooks)
    if decoder.end > caps.frame_bytes:
        raise FrameError(f"a frame holds at most {caps.frame_bytes} bytes")
    value = decoder.get()
    if decoder.at != decoder.end:
        raise FrameError(f"{decoder.end - decoder.at} bytes follow the value")
    return value
