"""What the journeys do on the pages."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = ROOT / "exercises"
GRADED_MS = 90_000  # a timed exercise measures for a while


def open_exercise(page: Page, title: str) -> None:
    """From the first page through the course to an exercise."""
    page.goto("/")
    page.locator("section", has=page.get_by_role("heading", name="Courses")).get_by_role(
        "link"
    ).click()
    page.wait_for_url("**/courses/*/")
    addresses = [
        link.get_attribute("href") or ""
        for link in page.locator("a.row[href^='/assignments/']").all()
    ]
    for address in addresses:
        page.goto(address)
        link = page.locator("a.row", has_text=title)
        if link.count():
            link.click()
            page.wait_for_selector(f"h1:text-is('{title}')")
            page.locator("#work, .editor").first.wait_for(state="attached")
            return
    raise AssertionError(f"no exercise named {title}")


def write_code(page: Page, code: str) -> None:
    content = page.locator(".cm-content")
    content.click()
    page.locator(".cm-editor[data-typing]").wait_for()  # keys and undo come with the focus
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(code)


def wait_for_verdict(page: Page) -> str:
    """The heading of the verdict, which appears without a reload."""
    page.wait_for_url("**/submissions/*/")
    page.locator("#live[hx-get]").wait_for(state="detached", timeout=GRADED_MS)
    return page.locator("h1").inner_text()


def submit(page: Page) -> str:
    page.get_by_role("button", name="ubmit").click()
    return wait_for_verdict(page)


def source(exercise: str, file: str) -> str:
    (folder,) = EXERCISES.glob(f"*/{exercise}")
    return (folder / file).read_text()


def expect_no_sideways_scroll(page: Page) -> None:
    wide, seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= seen, f"{page.url} is {wide} px wide on {seen} px"
