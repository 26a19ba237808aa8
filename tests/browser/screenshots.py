"""Pictures of the pages for README and docs, of a running installation with the demo term.

    manage.py demo --students 1000
    python -m tests.browser.screenshots http://127.0.0.1:8000 var/demo-logins.json [NAME …]

Each page is taken on a light desktop and a dark phone, as the demo's student or its instructor.
Everything on it was graded before; nothing is submitted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import pages
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE

FOLDER = pages.ROOT / "docs" / "screenshots"
STUDENT, TEACHER = "ada", "iris"
TERM = "Demo term"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page, by how one gets there from the first one; what is scrolled into view on it."""

    name: str
    who: str
    find: Callable[[Page], None]
    show: str = ""


def main(address: str, logins: Path, names: list[str]) -> None:
    people = {p["username"]: p["password"] for p in json.loads(logins.read_text())["people"]}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for who in (STUDENT, TEACHER):
            for phone in (False, True):
                page = log_in(browser, address, who, people[who], phone=phone)
                for shot in SHOTS:
                    if shot.who == who and (not names or shot.name in names):
                        take(page, shot, phone=phone)
        browser.close()


def log_in(browser: Browser, address: str, name: str, password: str, *, phone: bool) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport=PHONE if phone else DESKTOP,
        color_scheme="dark" if phone else "light",
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{address}/")
    return page


def take(page: Page, shot: Shot, *, phone: bool) -> None:
    page.goto("/")
    shot.find(page)
    page.wait_for_load_state("networkidle")
    if shot.show:
        page.locator(shot.show).first.scroll_into_view_if_needed()
    kind = "phone-dark" if phone else "desktop-light"
    page.screenshot(path=FOLDER / f"{shot.name}-{kind}.png", animations="disabled")


def first(page: Page) -> None:
    """The page where one begins."""


def course(page: Page) -> None:
    page.goto(course_address(page))


def course_address(page: Page) -> str:
    """Of the demo term; the page is the first one."""
    section = page.locator("section", has=page.get_by_role("heading", name="Courses"))
    return section.locator("a", has_text=TERM).first.get_attribute("href") or ""


def below(path: str) -> Callable[[Page], None]:
    """A page below the course."""
    return lambda page: go(page, f"{course_address(page)}{path}")


def go(page: Page, at: str) -> None:
    page.goto(at)


def assignment(title: str) -> Callable[[Page], None]:
    def find(page: Page) -> None:
        course(page)
        page.locator("a.row[href^='/assignments/']", has_text=title).first.click()
        page.wait_for_url("**/assignments/*/")

    return find


def exercise(sheet: str, title: str) -> Callable[[Page], None]:
    def find(page: Page) -> None:
        assignment(sheet)(page)
        page.locator("a.row", has_text=title).first.click()
        page.wait_for_selector(f"h1:text-is('{title}')")

    return find


def verdict(title: str, word: str) -> Callable[[Page], None]:
    """One's newest submission for an exercise with this word in the list."""

    def find(page: Page) -> None:
        page.goto("/submissions/")
        rows = page.locator("tr", has_text=title).filter(has_text=word)
        while not rows.count():  # on an older page
            page.locator("a[rel=next]").click()
            page.wait_for_load_state()
        rows.first.locator("a[href^='/submissions/']").first.click()
        page.wait_for_url("**/submissions/*/")

    return find


def mark(page: Page) -> None:
    """The mark of somebody that was changed by hand."""
    page.goto(f"{course_address(page)}gradebook/?state=changed")
    page.locator("td a", has_text="✎").first.click()
    page.wait_for_url("**/gradebook/*/*/")


SHOTS = (
    Shot("overview", STUDENT, first),
    Shot("course", STUDENT, course),
    Shot("assignment", STUDENT, assignment("Activations and losses")),
    Shot("work", STUDENT, exercise("Activations and losses", "Stable softmax cross-entropy")),
    Shot("verdict", STUDENT, verdict("Stable softmax cross-entropy", "Partly")),
    Shot("verdict-by-hand", STUDENT, verdict("Derivatives and slopes", "Partly")),
    Shot("submissions", STUDENT, lambda page: go(page, "/submissions/")),
    Shot("grades", STUDENT, below("grades/")),
    Shot("gradebook", TEACHER, below("gradebook/")),
    Shot("mark", TEACHER, mark),
    Shot("statistics", TEACHER, below("statistics/")),
    Shot("questions", TEACHER, below("questions/")),
    Shot("all-submissions", TEACHER, below("submissions/")),
    Shot("people", TEACHER, below("people/")),
    Shot("export", TEACHER, below("gradebook/export/")),
    Shot("new-assignment", TEACHER, below("assignments/new/")),
)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
