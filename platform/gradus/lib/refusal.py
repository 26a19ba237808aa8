"""The root of all refusals: what a person may not do now, and why."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop


class Refused(Exception):
    """A rule says no. `message` is complete and shown as it is, in the language of the reader.

    A class names its own by `gettext_noop`; it is translated when it is said.
    """

    message = gettext_noop("This cannot be done.")

    def __init__(self, message: str = "") -> None:
        self.message = message or gettext(self.message)
        super().__init__(self.message)
