"""A compiled catalogue is all that a language needs; without one the interface is English."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gradus.lib.languages import translations

HEADER = "Content-Type: text/plain; charset=UTF-8\n"


def write_catalogue(file: Path, said: dict[str, str]) -> None:
    """Compile a catalogue: GNU gettext's .mo, little-endian, without a hash table."""
    texts = sorted({"": HEADER, **said}.items())
    at = 28 + 16 * len(texts)
    tables: list[bytes] = []
    body = b""
    for column in (0, 1):
        for row in texts:
            text = row[column].encode()
            tables.append(struct.pack("<II", len(text), at + len(body)))
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, 0)
    file.parent.mkdir(parents=True)
    file.write_bytes(head + b"".join(tables) + body)


@pytest.fixture
def german(tmp_path: Path, settings: Any) -> None:
    write_catalogue(tmp_path / "de/LC_MESSAGES/django.mo", {"Log in": "Anmelden"})
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en-gb", "English"), *translations(tmp_path)]


def test_a_folder_without_a_compiled_catalogue_is_no_language(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "pt_BR/LC_MESSAGES/django.mo", {})
    (tmp_path / "fi/LC_MESSAGES").mkdir(parents=True)
    assert translations(tmp_path) == [("pt-br", "Português Brasileiro")]


@pytest.mark.django_db
@pytest.mark.usefixtures("german")
def test_programs_are_answered_in_english() -> None:
    answer = Client().get("/api/v1/me", headers={"accept-language": "de"})
    assert answer.headers["Content-Language"] == "en-gb"


@pytest.mark.django_db
@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("wished", "language", "button"),
    [("de-AT,de;q=0.9", "de", "Anmelden"), ("fi", "en-gb", "Log in"), ("", "en-gb", "Log in")],
)
def test_a_browser_gets_its_language_where_there_is_one(
    wished: str, language: str, button: str
) -> None:
    page = Client().get("/accounts/login/", headers={"accept-language": wished}).content.decode()
    assert f'<html lang="{language}" dir="ltr"' in page
    assert button in page
