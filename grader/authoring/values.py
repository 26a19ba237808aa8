"""Values that only exist in a session: an author asks for them here."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.frames.values import TensorRequest, ViewRequest


def tensor(array: Any, dtype: str | None = None, device: str | None = None) -> TensorRequest:
    """Ask for a torch tensor of these values; dtype is a torch name such as "float32"."""
    return TensorRequest(np.asarray(array), dtype, device)


def view(array: Any, strides: tuple[int, ...]) -> ViewRequest:
    """Ask for an array (or tensor) of the same values laid out with these strides, in entries."""
    held = array if isinstance(array, TensorRequest) else np.asarray(array)
    return ViewRequest(held, tuple(int(stride) for stride in strides))
