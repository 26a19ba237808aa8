"""Every journey of a student with the keyboard alone; the focus can be seen at each stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.conftest import Installation
from tests.browser.keys import Keys
from tests.browser.test_accessibility import STUDENT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
OpenAs = Callable[..., Page]
SOFTMAX = "Stable softmax cross-entropy"
BY_HAND = "Backprop through two sigmoid neurons"


def at(page: Page, address: str) -> Keys:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return Keys(page)


def exercise(page: Page, title: str) -> Keys:
    pages.open_exercise(page, title)
    return at(page, page.url)


def test_log_in_and_walk_to_an_exercise(open_as: OpenAs, installation: Installation) -> None:
    page = open_as(None)
    keys = at(page, "/accounts/login/")
    keys.to(page.get_by_label("User name or e-mail"))
    keys.type("ada")
    keys.to(page.get_by_label("Password"))
    keys.type(installation.people["ada"]["password"])
    keys.press("Enter")
    page.wait_for_url(f"{installation.address}/")
    keys = at(page, "/")
    keys.tab()
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    keys.tab()
    assert page.evaluate("document.activeElement.closest('main') !== null")
    keys.to(page.locator("a[href='/courses/1/']").last)
    keys.press("Enter")
    page.wait_for_url("**/courses/1/")
    keys.to(page.locator("a.row[href^='/assignments/']").first)
    keys.press("Enter")
    page.wait_for_url("**/assignments/*/")
    keys.to(page.locator("a.row[href^='/items/']").first)
    keys.press("Enter")
    page.wait_for_url("**/items/*/")


def test_write_run_submit_and_ask(open_as: OpenAs) -> None:
    page = open_as("ada")
    keys = exercise(page, SOFTMAX)
    keys.to(page.locator(".cm-content"))
    page.locator(".cm-editor[data-typing]").wait_for()
    keys.press("Control+a", "Delete")
    keys.type(pages.source("softmax-cross-entropy", "wrong/columns_for_all_rows.py"))
    keys.tab()
    assert page.evaluate("document.activeElement.closest('.cm-editor') === null")
    keys.to(page.locator("[data-run]"))
    keys.press("Enter")
    expect(page.locator("#results")).to_contain_text("of 2 passed")
    keys.to(page.locator("button[data-submit]"))
    keys.press("Enter")
    pages.wait_for_verdict(page)
    keys = at(page, page.url)
    keys.press("F8")
    assert page.evaluate("document.activeElement.dataset.check") == "failed"
    keys.all_stops()
    keys.to(page.get_by_role("link", name="Ask about this result"))
    keys.press("Enter")
    page.wait_for_url("**/ask/")
    keys.to(page.get_by_label("About"))
    keys.press("ArrowDown")
    keys.to(page.get_by_label("What did you expect, and why?"))
    keys.type("I expected the gradient of the statement.")
    keys.to(page.get_by_role("button", name="Ask"))
    keys.press("Enter")
    page.wait_for_url("**/submissions/*/")
    keys.to(page.get_by_role("button", name="Withdraw"))
    keys.press("Enter")
    expect(page.get_by_text("Your question is withdrawn.")).to_be_visible()


def test_submit_by_the_keys_that_the_buttons_name(open_as: OpenAs) -> None:
    page = open_as("ada")
    keys = exercise(page, "Parse a YOLO label file")
    keys.to(page.locator(".cm-content"))
    keys.press("Control+Shift+Enter")
    assert pages.wait_for_verdict(page)


def test_a_sheet_by_hand(open_as: OpenAs) -> None:
    page = open_as("ada")
    keys = exercise(page, BY_HAND)
    for field in page.locator("input[name^='a-']").all():
        keys.to(field)
        keys.press("Control+a")
        keys.type("0,5")
    keys.to(page.locator("button[data-submit]"))
    keys.press("Enter")
    assert pages.wait_for_verdict(page).endswith("of 20 points")


def test_a_quiz(open_as: OpenAs) -> None:
    page = open_as("ada")
    keys = exercise(page, "Concept questions")
    for question in page.locator("fieldset").all():
        first = question.locator("input").first
        kind = first.get_attribute("type")
        keys.to(question.locator("input:checked, input").first if kind == "radio" else first)
        if kind == "radio":
            keys.press("Space", "ArrowDown")
        elif kind == "checkbox":
            keys.press("Space")
        else:
            keys.press("Control+a")
            keys.type("12")
    keys.to(page.locator("button[data-submit]"))
    keys.press("Enter")
    assert pages.wait_for_verdict(page).endswith("of 10 points")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_no_page_traps_the_focus_or_hides_it(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    for address in [*STUDENT, "/items/1/", "/items/3/", "/items/4/"]:
        keys = at(page, address)
        assert keys.all_stops() > 2
        keys.tab()
        expect(page.locator(".skip")).to_be_focused()
