from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.accounts import services
from gradus.accounts.models import ApiToken, User
from tests.people import NOON, person

pytestmark = pytest.mark.django_db


def test_a_token_finds_its_owner_and_is_not_stored(db: None) -> None:
    ada = person("ada")
    token, text = services.create_token(user=ada, name="laptop")
    assert services.user_of_token(text, now=NOON) == ada
    assert text not in str(ApiToken.objects.values())
    assert text.startswith(token.prefix)


@pytest.mark.parametrize("text", ["", "gradus_", "gradus_" + "A" * 43, "\0", "x" * 100_000])
def test_a_wrong_token_finds_nobody(text: str) -> None:
    services.create_token(user=person("ada"), name="laptop")
    assert services.user_of_token(text, now=NOON) is None


def test_a_token_ends_at_its_expiry(db: None) -> None:
    _, text = services.create_token(user=person("ada"), name="ci", expires_at=NOON)
    assert services.user_of_token(text, now=NOON - timedelta(seconds=1)) is not None
    assert services.user_of_token(text, now=NOON) is None


def test_an_inactive_persons_token_is_dead(db: None) -> None:
    _, text = services.create_token(user=person("ada", is_active=False), name="ci")
    assert services.user_of_token(text, now=NOON) is None


def test_a_revoked_token_is_dead(db: None) -> None:
    token, text = services.create_token(user=person("ada"), name="ci")
    services.revoke_token(token=token)
    assert services.user_of_token(text, now=NOON) is None


def test_notes_the_last_use_once_a_minute(db: None) -> None:
    _, text = services.create_token(user=person("ada"), name="ci")
    for seconds in (0, 30, 61):
        services.user_of_token(text, now=NOON + timedelta(seconds=seconds))
    assert ApiToken.objects.get().last_used_at == NOON + timedelta(seconds=61)


@pytest.mark.parametrize("fields", [("ADA", "other@example.org"), ("other", "Ada@Example.org")])
def test_the_database_keeps_names_and_addresses_apart(fields: tuple[str, str]) -> None:
    person("ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(*fields)


def test_people_without_an_address_may_be_many(db: None) -> None:
    User.objects.create_user("a")
    User.objects.create_user("b")
    assert User.objects.filter(email="").count() == 2
