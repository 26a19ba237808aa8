"""The scratch console: by keyboard, in the real sandbox, with hostile input, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]
CODE = "import numpy as np\n\ndef softmax_ce(logits, y):\n    print('rows', len(y))\n    return 7\n"


@pytest.fixture
def page(open_as: OpenAs) -> Page:
    opened: Page = open_as("ada")
    pages.open_exercise(opened, "Stable softmax cross-entropy")
    pages.write_code(opened, CODE)
    opened.locator("#console").evaluate("panel => panel.open = false")
    opened.keyboard.press("Alt+c")
    return opened


def call(page: Page, typed: str) -> Locator:
    """Type, press Enter; the entry once it is answered."""
    entry = page.locator("#console-log .call").nth(page.locator("#console-log .call").count())
    page.keyboard.insert_text(typed)
    page.keyboard.press("Enter")
    expect(entry).to_be_attached()
    expect(entry.locator(".spin")).to_have_count(0, timeout=20_000)
    return entry


def test_a_call_runs_the_file_as_it_is_in_the_editor(page: Page) -> None:
    entry = call(page, "softmax_ce(np.ones((2, 3)), [0, 1])")
    expect(entry.locator(".said").first).to_contain_text("rows 2")
    expect(entry.locator(".value")).to_contain_text("7")
    expect(page.locator("#console-told")).to_contain_text("rows 2")
    expect(page.get_by_label("Call, in Python")).to_be_focused()
    expect(page.get_by_label("Call, in Python")).to_have_value("")
    assert "/items/" in page.url


def test_each_call_begins_anew(page: Page) -> None:
    call(page, "left_behind = 1")
    expect(call(page, "left_behind")).to_contain_text("NameError")


def test_the_keys_of_the_console(page: Page) -> None:
    box = page.get_by_label("Call, in Python")
    page.keyboard.insert_text("a = 20")
    page.keyboard.press("Shift+Enter")
    expect(call(page, "a + 1").locator(".value")).to_contain_text("21")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("a = 20\na + 1")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("")
    page.keyboard.press("Alt+c")
    expect(box).to_be_hidden()
    page.keyboard.press("Alt+c")
    expect(box).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("while True: pass", "still running after 5 s"),
        ("import os; os._exit(0)", "ended the Python process"),
        ("open('/etc/passwd').read()", "FileNotFoundError"),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", "PermissionError"),
        ("__import__('gradus')", "ModuleNotFoundError"),
        ("import sys; [m for m in sys.modules if 'checks' in m or 'reference' in m]", "[]"),
        ("raise ValueError('\\ud800\\0')", "ValueError"),
        ("print('<script>document.title = 1</script>')", "<script>document.title = 1</script>"),
        ("'<img src=x onerror=alert(1)>\\x1b[31m\\u202e'", "<img src=x onerror=alert(1)>"),
    ],
)
def test_what_is_hostile_gets_an_answer_and_the_next_call_works(
    page: Page, typed: str, answer: str
) -> None:
    expect(call(page, typed)).to_contain_text(answer)
    expect(call(page, "6 * 7").locator(".value")).to_contain_text("42")
    assert "Stable softmax" in page.title()


def test_a_long_answer_is_cut_and_scrolls_by_itself(page: Page) -> None:
    call(page, "print('x ' * 10**6)")
    pages.expect_no_sideways_scroll(page)
    height = page.locator("#console .log").evaluate("log => log.clientHeight")
    assert height < 300


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_open_console_is_accessible(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "Stable softmax cross-entropy")
    page.locator("#console").evaluate("panel => panel.open = true")
    page.get_by_label("Call, in Python").focus()
    call(page, "1 / 0")
    page.keyboard.press("Enter")  # nothing typed: nothing happens
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


def test_works_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    pages.open_exercise(page, "GRU cell")
    page.get_by_label("solution.py", exact=True).fill("def mine():\n    return 'from my file'\n")
    page.locator("#console summary").click()
    page.get_by_label("Call, in Python").fill("mine()")
    page.get_by_role("button", name="Call").click()
    page.wait_for_url("**/items/*/#console-log")
    for _ in range(40):
        if page.locator(".call .value").count():
            break
        page.reload()
    expect(page.locator(".call .value")).to_contain_text("from my file")
    expect(page.get_by_label("solution.py", exact=True)).to_have_value(
        "def mine():\n    return 'from my file'\n"
    )
