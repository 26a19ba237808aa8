"""The console on the work page: entries, refusals, hostile text, and who may read an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from grader.contracts import Console
from gradus.submissions import services
from gradus.submissions.models import Submission
from tests.people import NOON, Classroom, claimed

pytestmark = pytest.mark.usefixtures("now")
HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert(1)</script></pre>\x1b[31m\u202e\0\x07"


@pytest.fixture
def type_in(ada: Client, classroom: Classroom) -> Callable[..., str]:
    address = reverse("web:console", args=[classroom.item.pk])

    def posted(typed: str, status: int = 200) -> str:
        response = ada.post(address, {"source": "x = 1\n", "typed": typed}, headers=HTMX)
        assert response.status_code == status
        return response.content.decode()

    return posted


def answer(output: str = "", value: str = "") -> Submission:
    made = Submission.objects.get(mode="console")
    services.store_said(claimed(made), Console(output=output, value=value), now=NOON)
    return made


def read(client: Client, submission: Submission) -> str:
    return client.get(reverse("web:console_answer", args=[submission.pk])).content.decode()


def test_an_entry_asks_again_until_it_is_answered(ada: Client, type_in: Callable[..., str]) -> None:
    entry = type_in("double(2)")
    assert 'hx-trigger="load delay:200ms"' in entry
    assert "double(2)" in entry
    done = read(ada, answer("hi\n", "4"))
    assert "hx-get" not in done
    assert '<span class="sr">Printed: </span>hi</pre>' in done
    assert '<span class="sr">Value: </span>4</pre>' in done


def test_the_answer_is_told_to_screen_readers_once(
    ada: Client, type_in: Callable[..., str]
) -> None:
    type_in("double(2)")
    done = read(ada, answer(value="4"))
    assert '<span id="console-told" hx-swap-oob="innerHTML">4</span>' in done


def test_hostile_text_stays_text(ada: Client, type_in: Callable[..., str]) -> None:
    entry = type_in(HOSTILE.replace("\0", ""))
    done = read(ada, answer(HOSTILE, HOSTILE))
    page = ada.get(
        reverse("web:item", args=[Submission.objects.get(mode="console").item_id])
    ).content.decode()
    for shown in (entry, done, page):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/pre&gt;" in shown
        assert not set("\x1b\u202e\0\x07") & set(shown)


@pytest.mark.parametrize("typed", ["", "x" * 9000, "a\0b"])
def test_a_refusal_is_an_entry_of_its_own(type_in: Callable[..., str], typed: str) -> None:
    entry = type_in(typed, status=422)
    assert 'role="alert"' in entry
    assert len(entry) < 4000


def test_too_much_says_when_it_is_possible_again(
    ada: Client, classroom: Classroom, type_in: Callable[..., str], settings: Settings
) -> None:
    settings.MAX_SCRATCH_PER_MINUTE = 1
    type_in("1")
    answer()
    response = ada.post(
        reverse("web:console", args=[classroom.item.pk]), {"typed": "2"}, headers=HTMX
    )
    assert response.status_code == 429
    assert response["Retry-After"] == "60"


@pytest.mark.parametrize("who", ["ben", "tess", "iris"])
def test_nobody_else_reads_an_answer(
    classroom: Classroom, type_in: Callable[..., str], who: str
) -> None:
    type_in("secret_thoughts = 1")
    made = answer(value="1")
    other = Client()
    other.force_login(getattr(classroom, who).user)
    assert other.get(reverse("web:console_answer", args=[made.pk])).status_code == 404
    assert other.get(reverse("web:submission", args=[made.pk])).status_code == 404
    assert other.get(reverse("web:part", args=[made.pk, "console.py"])).status_code == 404


def test_without_scripts_the_page_shows_the_call_and_keeps_the_code(
    ada: Client, classroom: Classroom
) -> None:
    address = reverse("web:console", args=[classroom.item.pk])
    response = ada.post(address, {"source": "mine = 1\n", "typed": "mine"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[0][0].endswith("#console-log")
    assert "mine = 1" in page.split("<textarea")[1]
    assert '<details class="console" id="console" open>' in page


def test_a_refused_call_without_scripts_keeps_what_was_typed(
    ada: Client, classroom: Classroom
) -> None:
    address = reverse("web:console", args=[classroom.item.pk])
    typed = "y" * 8500
    response = ada.post(address, {"source": "mine = 1\n", "typed": typed})
    assert response.status_code == 422
    assert "The call has 8500 bytes; at most 8192 are allowed." in response.content.decode()
    assert typed in response.content.decode()


def test_what_is_too_large_for_any_form_is_said_in_the_console(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = ada.post(
        reverse("web:console", args=[classroom.item.pk]),
        {"typed": "z" * 2000},
        headers=HTMX | {"HX-Target": "console-log"},
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413
    assert '<li class="call">' in response.content.decode()


def test_an_observer_has_no_console(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.otto.user)
    page = client.get(reverse("web:item", args=[classroom.item.pk])).content.decode()
    assert "data-console" not in page
