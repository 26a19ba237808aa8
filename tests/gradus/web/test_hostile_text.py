"""What students type and print is shown, never obeyed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gradus.submissions.models import Submission
from gradus.web.code import shown_code
from gradus.web.text import inline, visible
from tests.people import Classroom

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TURNED = "safe \u202e\u2066 desrever \u200f"
ANSI = "\x1b[31mred\x1b[0m \x1b]0;title\x07 bell\x07"


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("field", ["title", "message", "mistake", "output"])
def test_no_field_of_a_verdict_becomes_markup(
    field: str, classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    submission = grade(**{field: SCRIPT})
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:submission", args=[submission.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.usefixtures("now")
def test_no_value_of_a_counterexample_becomes_markup(
    classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    example = {
        "call": SCRIPT, "inputs": ({"name": SCRIPT, "value": SCRIPT},), "got": {SCRIPT: SCRIPT},
        "expected": [SCRIPT, [1, SCRIPT]],
    }  # fmt: skip
    submission = grade(counterexample=example)
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:submission", args=[submission.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.usefixtures("now")
def test_code_is_shown_as_text_to_its_author_and_to_staff(
    classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    submission = grade(f"# {SCRIPT} {TURNED}\nx = '</textarea>{SCRIPT}'\n")
    for person in (classroom.ada, classroom.iris):
        client.force_login(person.user)
        page = client.get(reverse("web:submission", args=[submission.pk])).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:item", args=[classroom.item.pk])).content.decode()
    assert "<script>alert" not in page


@pytest.mark.usefixtures("now")
def test_names_of_people_are_text(
    classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    classroom.ada.user.first_name = SCRIPT
    classroom.ada.user.save()
    grade()
    client.force_login(classroom.iris.user)
    page = client.get(
        reverse("web:course_submissions", args=[classroom.course.pk])
    ).content.decode()
    assert "<script>alert" not in page


@pytest.mark.usefixtures("now")
def test_a_part_is_a_download_and_never_a_page(
    classroom: Classroom, grade: Callable[..., Submission], client: Client
) -> None:
    submission = grade(SCRIPT)
    client.force_login(classroom.ada.user)
    response = client.get(reverse("web:part", args=[submission.pk, "solution.py"]))
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_marks_that_turn_the_direction_are_spelled_out() -> None:
    assert visible(TURNED) == "safe [U+202E][U+2066] desrever [U+200F]"


def test_terminal_colours_go_and_other_control_characters_are_seen() -> None:
    assert visible(ANSI) == "red  bell\u2407"
    assert visible("\u241b[31mred") == "red"
    assert visible("a\0b\x7f\x9bc\ud800") == "a\u2400b\u2421\ufffdc?"


def test_line_ends_and_tabs_stay() -> None:
    assert visible("a\r\n\tb\n") == "a\n\tb\n"


def test_code_in_backticks_is_marked_and_escaped() -> None:
    assert inline("use `a<b` & go") == "use <code>a&lt;b</code> &amp; go"


@given(st.text())
def test_whatever_is_printed_leaves_no_tag_and_no_control_character(text: str) -> None:
    shown = inline(text).replace("<code>", "").replace("</code>", "")
    assert "<" not in shown
    assert not any(ord(c) < 32 and c not in "\n\t" for c in shown)


@given(st.text(max_size=300))
def test_shown_code_keeps_every_line_and_adds_only_spans(text: str) -> None:
    shown = shown_code(text)
    assert shown.html.count("data-n=") == shown.count
    assert "<script" not in shown.html


def test_a_very_long_line_is_shown_without_colours_and_whole() -> None:
    assert "x" * 100_000 in shown_code("x" * 100_000).html
