"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSite(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by staff; there is no sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
