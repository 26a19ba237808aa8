"""Mails about one's courses: written in the transaction of their cause, sent by a worker.

A letter is a row, so a mail server that is away costs time and no letter. Each says where it can be
stopped, also by one click of the mail program (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gradus.accounts.models import Letter, User
from gradus.lib import queue

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
TRIES = 5
BETWEEN_TRIES = timedelta(minutes=20)
NOT_YET = timedelta(seconds=20)  # the worker was told; only a lost message needs the sweep
_SALT = "gradus.mail.stop"


def write(*, user: User, subject: str, text: str, path: str, now: datetime) -> Letter | None:
    """Write a letter, sent after the commit; none to whom wants none or has no address."""
    if not user.gets_mail:
        return None
    line = " ".join(subject.split())[:160]
    letter = Letter.objects.create(user=user, subject=line, text=text, path=path, created_at=now)
    queue.tell(queue.SEND_LETTER, letter.pk)
    return letter


def write_to_all(
    *,
    users: Iterable[User],
    subject: str,
    text: str,
    path: str | Callable[[User], str],
    now: datetime,
) -> int:
    """Write the same letter to many; the sweep sends them, a hundred a minute.

    Where each has an own page, `path` says which. Returns how many are written.
    """
    line = " ".join(subject.split())[:160]
    written = [
        Letter(
            user=user, subject=line, text=text, created_at=now,
            path=path if isinstance(path, str) else path(user),
        )
        for user in users
        if user.gets_mail
    ]  # fmt: skip
    Letter.objects.bulk_create(written)
    return len(written)


def send(letter_id: int, *, now: datetime) -> bool:
    """Send one letter that has not been sent. False where there is none, or the server is away."""
    letter = Letter.objects.select_related("user").filter(pk=letter_id, sent_at=None).first()
    if letter is None or letter.tries >= TRIES:
        return False
    Letter.objects.filter(pk=letter.pk).update(tries=F("tries") + 1, tried_at=now)
    if not letter.user.wants_mail:
        Letter.objects.filter(pk=letter.pk).update(sent_at=now)
        return False
    try:
        _message(letter).send()
    except (SMTPException, OSError) as error:
        log.warning("letter not sent", letter_id=letter.pk, error=type(error).__name__)
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=now)
    return True


def sweep(*, now: datetime) -> int:
    """Try again what could not be sent, forget what is old. Returns how many were sent."""
    Letter.objects.filter(created_at__lt=now - KEPT).delete()
    waiting = Letter.objects.filter(sent_at=None, tries__lt=TRIES)
    due = [
        pk
        for pk, created_at, tried_at in waiting.values_list("pk", "created_at", "tried_at")[:100]
        if (tried_at + BETWEEN_TRIES if tried_at else created_at + NOT_YET) <= now
    ]
    return sum(send(pk, now=now) for pk in due)


def stop_token(user: User) -> str:
    return signing.dumps(user.pk, salt=_SALT)


def user_of_stop_token(token: str) -> User | None:
    """Whose mails this token stops; it does nothing else."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()


def set_wanted(*, user: User, wanted: bool) -> None:
    User.objects.filter(pk=user.pk).update(wants_mail=wanted)


def _message(letter: Letter) -> EmailMessage:
    site = settings.SITE_ADDRESS.rstrip("/")
    stop = site + reverse("web:mail_stop", args=[stop_token(letter.user)])
    greeting = pgettext("a mail begins", "{name},").format(name=letter.user.shown_name)
    why = _("You get this because of your courses in Gradus. Stop these mails: {address}")
    text = (
        f"{greeting}\n\n{letter.text}\n\n{site}{letter.path}\n\n-- \n{why.format(address=stop)}\n"
    )
    return EmailMessage(
        subject=letter.subject,
        body=text,
        to=[letter.user.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
