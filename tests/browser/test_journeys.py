"""Log in, submit, read the verdict: one journey for each kind, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import pages
from tests.browser.conftest import Installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OpenAs = Callable[..., Page]
SOFTMAX = "Stable softmax cross-entropy"
MISTAKE = "wrong/columns_for_all_rows.py"


def test_run_shows_the_visible_checks_under_the_editor(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    pages.write_code(page, pages.source("softmax-cross-entropy", MISTAKE))
    page.keyboard.press("Control+Enter")
    results = page.locator("#results")
    expect(results.get_by_text("Named mistake").first).to_be_visible()
    expect(results.locator("td.d").first).to_be_visible()
    expect(results.get_by_text("Hidden checks run on Submit.")).to_be_visible()
    assert "/items/" in page.url


def test_a_line_that_raised_is_marked_in_the_editor(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    pages.write_code(page, "def softmax_ce(logits, y):\n    return 1 / 0\n")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".cm-raised")).to_have_text("    return 1 / 0")


def test_wrong_code_is_told_its_mistake_and_right_code_gets_full_marks(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    pages.write_code(page, pages.source("softmax-cross-entropy", MISTAKE))
    assert pages.submit(page) == "4 of 20 points"
    expect(page.get_by_role("heading", name="Fix first")).to_be_visible()
    expect(page.get_by_text("The labels select whole columns").first).to_be_visible()
    assert page.title().startswith("4 of 20 points")
    page.get_by_role("link", name="Fix it in the editor").click()
    pages.write_code(page, pages.source("softmax-cross-entropy", "solution.py"))
    page.keyboard.press("Control+Shift+Enter")
    assert pages.wait_for_verdict(page) == "20 of 20 points"
    expect(page.get_by_text("Full marks.")).to_be_visible()


def test_code_that_cannot_be_read_costs_no_attempt(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Six activations and their slopes")
    pages.write_code(page, "x = 1\ndef f(:\n")
    assert pages.submit(page) == "Nothing was graded"
    expect(page.get_by_text("Line 2 cannot be read")).to_be_visible()
    expect(page.locator(".l.warn")).to_have_text("def f(:")
    expect(page.get_by_text("given back", exact=False).first).to_be_visible()


def test_what_was_printed_is_shown_as_text(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    code = "def softmax_ce(logits, y):\n    print('<img src=x onerror=alert(1)>\\x1b[31m\\u202e')\n"
    pages.write_code(page, code)
    pages.submit(page)
    page.get_by_text("What your code printed").first.click()
    printed = page.locator("pre.out").first
    expect(printed).to_contain_text("<img src=x onerror=alert(1)>[U+202E]")


def test_by_hand_errors_stand_at_their_field_and_the_sheet_is_marked(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Backprop through two sigmoid neurons")
    fields = page.locator("input[name^='a-']")
    fields.first.fill("0,12.3")
    fields.nth(1).focus()
    expect(page.locator(".err")).to_contain_text("both a comma and a point")
    expect(fields.first).to_have_attribute("aria-invalid", "true")
    for field in fields.all():
        field.fill("0,5")
    expect(page.locator(".err")).to_have_count(0)
    assert pages.submit(page).endswith("of 20 points")
    expect(page.get_by_text("First wrong step").first).to_be_visible()
    page.get_by_role("link", name="Correct and submit again").click()
    expect(page.locator("input[name^='a-']").first).to_have_value("0,5")


def test_a_quiz_explains_each_answer(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Concept questions")
    for question in page.locator("fieldset").all():
        choices = question.locator("input[type=radio], input[type=checkbox]")
        if choices.count():
            choices.first.check()
        else:
            question.locator("input").fill("12")
    assert pages.submit(page).endswith("of 10 points")
    questions = page.locator("li.question")
    expect(questions).to_have_count(10)
    expect(questions.first.locator(".tag")).to_be_visible()
    expect(questions.first.locator(".muted").first).not_to_be_empty()


def test_speed_is_drawn_against_its_thresholds(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Fast convolution")
    pages.write_code(page, pages.source("conv2d-naive", "solution.py"))
    assert pages.submit(page) == "18 of 30 points"
    bar = page.get_by_role("img", name="Your result against the thresholds")
    expect(bar).to_be_visible()
    assert "full from 60" in (bar.text_content() or "")


def test_everything_works_without_scripts(open_as: OpenAs) -> None:
    page = open_as("ada", scripts=False)
    pages.open_exercise(page, SOFTMAX)
    page.get_by_label("solution.py", exact=True).fill("def softmax_ce(logits, y):\n    return 0\n")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/items/*/#results")
    page.get_by_label("Upload solution.py").set_input_files(
        files=[
            FilePayload(
                name="mine.py",
                mimeType="text/x-python",
                buffer=pages.source("softmax-cross-entropy", "solution.py").encode(),
            )
        ]
    )
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/submissions/*/")
    expect(page.locator("h1")).to_have_text("20 of 20 points", timeout=pages.GRADED_MS)


def test_a_draft_survives_a_reload_and_leaves_with_its_author(
    open_as: OpenAs, installation: Installation
) -> None:
    page = open_as(None)
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill("ada")
    page.get_by_label("Password").fill(installation.people["ada"]["password"])
    page.get_by_role("button", name="Log in").click()
    pages.open_exercise(page, "GRU cell")
    pages.write_code(page, "draft_of_mine = 1\n")
    expect(page.locator("[data-draft-status]").first).to_contain_text("Saved")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("draft_of_mine = 1")
    page.get_by_role("button", name="Reset to starter").click()
    expect(page.locator(".cm-content")).not_to_contain_text("draft_of_mine")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cm-content")).to_contain_text("draft_of_mine")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/accounts/login/")
    assert (
        page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('gradus.draft'))") == []
    )


def test_the_editor_can_be_left_with_the_keyboard(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.cm-editor')")


def test_an_instructor_makes_a_course_with_an_assignment(open_as: OpenAs) -> None:
    page = open_as("iris")
    page.goto("/")
    page.get_by_role("link", name="New course").click()
    page.get_by_label("Title").fill("Vision")
    page.get_by_role("button", name="Make the course").click()
    page.get_by_role("link", name="Make an assignment").click()
    page.get_by_label("Title").fill("Week 1")
    page.get_by_label("Due").fill("2099-01-31T23:59")
    page.get_by_label("Convolution with loops").check()
    page.get_by_role("button", name="Make the assignment").click()
    expect(page.get_by_role("heading", name="Week 1")).to_be_visible()
    expect(page.get_by_text("Convolution with loops")).to_be_visible()


def test_staff_read_everybodys_submissions(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Parse a YOLO label file")
    pages.submit(page)
    page = open_as("iris")
    page.goto("/courses/1/submissions/")
    row = page.locator("tr", has_text="Parse a YOLO label file").first
    expect(row).to_contain_text("Ada")
    row.locator("a", has_text="read it").click()
    expect(page.get_by_text("of Ada")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("photo.py", b"\x89PNG\r\n\x1a\n", "photo.py is no text in UTF-8."),
        ("a.py", b"x = 1\0", "a.py is no text."),
        ("empty.py", b" \n", "empty.py is empty."),
        ("big.py", b"#" * 2_000_000, "big.py has 2000 KB; at most 263 KB are allowed."),
        ("hw.ipynb", b"{" + b" " * 3_000_000, "hw.ipynb is larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_code_leaves_the_editor_as_it_is(
    open_as: OpenAs, name: str, content: bytes, why: str
) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "GRU cell")
    pages.write_code(page, "mine = 1\n")
    page.get_by_label("Upload solution.py").set_input_files(
        files=[FilePayload(name=name, mimeType="text/x-python", buffer=content)]
    )
    expect(page.locator(".toast")).to_contain_text(why)
    expect(page.locator(".cm-content")).to_contain_text("mine = 1")


def test_the_keys_of_run_work_outside_the_editor_too(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, SOFTMAX)
    pages.write_code(page, pages.source("softmax-cross-entropy", "solution.py"))
    page.locator("#statement .scroll").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#results")).to_contain_text("2 of 2 passed")


def test_speed_that_waits_for_a_gpu_is_told_before_and_after(open_as: OpenAs) -> None:
    page = open_as("ada")
    pages.open_exercise(page, "Fused softmax on the GPU")
    expect(page.get_by_text("The speed part is measured on a GPU")).to_be_visible()
    pages.write_code(page, pages.source("gpu-softmax", "solution.py"))
    assert pages.submit(page) == "20 of 40 points"
    expect(page.get_by_text("20 points for speed wait for a GPU worker.")).to_be_visible()
    expect(page.get_by_text("up to 10 points")).to_have_count(2)
    expect(page.get_by_role("link", name="Open the exercise")).to_be_visible()
