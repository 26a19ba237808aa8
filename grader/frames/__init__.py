"""The protocol between a checker and the session of a student: values, their bytes, the stream.

It knows nothing of the rest of the engine; both ends share it, so whoever attacks it knows it.
Only the decoder reads foreign bytes.
"""

from grader.frames.caps import Caps, FrameError
from grader.frames.codec import decode, encode
from grader.frames.messages import Call, FloatWarning, Kind, Load, Meta, Op
from grader.frames.stream import Frame, Hooks, Stream, StreamClosed, StreamTimeout
from grader.frames.values import (
    Callback,
    GeneratorState,
    Handle,
    RaisedException,
    Record,
    TensorArray,
    TensorRequest,
    ViewRequest,
)

__all__ = [
    "Call",
    "Callback",
    "Caps",
    "FloatWarning",
    "Frame",
    "FrameError",
    "GeneratorState",
    "Handle",
    "Hooks",
    "Kind",
    "Load",
    "Meta",
    "Op",
    "RaisedException",
    "Record",
    "Stream",
    "StreamClosed",
    "StreamTimeout",
    "TensorArray",
    "TensorRequest",
    "ViewRequest",
    "decode",
    "encode",
]
