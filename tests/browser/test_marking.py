"""People mark a part: from the rubric to what the student reads, with keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]
SOFTMAX = "Stable softmax cross-entropy"
RUBRIC = """Derivation
0: missing
1: a step is missing
3: complete

Style
0: hard to follow
1: clear"""
MOST_STOPS = 80


def tab_to(page: Page, target: Locator) -> None:
    """Go there by Tab; whoever has the focus shows it."""
    for _ in range(MOST_STOPS):
        if target.evaluate("one => one === document.activeElement"):
            outline = target.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none", f"no outline on {target}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached on {page.url}")


def hand_in(open_as: OpenAs) -> str:
    """Ada submits the reference; the address of the exercise."""
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    address = page.url
    pages.write_code(page, pages.source("softmax-cross-entropy", "solution.py"))
    page.keyboard.press("Control+Shift+Enter")
    assert pages.wait_for_verdict(page) == "20 of 20 points"
    return address.removesuffix("/")


def expect_nothing_from_axe(page: Page, address: str) -> None:
    page.goto(address)
    assert violations(page) == [], address
    pages.expect_no_sideways_scroll(page)


def test_a_part_is_marked_and_told_with_keys_alone(open_as: OpenAs) -> None:
    item = hand_in(open_as)
    page = open_as("iris")

    page.goto(f"{item}/rubric/")
    text = page.get_by_label("Criteria")
    tab_to(page, text)
    page.keyboard.insert_text(RUBRIC)
    tab_to(page, page.get_by_role("button", name="Store the rubric"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The rubric is stored.")).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Mark the next one"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-criterion] input").first).to_be_focused()  # ready for a digit
    page.keyboard.press("9")  # there is no ninth level
    expect(page.locator("input:checked[type=radio]")).to_have_count(0)
    page.keyboard.press("2")
    expect(page.locator("input[name=level-0][value='1']")).to_be_checked()
    page.keyboard.press("2")  # of the next criterion
    expect(page.locator("input[name=level-1][value='1']")).to_be_checked()
    page.keyboard.press("c")
    expect(page.get_by_label("Comment")).to_be_focused()
    page.keyboard.type("1 step: say why the maximum may be taken off. n, p")  # no key acts here
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Everything is marked.")).to_be_visible()

    student = open_as("ada")
    student.goto(f"{item}/marked/")
    expect(student.get_by_role("heading", name="Not told yet")).to_be_visible()
    box = page.get_by_role("checkbox", name="Tell everybody who is marked.")
    tab_to(page, box)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Tell the students"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 student can read it")).to_be_visible()

    student.reload()
    expect(student.get_by_text("a step is missing")).to_be_visible()
    expect(student.get_by_text("say why the maximum may be taken off")).to_be_visible()
    expect(student.locator(".big")).to_have_text("2 of 4")

    code = page.locator("tbody a").first.get_attribute("href") or ""
    for phone in (False, True):
        staff = open_as("iris", phone=phone)
        course = "/courses/1"
        for address in (
            f"{item}/rubric/", f"{item}/marking/", code, f"{course}/marking/",
            f"{course}/statistics/", f"{course}/statistics/{item.rsplit('/', 1)[1]}/",
        ):  # fmt: skip
            expect_nothing_from_axe(staff, address)
        expect_nothing_from_axe(open_as("ada", phone=phone), f"{item}/marked/")


def test_letters_can_be_switched_off(open_as: OpenAs) -> None:
    page = open_as("iris")
    page.goto("/courses/1/marking/")
    page.locator("a.row").first.click()
    page.locator("tbody a").first.click()
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys of one letter are on").uncheck()
    page.locator("h1").click()
    before = page.locator("input:checked[type=radio]").count()
    page.keyboard.press("c")
    expect(page.get_by_label("Comment")).not_to_be_focused()
    assert page.locator("input:checked[type=radio]").count() == before
    page.reload()
    expect(page.get_by_label("Keys of one letter are on")).not_to_be_checked()
