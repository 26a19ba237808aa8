"""What formulas of an author read: numbers and earlier answers, as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Namespace:
    """Values as read-only attributes. With `used`, remembers which were read."""

    __slots__ = ("_used", "_values")

    def __init__(self, values: Mapping[str, Any], used: set[str] | None = None) -> None:
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_used", used)

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._values[name]
        except KeyError:
            known = ", ".join(self._values) or "nothing"
            raise AttributeError(f"There is no {name!r} here; there is {known}.") from None
        if self._used is not None:
            self._used.add(name)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set: these values are read-only.")

    def __dir__(self) -> list[str]:
        return list(self._values)
