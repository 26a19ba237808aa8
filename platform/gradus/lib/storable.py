"""Texts of others as both databases can hold them."""

from __future__ import annotations

from typing import Any


def storable(value: Any) -> Any:
    """A text, or JSON, whose NUL is shown as ␀ and whose halves of surrogate pairs as ?.

    PostgreSQL can hold neither.
    """
    if isinstance(value, str):
        return value.replace("\0", "\u2400").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value
