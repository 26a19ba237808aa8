"""An own exercise from the wizard to the student, as the guide for instructors tells it."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
OpenAs = Callable[..., Page]
VERIFIED_MS = 120_000


def accessible(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


def begin(page: Page, kind: str, title: str) -> str:
    """Through the wizard; returns the address of the exercise."""
    page.goto("/")
    page.locator("main a[href^='/courses/']:not([href*='new'])").first.click()
    page.wait_for_url("**/courses/*/")
    page.get_by_role("link", name="Exercises", exact=True).click()
    page.get_by_role("link", name="New exercise").first.click()
    page.get_by_label(kind).check()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Id", exact=True).fill(f"own-{token_hex(4)}")
    page.get_by_role("button", name="Make the exercise").click()
    page.wait_for_url("**/exercises/*/")
    return page.url


def store(page: Page, path: str, text: str) -> None:
    page.get_by_role("link", name=path).click()
    pages.write_code(page, text)
    page.get_by_role("button", name="Store").click()
    page.get_by_text(f"{path} is stored.").wait_for()


def verify(page: Page) -> None:
    page.get_by_role("link", name="Verify", exact=True).first.click()
    page.get_by_role("button", name="Verify").click()
    page.locator("#gates[hx-get]").wait_for(state="detached", timeout=VERIFIED_MS)


def test_from_the_wizard_to_a_published_version(open_as: OpenAs) -> None:
    page = open_as("iris")
    own = begin(page, "Code: students", "Mean absolute error")
    accessible(page)
    verify(page)
    expect(page.locator("#gates")).to_contain_text("gates hold")
    expect(page.locator(".matrix")).to_contain_text("Killed by 2")
    accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 1 is published")
    accessible(page)
    page.goto(own)
    store(page, "statement.md", "A mistake survives now.\n")
    page.goto(own)
    page.get_by_label("Path").fill("wrong/survivor.py")
    page.get_by_role("button", name="Add", exact=True).click()
    pages.write_code(
        page,
        '"""None.\n\nHint.\n"""\n\n\ndef mean_absolute_error(p, t):\n'
        "    return float(abs(p - t).mean())\n",
    )
    page.get_by_role("button", name="Store").click()
    page.goto(own)
    verify(page)
    expect(page.locator("tr", has_text="wrong/survivor.py")).to_contain_text("Survives")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.get_by_role("link", name="Versions", exact=True).click()
    page.get_by_role("link", name="Changes since version 1").click()
    expect(page.locator("main")).to_contain_text("A mistake survives now.")
    accessible(page)


def test_a_fault_is_shown_at_once_and_typed_mathematics_too(open_as: OpenAs) -> None:
    page = open_as("iris", expected="409")
    own = begin(page, "By hand", "One neuron")
    page.get_by_role("link", name="statement.md").click()
    expect(page.locator("#shown .katex").first).to_be_visible()
    pages.write_code(page, "The loss is $E = \\frac{1}{2}$.\n")
    expect(page.locator("#shown")).to_contain_text("The loss is")
    expect(page.locator("#shown .katex")).to_have_count(1)
    accessible(page)
    page.goto(own)
    store(page, "exercise.toml", "id = 1\n")
    expect(page.locator("main")).to_contain_text("The files are no exercise yet.")
    expect(page.locator("main")).to_contain_text("exercise.toml:1: id")


def test_two_authors_lose_nothing(open_as: OpenAs) -> None:
    first = open_as("iris")
    own = begin(first, "Quiz", "A quiz")
    second = open_as("iris")
    second.goto(own)
    second.get_by_role("link", name="statement.md").click()
    store(first, "statement.md", "Written first.\n")
    pages.write_code(second, "Written second.\n")
    second.get_by_role("button", name="Store").click()
    expect(second.get_by_role("alert")).to_contain_text("Nothing was stored")
    expect(second.locator("pre.code")).to_contain_text("Written first.")
    second.get_by_role("button", name="Store").click()
    second.get_by_text("statement.md is stored.").wait_for()


def test_a_preview_shows_the_sheet_that_students_get(open_as: OpenAs) -> None:
    page = open_as("iris", phone=True)
    begin(page, "By hand", "One neuron")
    page.get_by_role("link", name="Preview", exact=True).click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".steps-box")).to_contain_text("Net input", timeout=60_000)
    accessible(page)


def test_without_scripts_an_exercise_can_be_written_and_verified(open_as: OpenAs) -> None:
    page = open_as("iris", scripts=False)
    begin(page, "Code: students", "Plain")
    page.get_by_role("link", name="statement.md").click()
    page.locator("#text").fill("Plain words.\n")
    page.get_by_role("button", name="Store").click()
    expect(page.locator("main")).to_contain_text("statement.md is stored.")
    page.get_by_role("link", name="Verify", exact=True).first.click()
    page.get_by_role("button", name="Verify").click()
    expect(page.locator("#gates")).to_contain_text("gates hold", timeout=VERIFIED_MS)
