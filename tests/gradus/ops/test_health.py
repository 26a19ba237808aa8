from __future__ import annotations

import pytest
from django.test import Client

from gradus.audit import append_only

pytestmark = pytest.mark.django_db


def test_healthz_needs_only_web_and_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": "ok"}


def test_readyz_says_which_part_is_missing(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "does not answer"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_neither_takes_a_post_or_is_cached(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path)["Cache-Control"]


def test_readyz_says_that_history_is_not_guarded(client: Client) -> None:
    assert client.get("/readyz").json()["history"] == "ok"
    append_only.remove()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.json()["history"]
