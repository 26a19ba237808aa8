"""axe finds nothing and nothing scrolls sideways: exercises, their verdicts, and narrow screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
AXE = pages.ROOT / "platform/gradus/web/frontend/node_modules/axe-core/axe.min.js"
RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}}).then(result =>
  result.violations.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary)))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STUDENT = [
    "/",
    "/preferences/",
    "/submissions/",
    "/courses/1/",
    "/assignments/1/",
    "/accounts/logout/",
    "/calendar/",
    "/programs/",
    "/questions/",
    "/programs/allow/",
    "/join/",
    "/items/1/practice/",
    "/items/1/submissions/",
    "/items/3/drafts/",
    "/courses/1/grades/",
    "/x",
]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate(RUN, TAGS)
    return [str(line)[:600] for line in found]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "title",
    ["Stable softmax cross-entropy", "Backprop through two sigmoid neurons", "Concept questions"],
)
def test_exercise_and_its_verdict(open_as: Callable[..., Page], title: str, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, title)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)
    if page.locator("label.choice").count():
        page.locator("label.choice").first.click()
    elif page.locator("input[name^='a-']").count():
        page.locator("input[name^='a-']").first.fill("1")
    pages.submit(page)
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)
    page.goto(f"{page.url}changes/")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


def test_the_marks_of_a_sheet_keep_their_names_readable_on_a_phone(
    open_as: Callable[..., Page],
) -> None:
    page = open_as("ada", phone=True)
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    page.locator("input[name^='a-']").first.fill("1")
    pages.submit(page)
    heights = page.locator("li.step").evaluate_all(
        "steps => steps.map(s => s.firstElementChild.offsetHeight)"
    )
    assert max(heights) < 90


def test_nothing_scrolls_sideways_at_320_px(open_as: Callable[..., Page]) -> None:
    page = open_as("ada", phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in [*STUDENT, "/items/1/", "/items/3/", "/items/4/"]:
        page.goto(address)
        pages.expect_no_sideways_scroll(page)
