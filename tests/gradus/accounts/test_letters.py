from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gradus.accounts import letters
from gradus.accounts.models import Letter, User
from tests.people import NOON, person

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ada() -> User:
    return person("ada")


def write(user: User, subject: str = "An answer", text: str = "It stays.") -> Letter | None:
    return letters.write(user=user, subject=subject, text=text, path="/submissions/7/", now=NOON)


def test_a_letter_names_its_page_and_the_way_to_stop(ada: User, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://gradus.example.org"
    letter = write(ada)
    assert letter is not None
    assert letters.send(letter.pk, now=NOON)
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "https://gradus.example.org/submissions/7/" in sent.body
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in sent.body
    assert stop.startswith("https://gradus.example.org/mail/stop/")


def test_a_letter_is_sent_once(ada: User) -> None:
    letter = write(ada)
    assert letter is not None
    letters.send(letter.pk, now=NOON)
    assert not letters.send(letter.pk, now=NOON)
    assert letters.sweep(now=LATER) == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("change", [{"wants_mail": False}, {"email": ""}, {"is_active": False}])
def test_who_wants_none_or_cannot_get_any_is_written_none(
    ada: User, change: dict[str, Any]
) -> None:
    User.objects.filter(pk=ada.pk).update(**change)
    ada.refresh_from_db()
    assert write(ada) is None


def test_a_server_that_is_away_costs_time_and_no_letter(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise SMTPServerDisconnected("gone")

    write(ada)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        assert letters.sweep(now=LATER) == 0
    assert letters.sweep(now=LATER) == 0  # not again at once
    assert letters.sweep(now=LATER + timedelta(hours=1)) == 1
    assert len(mail.outbox) == 1


def test_after_five_tries_it_is_left(ada: User) -> None:
    letter = write(ada)
    assert letter is not None
    Letter.objects.update(tries=5)
    assert not letters.send(letter.pk, now=NOON)


def test_old_letters_are_forgotten(ada: User) -> None:
    write(ada)
    letters.sweep(now=NOON + timedelta(days=31))
    assert not Letter.objects.exists()


def test_a_subject_stays_one_line(ada: User) -> None:
    letter = write(ada, subject="An\r\nBcc: eve@example.org\n" + "x" * 500)
    assert letter is not None
    letters.send(letter.pk, now=NOON)
    assert mail.outbox[0].bcc == []
    assert "\n" not in mail.outbox[0].subject


def test_one_click_stops_them_and_a_look_does_not(ada: User) -> None:
    page = reverse("web:mail_stop", args=[letters.stop_token(ada)])
    stranger = Client(enforce_csrf_checks=True)
    assert "Stop the mails?" in stranger.get(page).content.decode()
    ada.refresh_from_db()
    assert ada.wants_mail
    assert "No more mails" in stranger.post(page).content.decode()
    ada.refresh_from_db()
    assert not ada.wants_mail


@pytest.mark.parametrize("token", ["x", "1:x", "a" * 500])
def test_no_other_token_stops_anything(ada: User, token: str) -> None:
    page = reverse("web:mail_stop", args=[token])
    assert Client().post(page).status_code == 404
    ada.refresh_from_db()
    assert ada.wants_mail
