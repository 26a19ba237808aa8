"""A page that counts over all results of a large course: its frame, then all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import violations
from tests.people import Classroom

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(200)]
SITE = "http://gradus.test"
Opened = Callable[..., Page]


@pytest.fixture
def opened(
    browser: Browser, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    """The statistics of a course that counts as large. Pages are made ahead: a browser's requests
    arrive where the transaction of the test is not seen.
    """
    monkeypatch.setattr("gradus.web.large.LARGE", 1)
    client = Client()
    client.force_login(classroom.iris.user)
    address = f"/courses/{classroom.course.pk}/statistics/"
    pages = {"": client.get(address).content, "whole=1": client.get(f"{address}?whole=1").content}
    contexts = []

    def answer(route: Route, *, whole: bool) -> None:
        asked = urlsplit(route.request.url)
        if asked.path.startswith("/static/"):
            route.fulfill(path=str(finders.find(asked.path.removeprefix("/static/"))))
        elif asked.query and not whole:
            route.fulfill(status=204)
        else:
            route.fulfill(body=pages[asked.query], content_type="text/html; charset=utf-8")

    def open_it(*, scripts: bool = True, whole: bool = True) -> Page:
        context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", lambda route: answer(route, whole=whole))
        page.goto(f"{SITE}{address}")
        return page

    yield open_it
    for context in contexts:
        context.close()


def test_the_frame_says_what_is_going_on(opened: Opened) -> None:
    page = opened(whole=False)
    expect(page.get_by_role("status")).to_contain_text("Counting")
    expect(page.get_by_role("heading", level=1)).to_have_text("Statistics")
    assert violations(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_all_of_it_takes_the_place_of_the_frame(opened: Opened, scripts: bool) -> None:
    page = opened(scripts=scripts)
    expect(page.get_by_role("heading", name="Week by week")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_text("Counting")).to_have_count(0)
    if scripts:
        assert violations(page) == []
