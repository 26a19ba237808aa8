"""Practice of a sheet by hand, in a browser: fresh numbers, marks at the steps, again and again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]


def begin(page: Page) -> str:
    """Open a sheet and draw practice numbers; the first table or sentence with numbers."""
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    page.get_by_role("button", name="Practise with fresh numbers").click()
    page.wait_for_url("**/practice/")
    page.locator("#work").wait_for()
    return page.locator(".prose").inner_text()


def attempts_used(page: Page) -> str:
    """Read what the sheet that counts says; other tests hand in sheets as well."""
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    found = re.search(r"\w+ attempts? used", page.locator(".head").inner_text())
    assert found
    return found[0]


def mark(page: Page, answer: str) -> None:
    for field in page.locator("input[name^='a-']").all():
        field.fill(answer)
    page.keyboard.press("Enter")
    expect(page.locator("#sum")).to_contain_text("practice, does not count", timeout=30_000)


def test_marks_stand_at_the_steps_and_nothing_counts(open_as: OpenAs) -> None:
    page = open_as("ada")
    used = attempts_used(page)
    before = begin(page)
    mark(page, "0,5")
    steps = page.locator("li.step[data-marked]")
    expect(steps).to_have_count(23)
    expect(page.get_by_text("First wrong step", exact=False).first).to_be_visible()
    page.locator("input[name^='a-']").first.fill("0,51")
    expect(steps).to_have_count(22)  # a changed answer has no mark
    mark(page, "0,25")
    expect(page.locator("input[name^='a-']").first).to_have_value("0,25")
    page.get_by_role("button", name="Other numbers").click()
    expect(page.locator(".head .faint")).to_contain_text("practice 2", timeout=30_000)
    assert page.locator(".prose").inner_text() != before
    expect(steps).to_have_count(0)
    page.get_by_role("link", name="Back to the sheet that counts").click()
    assert attempts_used(page) == used


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_practice_is_accessible_before_and_after_marking(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    begin(page)
    assert violations(page) == []
    mark(page, "0,5")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


def test_practice_works_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    begin(page)
    page.locator("input[name^='a-']").first.fill("0,5")
    page.get_by_role("button", name="Mark my steps").or_(
        page.get_by_role("button", name="Mark it again")
    ).click()
    expect(page.locator("#sum")).to_contain_text("practice, does not count", timeout=30_000)
