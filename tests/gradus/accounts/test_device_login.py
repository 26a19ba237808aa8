from __future__ import annotations

from datetime import timedelta

import pytest

from gradus.accounts import device_login
from gradus.accounts.device_login import INTERVAL, LASTS, State
from gradus.accounts.models import ApiToken, DeviceLogin
from tests.people import NOON, owner_of, person

pytestmark = pytest.mark.django_db


def test_who_allows_is_who_the_program_acts_for() -> None:
    ada = person("ada")
    started = device_login.start(client="gradus on laptop", now=NOON)
    assert device_login.redeem(started.device_code, now=NOON) == (State.WAITING, None)
    login = device_login.find(started.user_code, now=NOON)
    assert login is not None
    assert device_login.decide(login=login, user=ada, allow=True, now=NOON)
    state, token = device_login.redeem(started.device_code, now=NOON + INTERVAL)
    assert state is State.ALLOWED
    assert token is not None
    assert owner_of(token, NOON) == ada
    assert ApiToken.objects.get().name == "gradus on laptop"


def test_the_token_comes_once() -> None:
    started = device_login.start(client="x", now=NOON)
    login = device_login.find(started.user_code, now=NOON)
    assert login is not None
    device_login.decide(login=login, user=person("ada"), allow=True, now=NOON)
    device_login.redeem(started.device_code, now=NOON)
    assert device_login.redeem(started.device_code, now=NOON) == (State.EXPIRED, None)
    assert ApiToken.objects.count() == 1


def test_a_refused_program_gets_nothing() -> None:
    started = device_login.start(client="x", now=NOON)
    login = device_login.find(started.user_code, now=NOON)
    assert login is not None
    device_login.decide(login=login, user=person("ada"), allow=False, now=NOON)
    assert device_login.redeem(started.device_code, now=NOON) == (State.DENIED, None)
    assert not ApiToken.objects.exists()


def test_a_decision_stands() -> None:
    started = device_login.start(client="x", now=NOON)
    login = device_login.find(started.user_code, now=NOON)
    assert login is not None
    assert device_login.decide(login=login, user=person("ada"), allow=False, now=NOON)
    assert not device_login.decide(login=login, user=person("ben"), allow=True, now=NOON)
    assert device_login.find(started.user_code, now=NOON) is None


def test_after_ten_minutes_it_is_over_and_forgotten() -> None:
    started = device_login.start(client="x", now=NOON)
    late = NOON + LASTS
    assert device_login.find(started.user_code, now=late) is None
    assert device_login.redeem(started.device_code, now=late) == (State.EXPIRED, None)
    device_login.start(client="y", now=late)
    assert DeviceLogin.objects.count() == 1


def test_a_program_that_asks_too_often_is_told_so() -> None:
    started = device_login.start(client="x", now=NOON)
    device_login.redeem(started.device_code, now=NOON)
    soon = NOON + timedelta(milliseconds=100)
    assert device_login.redeem(started.device_code, now=soon) == (State.SLOW_DOWN, None)


def test_a_code_is_found_however_it_is_typed() -> None:
    code = device_login.start(client="x", now=NOON).user_code
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code[:2]} {code[2:]} "):
        assert device_login.find(typed, now=NOON) is not None


@pytest.mark.parametrize("typed", ["", "A" * 8, "BCDF", "B" * 9, "\0" * 8, "x" * 100_000])
def test_what_is_no_code_finds_nothing(typed: str) -> None:
    device_login.start(client="x", now=NOON)
    assert device_login.find(typed, now=NOON) is None


def test_somebody_who_left_lets_nobody_in() -> None:
    ada = person("ada")
    started = device_login.start(client="x", now=NOON)
    login = device_login.find(started.user_code, now=NOON)
    assert login is not None
    device_login.decide(login=login, user=ada, allow=True, now=NOON)
    ada.is_active = False
    ada.save()
    assert device_login.redeem(started.device_code, now=NOON) == (State.DENIED, None)


def test_secrets_are_not_stored() -> None:
    started = device_login.start(client="x", now=NOON)
    assert started.device_code not in str(DeviceLogin.objects.values())
