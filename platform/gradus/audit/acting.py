"""Who acts now: set at the doors (pages, API), read where something is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from gradus.accounts.models import User


@dataclass(frozen=True, slots=True)
class Acting:
    user: User | AnonymousUser
    token: str = ""  # prefix of the token, where a program acts


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def acting() -> Acting | None:
    """None outside of a request: a command, a worker."""
    return _acting.get()


def set_acting(user: User, *, token: str = "") -> None:
    """Say who acts for the rest of the request; the middleware ends it."""
    _acting.set(Acting(user, token))


@contextmanager
def acting_as(user: User | AnonymousUser, *, token: str = "") -> Iterator[None]:
    before = _acting.set(Acting(user, token))
    try:
        yield
    finally:
        _acting.reset(before)


class ActingPerson:
    """Middleware: whoever is logged in acts. The session is read only when something is recorded.

    A streamed answer is written after this has ended: record before it begins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_as(request.user):
            return self.get_response(request)
