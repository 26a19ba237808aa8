"""Pages zoomed, still, in forced colours, right to left, with long names, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.keys import SEEN
from tests.browser.test_accessibility import STUDENT, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
OpenAs = Callable[..., Page]
ITEMS = ["/items/1/", "/items/3/", "/items/4/"]
ALL = [*STUDENT, *ITEMS]
SOFTMAX = "Stable softmax cross-entropy"
BY_HAND = "Backprop through two sigmoid neurons"
MOVES = """() => document.getAnimations().filter(a => a.playState === "running" &&
  a.effect.getComputedTiming().duration > 1).map(a => a.effect.target.outerHTML.slice(0, 120))"""
# People, courses and exercises, wherever a page names them.
RENAME = """name => {
  const named = "h1, .name, .name a, .crumbs b, .crumbs a, .end a.btn.quiet, .rec h3";
  for (const one of document.querySelectorAll(named))
    if (!one.children.length && one.textContent.trim()) one.textContent = name;
}"""
LONG = "Maximiliane-Theodora von und zu Hohenlohe-Waldenburg-Schillingsfürst " + "W" * 60


def see(page: Page, address: str) -> None:
    """Open a page; that of an exercise loads itself again once its numbers are drawn."""
    page.goto(address)
    if address in ITEMS:
        page.locator("#work").wait_for(state="attached")


def test_at_200_percent_nothing_scrolls_sideways(open_as: OpenAs) -> None:
    page = open_as("ada")
    page.set_viewport_size({"width": 720, "height": 450})  # 1440 x 900 at 200 %
    for address in ALL:
        see(page, address)
        pages.expect_no_sideways_scroll(page)


def test_a_work_page_at_200_percent_shows_what_it_needs(open_as: OpenAs) -> None:
    page = open_as("ada")
    page.set_viewport_size({"width": 720, "height": 450})
    pages.open_exercise(page, SOFTMAX)
    for name in ("Run", "Submit"):
        button = page.get_by_role("button", name=name).first
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()
    page.locator(".cm-content").scroll_into_view_if_needed()
    expect(page.locator(".cm-line").first).to_be_in_viewport()


def test_nothing_moves_for_those_who_ask_for_it(open_as: OpenAs) -> None:
    page = open_as("ada")
    page.emulate_media(reduced_motion="reduce")
    for address in ALL:
        see(page, address)
        assert page.evaluate(MOVES) == []
    pages.open_exercise(page, "Parse a YOLO label file")
    page.get_by_role("button", name="ubmit").click()
    page.wait_for_url("**/submissions/*/")
    assert page.evaluate(MOVES) == []


def test_forced_colours_keep_focus_and_statuses(open_as: OpenAs) -> None:
    page = open_as("ada")
    page.emulate_media(forced_colors="active")
    for address in ALL:
        see(page, address)
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement !== document.body"):
                assert page.evaluate(SEEN) == ""
        shapes = page.locator(".st .i:visible")
        for at in range(min(5, shapes.count())):
            box = shapes.nth(at).bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 8


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_right_to_left_and_a_long_name_break_nothing(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    for address in ALL:
        see(page, address)
        page.evaluate(RENAME, LONG)
        pages.expect_no_sideways_scroll(page)
        page.evaluate("document.documentElement.dir = 'rtl'")
        pages.expect_no_sideways_scroll(page)
        assert violations(page) == []


def test_a_sheet_is_answered_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    pages.open_exercise(page, BY_HAND)
    for field in page.locator("input[name^='a-']").all():
        field.fill("0,5")
    page.get_by_role("button", name="ubmit").click()
    page.wait_for_url("**/submissions/*/")
    expect(page.locator("h1")).to_contain_text("of 20 points", timeout=pages.GRADED_MS)


def test_a_quiz_is_answered_and_a_question_asked_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    pages.open_exercise(page, "Concept questions")
    page.locator("label.choice").first.click()
    page.get_by_role("button", name="ubmit").click()
    page.wait_for_url("**/submissions/*/")
    expect(page.locator("h1")).to_contain_text("of 10 points", timeout=pages.GRADED_MS)
    page.get_by_role("link", name="Ask about this result").click()
    page.get_by_label("What did you expect, and why?").fill("I expected another option.")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Your question is withdrawn.")).to_be_visible()
