"""Login of a program that has no browser: it shows a code, a person allows it on a page.

The flow of RFC 8628: `start` for the program, `find` and `decide` for the person, `redeem` for
the program again, every few seconds until somebody has decided.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from gradus.accounts.models import DeviceLogin, User
from gradus.accounts.services import create_token, digest_of

LASTS = timedelta(minutes=10)
INTERVAL = timedelta(seconds=2)  # between two questions of the program
TOKEN_LASTS = timedelta(days=180)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words; section 6.1 of RFC 8628
_CODE_LETTERS = 8  # 34 bits, for ten minutes, behind a limit of guesses


class State(StrEnum):
    """What a program is told."""

    WAITING = "waiting"
    SLOW_DOWN = "slow_down"
    ALLOWED = "allowed"
    DENIED = "denied"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Started:
    """What the program gets: the secret code for itself, and the one for the person."""

    device_code: str
    user_code: str


def start(*, client: str, now: datetime) -> Started:
    """Begin a login. `client` is shown to the person."""
    DeviceLogin.objects.filter(expires_at__lte=now).delete()
    device_code = secrets.token_urlsafe(32)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
    login = DeviceLogin.objects.create(
        device_digest=digest_of(device_code),
        user_code=f"{letters[:4]}-{letters[4:]}",
        client=client[:80],
        created_at=now,
        expires_at=now + LASTS,
    )
    return Started(device_code, login.user_code)


def find(user_code: str, *, now: datetime) -> DeviceLogin | None:
    """Return the login that waits under a code, however it was typed."""
    letters = "".join(letter for letter in user_code.upper() if letter in _LETTERS)
    if len(letters) != _CODE_LETTERS:
        return None
    code = f"{letters[:4]}-{letters[4:]}"
    open_logins = DeviceLogin.objects.filter(expires_at__gt=now, is_allowed__isnull=True)
    return open_logins.filter(user_code=code).first()


def decide(*, login: DeviceLogin, user: User, allow: bool, now: datetime) -> bool:
    """Let the program act for a person, or not. False where that was decided, or is too late."""
    open_logins = DeviceLogin.objects.filter(expires_at__gt=now, is_allowed__isnull=True)
    changed = open_logins.filter(pk=login.pk).update(is_allowed=allow, decided_by=user)
    return changed == 1


@transaction.atomic
def redeem(device_code: str, *, now: datetime) -> tuple[State, str | None]:
    """Tell a program where its login is; once it is allowed, with the token, which comes once."""
    logins = DeviceLogin.objects.select_for_update(of=("self",)).select_related("decided_by")
    login = logins.filter(device_digest=digest_of(device_code)).first()
    if login is None or login.expires_at <= now:
        return State.EXPIRED, None
    if login.asked_at is not None and now - login.asked_at < INTERVAL / 2:
        return State.SLOW_DOWN, None
    if login.decided_by is None:
        DeviceLogin.objects.filter(pk=login.pk).update(asked_at=now)
        return State.WAITING, None
    login.delete()
    if not login.is_allowed or not login.decided_by.is_active:
        return State.DENIED, None
    _, token = create_token(user=login.decided_by, name=login.client, expires_at=now + TOKEN_LASTS)
    return State.ALLOWED, token
