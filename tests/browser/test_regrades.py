"""A regrade in a real installation: start it, look, choose, apply, and take it back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
OpenAs = Callable[..., Page]
TITLE = "Minimise within a gradient budget"
HARDER = "condition_400: 1 = 100 %\ncondition_1000: 1 = 100 %"
PICTURES = os.environ.get("REGRADE_PICTURES")  # a folder: pictures of each state are kept there


def picture(page: Page, name: str) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def begin(staff: Page) -> None:
    staff.goto("/courses/1/regrades/")
    picture(staff, "list-empty")
    staff.get_by_role("link", name=TITLE).click()
    staff.get_by_label("Thresholds of speed").fill(HARDER)
    staff.get_by_label("Why?").fill("The budget was too generous.")
    picture(staff, "new")
    staff.get_by_role("button", name="Look what that is").click()
    expect(staff.get_by_text("1 submission of 1 student would be graded again.")).to_be_visible()
    picture(staff, "confirm")
    staff.get_by_role("button", name="Start 1 grading").click()
    staff.wait_for_url("**/regrades/*/")
    # the page loads itself again when the grading is over
    expect(staff.get_by_role("heading", name="Apply")).to_be_visible(timeout=pages.GRADED_MS)


def test_a_regrade_lowers_only_after_a_choice_and_is_taken_back(open_as: OpenAs) -> None:
    ada = open_as("ada")
    pages.open_exercise(ada, TITLE)
    pages.write_code(ada, pages.source("optimiser-budget", "solution.py"))
    assert pages.submit(ada) == "30 of 30 points"
    staff = open_as("iris")
    begin(staff)
    picture(staff, "preview")
    expect(staff.get_by_text("Policy: other thresholds")).to_be_visible()
    expect(staff.get_by_text("stays", exact=True)).to_be_visible()
    ada.reload()
    expect(ada.get_by_role("heading", name="30 of 30 points")).to_be_visible()
    staff.get_by_role("button", name="Lower all 1").click()
    expect(staff.get_by_text("will be lowered")).to_be_visible()
    staff.get_by_label("Grade later work alike").uncheck()
    staff.get_by_label("Type “lower 1”").fill("lower 1")
    picture(staff, "chosen")
    staff.get_by_role("button", name="Apply").click()
    expect(staff.get_by_text("0 marks raised, 1 lowered.")).to_be_visible()
    picture(staff, "applied")
    ada.reload()
    expect(ada.get_by_text("“The budget was too generous.”")).to_be_visible()
    expect(ada.get_by_role("heading", name="30 of 30 points")).to_have_count(0)
    staff.get_by_role("button", name="Take the run back").click()
    picture(staff, "reverse")
    staff.get_by_role("button", name="Take it back").click()
    expect(staff.get_by_text("Marks are as they were before it.")).to_be_visible()
    ada.reload()
    expect(ada.get_by_role("heading", name="30 of 30 points")).to_be_visible()
    dark = open_as("iris", phone=True)
    dark.goto(staff.url)
    picture(dark, "reversed-phone")
