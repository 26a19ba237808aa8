"""What scripts say comes with the page, in the language of its reader."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from gradus.web import phrases
from tests.people import Classroom

SOURCES = Path(phrases.__file__).parent / "frontend" / "src"


def said_by(html: str, element: str) -> dict[str, str]:
    found = re.search(rf'<{element}\b[^>]* data-phrases="([^"]*)"', html)
    assert found, element
    said: dict[str, str] = json.loads(unescape(found[1]))
    return said


def test_scripts_ask_for_every_phrase_that_a_page_carries() -> None:
    asked = set(re.findall(r"\w+", "".join(f.read_text() for f in SOURCES.glob("*.js"))))
    keys = {key for said in phrases.SAID.values() for key in said}
    assert keys <= asked, keys - asked


@pytest.mark.usefixtures("now")
def test_the_work_page_tells_its_scripts_what_to_say(classroom: Classroom, client: Client) -> None:
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:item", args=[classroom.item.pk])).content.decode()
    assert said_by(page, "main")["code"] == "Code"
    said = said_by(page, "form")
    assert said["savedSeconds"] == "Saved {count} s ago"
    assert said["isHere"] == "{name} is in the editor."
    assert said_by(page, "textarea") == {}  # the editor speaks English itself


def test_the_editor_is_given_the_words_that_another_language_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrases, "gettext", lambda word: {"Find": "Etsi"}.get(word, word))
    with override("fi"):
        assert json.loads(phrases.editor_phrases()) == {"Find": "Etsi"}
