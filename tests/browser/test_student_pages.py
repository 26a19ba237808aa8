"""The pages around an exercise: next, calendar, differences, explanations; axe on each state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]
BOTH = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def accessible(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


@BOTH
def test_the_overview_leads_to_the_next_exercise(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    page.goto("/")
    accessible(page)
    page.locator("details.later summary").click()
    accessible(page)
    title = page.locator("section[aria-labelledby=next] h3").inner_text()
    page.locator("section[aria-labelledby=next] a").click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=20_000)


@BOTH
def test_a_calendar_address_is_made_once_and_ended(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    page.goto("/")
    page.get_by_role("link", name="Add to calendar").click()
    accessible(page)
    page.get_by_role("button", name="ake ").click()
    accessible(page)
    address = page.locator("#address").input_value()
    fetched = open_as(None).request.get(address)
    assert fetched.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in fetched.text()
    page.get_by_role("button", name="End the feed").click()
    expect(page.get_by_role("status")).to_contain_text("no longer works")
    assert open_as(None).request.get(address).status == 404
    accessible(page)


@BOTH
def test_the_difference_of_two_submissions(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "Stable softmax cross-entropy")
    at = page.url
    pages.write_code(page, pages.source("softmax-cross-entropy", "wrong/columns_for_all_rows.py"))
    pages.submit(page)
    page.goto(at)
    pages.write_code(page, pages.source("softmax-cross-entropy", "solution.py"))
    pages.submit(page)
    page.goto(f"{at}submissions/")
    accessible(page)
    page.get_by_role("link", name="Since the one before").first.click()
    expect(page.get_by_role("heading", name="Checks that changed")).to_be_visible()
    expect(page.locator(".l.add").first).to_be_visible()
    expect(page.locator(".l.del").first).to_be_visible()
    accessible(page)
    page.get_by_label("Compare with").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/?since=*")


@BOTH
def test_a_right_answer_explains_all_its_options(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "Concept questions")
    for question in page.locator("fieldset").all():
        choices = question.locator("input[type=radio], input[type=checkbox]")
        if choices.count():
            choices.first.check()
        else:
            question.locator("input").fill("12")
    pages.submit(page)
    accessible(page)
    explained = page.locator("ul[aria-label='All options']")
    for options in explained.all():
        expect(options.locator("li")).not_to_have_count(1)
        expect(options.locator(".muted").first).not_to_be_empty()


@BOTH
def test_a_refused_sheet_and_a_waiting_submission_are_accessible(
    open_as: OpenAs, phone: bool
) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    page.locator("input[name^='a-']").first.fill("0,12.3")
    page.get_by_role("button", name="ubmit").click()
    expect(page.locator("#refused")).to_be_visible()
    accessible(page)
    pages.open_exercise(page, "Fast convolution")
    pages.write_code(page, pages.source("conv2d-naive", "solution.py"))
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/submissions/*/")
    assert page.locator("#live[hx-get]").count() == 1
    assert violations(page) == []
    pages.wait_for_verdict(page)
    accessible(page)
