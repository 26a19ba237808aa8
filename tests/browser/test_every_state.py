"""axe finds nothing and nothing scrolls sideways on any page, whoever sees it, in any state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.browser import pages
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.states import State, elements_of, every_state
from tests.browser.test_accessibility import violations
from tests.people import Classroom

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(900)]
SITE = "http://gradus.test"


@pytest.fixture
def states(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> list[State]:
    from django.utils import timezone

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    return list(every_state(classroom, set_clock))


def test_pages_of_other_elements_are_other_states() -> None:
    one, same = "<p class='b a'>x</p><i>y</i>", "<p class='a b'>z</p><i></i>"
    assert elements_of(one) == elements_of(same)
    assert elements_of(one) != elements_of("<p class='a b'>x</p><i data-s='failed'>y</i>")


def test_a_fault_in_a_page_is_told_with_its_state(browser: Browser) -> None:
    html = "<!doctype html><html lang=en><title>x</title><body>{}<p style='inline-size:300vw'>x"
    sound = State("sound", html.replace("300vw", "9px").format("<h1>x</h1>"))
    faulty = State("faulty", html.format("<h1>x</h1><img src=x>"))
    told = list(_walk([sound, faulty], browser, phone=True))
    assert [line[:25] for line in told] == [
        "faulty, phone: image-alt:",
        "faulty, phone: scrolls si",
    ]


def test_every_state_of_every_page(states: list[State], browser: Browser) -> None:
    assert len(states) > 100
    found = [line for phone in (False, True) for line in _walk(states, browser, phone=phone)]
    assert not found, "\n".join(found)


def _walk(states: list[State], browser: Browser, *, phone: bool) -> Iterator[str]:
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP, color_scheme="dark" if phone else "light"
    )
    page = context.new_page()
    bodies = {f"{SITE}/{number}/": state.html for number, state in enumerate(states)}
    page.route("**/*", lambda route: _answer(route, bodies))
    for number, state in enumerate(states):
        page.goto(f"{SITE}/{number}/")
        for fault in _faults(page):
            yield f"{state.name}, {'phone' if phone else 'desktop'}: {fault}"
    context.close()


def _faults(page: Page) -> list[str]:
    found = violations(page)
    try:
        pages.expect_no_sideways_scroll(page)
    except AssertionError as error:
        found.append(f"scrolls sideways: {error}")
    return found


def _answer(route: Route, bodies: dict[str, str]) -> None:
    """The page itself, the site's own files, and no network beyond."""
    address = route.request.url
    path = urlsplit(address).path
    if address in bodies:
        route.fulfill(body=bodies[address], content_type="text/html; charset=utf-8")
        return
    file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if isinstance(file, str):
        route.fulfill(path=file)
    else:
        route.fulfill(status=204)
