from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gradus.accounts import services
from gradus.accounts.models import ApiToken, Right, User
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from tests.people import NOON, owner_of, person

pytestmark = pytest.mark.django_db


def test_a_token_finds_its_owner_and_is_not_stored(db: None) -> None:
    ada = person("ada")
    token, text = services.create_token(user=ada, name="laptop")
    assert owner_of(text, NOON) == ada
    assert text not in str(ApiToken.objects.values())
    assert text.startswith(token.prefix)


@pytest.mark.parametrize("text", ["", "gradus_", "gradus_" + "A" * 43, "\0", "x" * 100_000])
def test_a_wrong_token_finds_nobody(text: str) -> None:
    services.create_token(user=person("ada"), name="laptop")
    assert owner_of(text, NOON) is None


def test_a_token_ends_at_its_expiry(db: None) -> None:
    _, text = services.create_token(user=person("ada"), name="ci", expires_at=NOON)
    assert owner_of(text, NOON - timedelta(seconds=1)) is not None
    assert owner_of(text, NOON) is None


def test_an_inactive_persons_token_is_dead(db: None) -> None:
    _, text = services.create_token(user=person("ada", is_active=False), name="ci")
    assert owner_of(text, NOON) is None


def test_a_revoked_token_is_dead(db: None) -> None:
    token, text = services.create_token(user=person("ada"), name="ci")
    services.revoke_token(token=token)
    assert owner_of(text, NOON) is None


def test_notes_the_last_use_once_a_minute(db: None) -> None:
    _, text = services.create_token(user=person("ada"), name="ci")
    for seconds in (0, 30, 61):
        owner_of(text, NOON + timedelta(seconds=seconds))
    assert ApiToken.objects.get().last_used_at == NOON + timedelta(seconds=61)


def test_a_token_of_a_course_has_its_rights_there_and_nowhere_else() -> None:
    token, _ = services.create_token(
        user=person("iris"), name="ci", course_id=7, rights=[Right.MARKS, Right.READ]
    )
    assert token.rights == "read,marks"
    assert token.reaches(7)
    assert not token.reaches(8)
    assert token.has_right(Right.MARKS)
    assert not token.has_right(Right.ROSTER, Right.EXPORTS)


def test_all_is_every_right() -> None:
    token, _ = services.create_token(
        user=person("iris"), name="ci", course_id=7, rights=[Right.ALL]
    )
    assert all(token.has_right(right) for right in Right)


@pytest.mark.parametrize(("course_id", "rights"), [(7, []), (None, [Right.READ])])
def test_a_token_has_a_course_and_rights_or_neither(
    course_id: int | None, rights: list[Right]
) -> None:
    with pytest.raises(ValidationError):
        services.create_token(user=person("iris"), name="ci", course_id=course_id, rights=rights)


def test_the_database_keeps_rights_within_a_course() -> None:
    services.create_token(user=person("iris"), name="ci", course_id=7, rights=[Right.READ])
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(course_id=None)


def test_tokens_are_recorded_without_what_opens_anything() -> None:
    iris = person("iris")
    token, text = services.create_token(user=iris, name="ci", course_id=7, rights=[Right.READ])
    services.revoke_token(token=token)
    made, ended = Entry.objects.order_by("pk")
    assert (made.action, ended.action) == (Action.TOKEN_MADE, Action.TOKEN_ENDED)
    assert made.actor == iris
    assert made.course_id == 7
    assert made.changes["rights"] == [None, "read"]
    assert text not in str(Entry.objects.values())
    assert token.digest not in str(Entry.objects.values())


@pytest.mark.parametrize("fields", [("ADA", "other@example.org"), ("other", "Ada@Example.org")])
def test_the_database_keeps_names_and_addresses_apart(fields: tuple[str, str]) -> None:
    person("ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(*fields)


def test_people_without_an_address_may_be_many(db: None) -> None:
    User.objects.create_user("a")
    User.objects.create_user("b")
    assert User.objects.filter(email="").count() == 2
