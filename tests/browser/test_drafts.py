"""Drafts in a real browser: saved by itself, on every device, never lost; files and notebooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser import pages
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]
BOTH = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved")


def write(page: Page, code: str) -> None:
    pages.write_code(page, code)
    page.keyboard.press("Control+s")
    expect_saved(page)


def accessible(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    pages.expect_no_sideways_scroll(page)


def two_devices(open_as: OpenAs, title: str) -> tuple[Page, Page]:
    """Both have seen the same draft; the second one has gone on and saved."""
    first = open_as("ada")
    pages.open_exercise(first, title)
    write(first, "seen_by_both = 1\n")
    second = open_as("ada")
    second.goto(first.url)
    write(second, "from_the_second = 2\n")
    return first, second


def parted(open_as: OpenAs, title: str, *, phone: bool = False) -> Page:
    """The first of two devices: it wrote without a connection while the second one saved."""
    first = open_as("ada", phone=phone, expected="net::ERR_")
    pages.open_exercise(first, title)
    write(first, "seen_by_both = 1\n")
    first.route("**/draft/**", lambda route: route.abort())
    pages.write_code(first, f"from_the_first = 3  # {token_hex(4)}\n")  # no draft ever before
    first.keyboard.press("Control+s")
    expect(first.locator("[data-draft-status]")).to_contain_text("Not saved")
    second = open_as("ada")
    second.goto(first.url)
    write(second, "from_the_second = 2\n")
    first.unroute("**/draft/**")
    first.keyboard.press("Control+s")
    return first


def test_what_is_typed_is_on_the_next_device_without_a_click(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Three steps of Adam")
    page.locator("input[name^='a-']").first.fill("0,125")
    page.locator("input[name^='a-']").nth(1).focus()  # leaving a field saves
    expect_saved(page)
    elsewhere = open_as("ada", phone=True)
    elsewhere.goto(page.url)
    expect(elsewhere.locator("input[name^='a-']").first).to_have_value("0,125")
    expect(elsewhere.locator("[data-answered]")).to_contain_text("1 of ")


def test_what_is_typed_last_is_saved_when_the_page_goes(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "GRU cell")
    at = page.url
    pages.write_code(page, "typed_last = 1\n")
    page.goto("/")
    page.evaluate("localStorage.clear()")  # nothing of it comes from this browser
    page.goto(at)
    expect(page.locator(".cm-content")).to_contain_text("typed_last = 1")


def test_without_a_connection_nothing_is_lost(open_as: OpenAs) -> None:
    page = open_as("ada", expected="net::ERR_")
    pages.open_exercise(page, "GRU cell")

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/draft/", fail)
    pages.write_code(page, "while_away = 1\n")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-draft-status]")).to_contain_text("Not saved")
    expect(page.locator("[data-draft-told]")).to_contain_text("Kept in this browser")
    page.goto("/")
    page.unroute("**/draft/", fail)
    page.go_back()
    expect(page.locator(".cm-content")).to_contain_text("while_away = 1")
    expect_saved(page)
    elsewhere = open_as("ada")
    elsewhere.goto(page.url)
    expect(elsewhere.locator(".cm-content")).to_contain_text("while_away = 1")


@BOTH
def test_two_devices_are_asked_and_ones_own_version_can_go_on(open_as: OpenAs, phone: bool) -> None:
    first = parted(open_as, "LSTM over a sequence", phone=phone)
    conflict = first.locator("[data-draft-conflict]")
    expect(conflict).to_contain_text("Another device saved a later version")
    expect(conflict.locator(".l.add")).to_contain_text("from_the_first = 3")
    expect(conflict.locator(".l.del")).to_contain_text("from_the_second = 2")
    accessible(first)
    first.get_by_role("button", name="Keep what is here").press("Enter")
    expect(conflict).to_be_empty()
    expect_saved(first)
    first.get_by_role("link", name="History").click()
    accessible(first)
    first.get_by_role("link", name="What differs").first.click()
    expect(first.locator(".l.del").first).to_contain_text("from_the_second = 2")
    accessible(first)
    first.get_by_role("button", name="Restore this draft").click()
    expect(first.locator(".cm-content")).to_contain_text("from_the_second = 2")
    expect(first.locator(".told")).to_contain_text("Restored.")


def test_two_devices_are_asked_and_the_other_version_can_go_on(open_as: OpenAs) -> None:
    first = parted(open_as, "LSTM over a sequence")
    first.get_by_role("button", name="Take the other version").click()
    expect(first.locator(".cm-content")).to_contain_text("from_the_second = 2")
    first.get_by_role("button", name="Undo").click()
    expect(first.locator(".cm-content")).to_contain_text("from_the_first = 3")
    first.get_by_role("link", name="History").click()
    expect(first.locator("ol.rows")).to_contain_text("another device had saved later")


def test_an_open_page_takes_over_what_another_device_wrote(open_as: OpenAs) -> None:
    first, second = two_devices(open_as, "GRU cell")
    expect(second.locator(".cm-content")).to_contain_text("from_the_second")
    first.wait_for_function(  # as often as a window gets the focus
        "() => dispatchEvent(new Event('focus')) && document.querySelector('.toast')", polling=1000
    )
    expect(first.locator(".toast")).to_contain_text("Your other device has gone on")
    expect(first.locator(".cm-content")).to_contain_text("from_the_second = 2")
    write(first, "on_from_there = 3\n")
    expect(first.locator("[data-draft-conflict]")).to_be_empty()
    first.get_by_role("link", name="History").click()
    expect(first.locator("ol.rows")).to_contain_text("The draft now")


def test_a_page_that_was_left_in_a_hurry_follows_the_device_that_went_on(open_as: OpenAs) -> None:
    first = open_as("ada")
    pages.open_exercise(first, "GRU cell")
    at = first.url
    pages.write_code(first, "left_in_a_hurry = 1\n")
    first.goto("/")
    second = open_as("ada")
    second.goto(at)
    expect(second.locator(".cm-content")).to_contain_text("left_in_a_hurry")
    write(second, "gone_on = 2\n")
    first.goto(at)
    expect(first.locator(".cm-content")).to_contain_text("gone_on = 2")
    expect(first.locator("[data-draft-conflict]")).to_be_empty()


def test_two_devices_without_scripts(open_as: OpenAs) -> None:
    first, _ = two_devices(open_as, "GRU cell")
    plain = open_as("ada", scripts=False)
    plain.goto(first.url)
    plain.get_by_label("solution.py", exact=True).fill("from_plain = 4\n")
    other = open_as("ada")
    other.goto(first.url)
    write(other, "newest = 5\n")
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.get_by_role("heading", name="Two versions of your draft")).to_be_visible()
    plain.get_by_role("button", name="Keep what I sent").click()
    expect(plain.get_by_label("solution.py", exact=True)).to_have_value("from_plain = 4\n")


def test_a_reset_is_undone_after_a_reload_too(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "GRU cell")
    write(page, "my_long_work = 1\n")
    page.get_by_role("button", name="Reset to starter").click()
    expect_saved(page)
    page.reload()
    expect(page.locator(".cm-content")).not_to_contain_text("my_long_work")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Restore").first.click()
    expect(page.locator(".cm-content")).to_contain_text("my_long_work = 1")


def notebook(*sources: str) -> FilePayload:
    cells = [
        {
            "cell_type": "code", "source": source, "metadata": {},
            "outputs": [{"data": {"image/png": "A" * 3_000_000}}],
        }
        for source in sources
    ]  # fmt: skip
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    return FilePayload(name="hw.ipynb", mimeType="application/json", buffer=data)


@BOTH
def test_a_notebook_with_large_outputs_is_chosen_from_by_cells(
    open_as: OpenAs, phone: bool
) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "Stable softmax cross-entropy")
    write(page, "before = 1\n")
    solution = "%matplotlib inline\ndef softmax_ce(logits, y):\n    return 0, logits"
    page.get_by_label("Upload solution.py").set_input_files(
        files=[notebook("import numpy as np", solution, "print(softmax_ce(1, 2))")]
    )
    expect(page.get_by_role("heading", name="Which cells of hw.ipynb count")).to_be_visible()
    expect(page.locator("input[name=cell]:checked")).to_have_count(2)
    expect(page.locator(".cell").nth(1)).to_contain_text("as the exercise asks. 1 line left out.")
    accessible(page)
    page.get_by_role("checkbox", name="Cell 1").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Put the chosen cells into the editor").press("Enter")
    expect(page.locator(".told")).to_contain_text("1 cell is in the editor.")
    expect(page.locator(".cm-content")).to_contain_text("# %matplotlib inline")
    expect(page.locator(".cm-content")).not_to_contain_text("import numpy")
    accessible(page)
    page.get_by_role("link", name="History").click()
    expect(page.locator("ol.rows")).to_contain_text("Taken from a notebook")


def test_a_notebook_that_cannot_be_read_says_where(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "GRU cell")
    write(page, "mine = 1\n")
    broken = FilePayload(name="hw.ipynb", mimeType="application/json", buffer=b'{"cells": [3]}')
    page.get_by_label("Upload solution.py").set_input_files(files=[broken])
    expect(page.get_by_role("alert")).to_contain_text("hw.ipynb: Cell 1 cannot be read")
    expect(page.locator(".cm-content")).to_contain_text("mine = 1")
    accessible(page)


def test_files_work_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    pages.open_exercise(page, "GRU cell")
    page.get_by_label("solution.py", exact=True).fill("typed = 1\n")
    page.get_by_label("Upload solution.py").set_input_files(
        files=[FilePayload(name="a.py", mimeType="text/x-python", buffer=b"uploaded = 2\n")]
    )
    page.get_by_role("button", name="Put it into the editor").click()
    expect(page.get_by_label("solution.py", exact=True)).to_have_value("uploaded = 2\n")
    page.get_by_role("button", name="Reset to starter").click()
    expect(page.locator(".told")).to_contain_text("Reset to the starter.")
    page.get_by_role("link", name="History").click()
    expect(page.locator("ol.rows")).to_contain_text("Uploaded")
    page.get_by_role("button", name="Restore").first.click()
    expect(page.get_by_label("solution.py", exact=True)).to_have_value("uploaded = 2\n")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download").click()
    assert downloaded.value.suggested_filename == "solution.py"


def test_the_bar_between_the_halves_is_moved_by_keys_and_remembered(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "GRU cell")
    bar = page.get_by_role("separator", name="Width of the statement")
    bar.focus()
    width = page.locator("#statement").bounding_box()
    page.keyboard.press("Home")
    expect(bar).to_have_attribute("aria-valuenow", "25")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(bar).to_have_attribute("aria-valuetext", "29 %")
    narrow = page.locator("#statement").bounding_box()
    assert width is not None
    assert narrow is not None
    assert narrow["width"] < width["width"] - 50
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "29")
    bar.press("Enter")
    expect(bar).to_have_attribute("aria-valuenow", "42")


@BOTH
def test_the_list_of_keys(open_as: OpenAs, phone: bool) -> None:
    page = open_as("ada", phone=phone)
    pages.open_exercise(page, "GRU cell")
    page.locator("#statement .scroll").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    expect(dialog).to_be_visible()
    accessible(page)
    dialog.get_by_label("? opens this list").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    page.locator("#statement .scroll").focus()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.evaluate("localStorage.clear()")


def test_fields_that_cannot_be_read_are_named_with_a_way_to_them(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    first, second = (
        page.locator("input[name^='a-']").nth(0),
        page.locator("input[name^='a-']").nth(1),
    )
    first.fill("0,12.3")
    second.fill("50 %")
    page.get_by_role("button", name="ubmit").click()
    refused = page.locator("#refused")
    expect(refused).to_contain_text("2 of your answers cannot be read: Net input of neuron 3, Net")
    expect(refused).to_contain_text("'50 %' is a percentage; write 0.67 for 67 %.")
    refused.get_by_role("link").nth(1).click()
    assert page.url.endswith(f"#{second.get_attribute('id')}")
    page.locator(".number-help summary").click()
    expect(page.get_by_text("a little more than one")).to_be_visible()
    accessible(page)
    first.fill("")
    second.fill("")
    page.keyboard.press("Control+s")
    expect_saved(page)  # or the next page of this exercise begins with what cannot be read


@pytest.mark.parametrize(
    "title", ["Stable softmax cross-entropy", "Backprop through two sigmoid neurons"]
)
def test_at_200_percent_everything_is_there(open_as: OpenAs, title: str) -> None:
    page = open_as("ada")
    page.set_viewport_size({"width": 720, "height": 450})
    pages.open_exercise(page, title)
    accessible(page)
    submit = page.get_by_role("button", name="ubmit")
    submit.scroll_into_view_if_needed()
    expect(submit).to_be_in_viewport()
    page.get_by_role("link", name="History").click()
    accessible(page)
