"""Pictures of the pages for docs/screenshots, of a running installation with the demo course.

`python -m tests.browser.screenshots http://127.0.0.1:8000 var/demo-logins.json`: submits as the
demo student, then takes each page on a light desktop and a dark phone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import pages
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE

FOLDER = pages.ROOT / "docs" / "screenshots"
WRONG = {  # title: name of the picture, source of what is submitted
    "Stable softmax cross-entropy": (
        "softmax-cross-entropy",
        ("softmax-cross-entropy", "wrong/columns_for_all_rows.py"),
    ),
    "Convolution with loops": ("conv2d-naive", ("conv2d-naive", "wrong/edge_padding.py")),
    "Fast convolution": ("conv2d-fast", ("conv2d-naive", "solution.py")),
    "Fused softmax on the GPU": ("gpu-softmax", ("gpu-softmax", "solution.py")),
}


def main(address: str, logins: Path) -> None:
    people = {p["username"]: p["password"] for p in json.loads(logins.read_text())["people"]}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        shots = work(log_in(browser, address, "ada", people["ada"]))
        for phone in (False, True):
            page = log_in(browser, address, "ada", people["ada"], phone=phone)
            for name, at in shots.items():
                take(page, at, name, phone=phone)
            page = log_in(browser, address, "iris", people["iris"], phone=phone)
            take(page, "/courses/1/submissions/", "all-submissions", phone=phone)
            take(page, "/courses/1/assignments/new/", "new-assignment", phone=phone)
        browser.close()


def work(page: Page) -> dict[str, str]:
    """Submit one of each kind; address of each page to take, by name."""
    shots = {"overview": "/", "submissions": "/submissions/", "course": "/courses/1/"}
    for title, (name, source) in WRONG.items():
        pages.open_exercise(page, title)
        at = page.url
        pages.write_code(page, pages.source(*source))
        page.get_by_role("button", name="Run").click()
        page.locator("#results .row").first.wait_for()
        pages.submit(page)
        shots |= {f"verdict-{name}": page.url, f"work-{name}": at}
    for title, name in (
        ("Backprop through two sigmoid neurons", "by-hand"),
        ("Concept questions", "quiz"),
    ):
        pages.open_exercise(page, title)
        shots[name] = page.url
        for choice in page.locator("fieldset label.choice:first-of-type").all():
            choice.click()
        for field in page.locator("input[inputmode]").all():
            field.fill("0,5")
        pages.submit(page)
        shots[f"verdict-{name}"] = page.url
    return shots


def log_in(
    browser: Browser, address: str, name: str, password: str, *, phone: bool = False
) -> Page:
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


def take(page: Page, at: str, name: str, *, phone: bool) -> None:
    page.goto(at)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}-{'phone-dark' if phone else 'desktop-light'}.png")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
