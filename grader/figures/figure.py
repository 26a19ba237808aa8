"""A figure as frozen data: kind, title, description and numbers, as JSON of at most 256 KiB."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 256 << 10
MEDIA = "application/vnd.gradus.figure+json"
KINDS = ("heatmap", "curves", "bars", "boxes", "trajectory")


class FigureError(ValueError):
    """A figure that cannot be drawn; the message names the field."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What the platform draws. `description` is the text alternative; `data` depends on `kind`."""

    kind: str
    title: str
    description: str
    data: dict[str, Any]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FigureError(f"kind: {self.kind!r} is none of {', '.join(KINDS)}")
        for name, text, limit in (
            ("title", self.title, 200),
            ("description", self.description, 2000),
        ):
            if not text.strip() or len(text) > limit:
                raise FigureError(f"{name}: 1 to {limit} characters are needed, not {len(text)}")
        self.to_bytes()

    def to_bytes(self) -> bytes:
        """Return the JSON, NaN and infinities as strings. Raises: FigureError above 256 KiB."""
        document = {
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "data": self.data,
        }
        data = json.dumps(document, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()
        if len(data) > MAX_BYTES:
            raise FigureError(f"data: {len(data)} bytes; at most {MAX_BYTES} are allowed")
        return data

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()


def number(value: float) -> float | str:
    """Return a number that JSON can hold, to six significant digits; nan and inf become strings."""
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(f"{value:.6g}")


def parse(data: bytes) -> Figure:
    """Read a figure that another process wrote. Raises: FigureError."""
    if len(data) > MAX_BYTES:
        raise FigureError(f"data: {len(data)} bytes; at most {MAX_BYTES} are allowed")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FigureError("data: no JSON") from error
    if not isinstance(document, dict) or set(document) != {"kind", "title", "description", "data"}:
        raise FigureError("data: kind, title, description and data are needed")
    texts = [document[name] for name in ("kind", "title", "description")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(document["data"], dict):
        raise FigureError("data: a field has the wrong type")
    kind, title, description = texts
    return Figure(kind, title, description, document["data"])
