"""State changes of people and tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from gradus.accounts.models import ApiToken, CalendarFeed, Right, User
from gradus.audit.actions import Action
from gradus.audit.services import columns, record

_PREFIX = "gradus_"
_USE_IS_NOTED_EVERY = timedelta(minutes=1)  # not a write for each request


@transaction.atomic
def let_teach(*, username: str, email: str = "") -> tuple[User, str | None]:
    """Let a person make courses; who has no account gets one, and the password that is returned.

    Raises: ValidationError, for a name or address that no account can have.
    """
    user = User.objects.filter(username__iexact=username).first()
    if user is not None:
        if email and email.lower() != user.email.lower():
            raise ValidationError(f"{user.username} is there already, with another address.")
        User.objects.filter(pk=user.pk).update(may_teach=True)
        _record_teaching(Action.TEACHING_GIVEN, user, True)
        return user, None
    if not email:
        raise ValidationError(f"There is no {username}. A new account needs an address: --email.")
    password = new_password()
    user = User(username=username, email=email, may_teach=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    _record_teaching(Action.TEACHING_GIVEN, user, True)
    return user, password


def unclaimed_account(
    *, email: str, username: str = "", first_name: str = "", last_name: str = ""
) -> User:
    """An account, not saved, that nobody can log in to until its owner sets a password by mail.

    The address is in small letters, as the page that asks for a new password looks for it.
    """
    return User(
        username=username or email.lower(),
        email=email.lower(),
        first_name=first_name,
        last_name=last_name,
        password=make_password(None),
    )


@transaction.atomic
def withdraw_teaching(*, username: str) -> None:
    """End a person's right to make courses; roles in courses stay. Raises: ValidationError."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise ValidationError(f"There is no {username}.")
    User.objects.filter(pk=user.pk).update(may_teach=False)
    _record_teaching(Action.TEACHING_WITHDRAWN, user, False)


def _record_teaching(action: Action, user: User, may_teach: bool) -> None:
    new = {"may_teach": may_teach}
    record(action, course_id=None, about=user.username, person=user, new=new)


def new_password() -> str:
    """Return a password of 64 random bits that can be read out."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    expires_at: datetime | None = None,
    course_id: int | None = None,
    rights: Iterable[Right] = (),
) -> tuple[ApiToken, str]:
    """Make a token; the text (32 random bytes behind a prefix) is returned here and never again.

    With a course it has `rights` there and none elsewhere; without, it is its owner's in all.

    Raises: ValidationError: rights without a course, or a course without rights.
    """
    wanted = [right for right in Right if right in set(rights)]
    if (course_id is None) != (not wanted):
        raise ValidationError("A token of a course needs rights there, and only such a one.")
    text = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name[:80],
        course_id=course_id,
        rights=",".join(wanted),
        prefix=text[: len(_PREFIX) + 4],
        digest=digest_of(text),
        expires_at=expires_at,
    )
    _record_token(Action.TOKEN_MADE, token, new=_token_facts(token))
    return token, text


def token_of(text: str, *, now: datetime) -> ApiToken | None:
    """The token with its owner; None for an unknown or expired one, or of a closed account."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(text)).first()
    if token is None or token.has_expired(now) or not token.user.is_active:
        return None
    old = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken) -> None:
    _record_token(Action.TOKEN_ENDED, token, old=_token_facts(token))
    token.delete()


def _token_facts(token: ApiToken) -> dict[str, Any]:
    return columns(token, ("prefix", "rights", "expires_at"))


def _record_token(action: Action, token: ApiToken, **facts: Mapping[str, Any]) -> None:
    about, user = token.name, token.user
    record(action, course_id=token.course_id, about=about, person=user, actor=user, **facts)


def renew_calendar(*, user: User, now: datetime) -> str:
    """Make the token of a person's calendar feed, in the place of an earlier one; shown once."""
    text = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": digest_of(text), "created_at": now}
    )
    return text


def revoke_calendar(*, user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def user_of_calendar(text: str) -> User | None:
    """The active person whose feed this is; its token opens nothing else."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=digest_of(text)).first()
    return feed.user if feed is not None and feed.user.is_active else None


def digest_of(text: str) -> str:
    """Return what is kept of a token in its stead."""
    # The token has 256 random bits, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(text.encode()).hexdigest()
