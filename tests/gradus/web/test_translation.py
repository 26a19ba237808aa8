"""Every word of the interface can be translated: each page is read in letters that are not ours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gradus.courses.models import Item
from tests.gradus.test_access import GET, OK, address_of, as_person, fill_in_file, places
from tests.gradus.test_queries import more
from tests.gradus.web.test_languages import write_catalogue
from tests.gradus.web.unspoken import (
    numbers_for_programs,
    runes,
    speak_runes,
    unspoken,
    words_of_data,
)
from tests.people import NOON, Classroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=6))


def test_runes_keep_what_a_program_reads() -> None:
    assert (
        runes("Of <b>%(count)s</b> &amp; {name}: Go")
        == "\u041e\u0444 <b>%(count)s</b> &amp; {name}: \u0413\u043e"
    )


def test_a_word_in_a_template_is_found() -> None:
    said = f'<p title="Close">{runes("Course")} ada</p><p>Go on</p>'
    html = f'{said}<p lang="en">Read</p><code>max</code>'
    assert unspoken(html, frozenset({"ada"})) == ["Close", "Go on"]


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("who", ["anonymous", "ada", "tess", "iris"])
def test_every_word_of_every_page_can_be_translated(
    classroom: Classroom, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = addresses(classroom, who)
    client = as_person(who, classroom)
    data = words_of_data()
    speak_runes(monkeypatch)
    left = [
        f"{name}: {text[:150]}"
        for name, html in html_of(client, pages).items()
        for text in unspoken(html, data)
    ]
    assert not left, "\n".join(left)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("who", ["ada", "iris"])
def test_a_decimal_comma_changes_no_number_that_a_program_reads(
    classroom: Classroom, who: str, settings: Any, tmp_path: Path
) -> None:
    pages = addresses(classroom, who)
    client = as_person(who, classroom)
    usual = html_of(client, pages)
    write_catalogue(tmp_path / "de/LC_MESSAGES/django.mo", {})
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    for name, html in html_of(client, pages, language="de").items():
        assert '<html lang="de"' in html or "<html" not in html
        others = set(numbers_for_programs(html)) - set(numbers_for_programs(usual[name]))
        assert not [number for number in others if "," in number], name


def addresses(classroom: Classroom, who: str) -> dict[str, str]:
    """The address of each page that somebody may read, with something of everything in it."""
    Item.objects.update(max_attempts=None)
    classroom.item.max_attempts = None
    known = places("web:paper", classroom)
    filled = known | {"upload_id": fill_in_file(classroom).pk}
    more(classroom, "a")
    names = [name for name, statuses in GET.items() if statuses[who] in (OK, 286)]
    return {name: address_of(name, filled if "fill_in" in name else known) for name in names}


def html_of(client: Client, pages: dict[str, str], language: str = "") -> dict[str, str]:
    found = {}
    for name, at in pages.items():
        answer = client.get(at, headers={"accept-language": language})
        if "html" in answer.headers.get("Content-Type", ""):
            found[name] = answer.content.decode()
    return found
