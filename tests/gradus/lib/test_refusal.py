"""What a refusal says, and in which language."""

from __future__ import annotations

import pytest

from gradus.lib import refusal
from gradus.lib.refusal import Refused


def test_a_refusal_says_what_its_class_says_unless_it_is_given_words() -> None:
    assert Refused().message == "This cannot be done."
    assert str(Refused("Not now.")) == "Not now."


def test_the_words_of_a_class_are_translated_when_they_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refusal, "gettext", lambda words: f"[{words}]")
    assert Refused().message == "[This cannot be done.]"
    assert Refused("[Nicht jetzt.]").message == "[Nicht jetzt.]"
