"""The root of all refusals: what a person may not do now, and why."""

from __future__ import annotations


class Refused(Exception):
    """A rule says no. `message` is complete and shown as it is."""

    message = "This cannot be done."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)
