"""Pages that count over all results of a course come in two steps when the course is large."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import Classroom

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("large")]
PAGES = ["statistics", "item_statistics", "exports"]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every course is a large one."""
    monkeypatch.setattr("gradus.web.large.LARGE", 1)


def address(name: str, classroom: Classroom) -> str:
    course, item = classroom.course.pk, classroom.item.pk
    return reverse(f"web:{name}", args=[course, item] if name == "item_statistics" else [course])


@pytest.mark.parametrize("name", PAGES)
def test_the_frame_comes_first_and_leads_to_the_whole_page(
    classroom: Classroom, iris: Client, name: str
) -> None:
    frame = iris.get(address(name, classroom), {"section": "none"})
    assert frame.templates[0].name == "web/large.html"
    text = frame.content.decode()
    (asked,) = re.findall(r'hx-get="([^"]+)"', text)
    (without_scripts,) = re.findall(r'content="0; url=([^"]+)"', text)
    assert asked == without_scripts
    assert "section=none" in asked
    whole = iris.get(unescape(asked))
    assert whole.templates[0].name == f"web/{name}.html"
    assert 'id="main"' in whole.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_see_the_page_does_not_see_its_frame(
    classroom: Classroom, ada: Client, name: str
) -> None:
    answer = ada.get(address(name, classroom))
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("name", PAGES)
def test_a_small_course_is_shown_at_once(
    classroom: Classroom, iris: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("gradus.web.large.LARGE", 10_000)
    assert iris.get(address(name, classroom)).templates[0].name == f"web/{name}.html"
