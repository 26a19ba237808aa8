"""No page carries anything inline; what it loads is there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from gradus.submissions.models import StudentItem, Submission
from gradus.web.assets import manifest
from tests.people import Classroom

INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


@pytest.mark.usefixtures("now")
def test_pages_have_no_inline_script_or_style_and_all_their_files(
    classroom: Classroom, grade: Callable[..., Submission], sheet: StudentItem, client: Client
) -> None:
    submission = grade()
    client.force_login(classroom.iris.user)
    staff = [reverse("web:assignment_new", args=[classroom.course.pk]), reverse("web:course_new")]
    pages = [client.get(address) for address in staff]
    client.force_login(classroom.ada.user)
    for name, pk in (
        ("item", classroom.item.pk), ("item", sheet.item_id), ("submission", submission.pk),
        ("assignment", classroom.assignment.pk), ("course", classroom.course.pk),
    ):  # fmt: skip
        pages.append(client.get(reverse(f"web:{name}", args=[pk])))
    pages += [client.get(reverse("web:overview")), client.get(reverse("web:preferences"))]
    client.logout()
    pages += [
        client.get("/accounts/login/"),
        client.get("/accounts/password/reset/"),
        client.get("/x"),
    ]
    for page in pages:
        html = page.content.decode()
        assert not INLINE.search(html), INLINE.search(html)
        assert "'unsafe" not in page.headers["Content-Security-Policy"]
        for file in re.findall(r'(?:src|href)="/static/([^"]+)"', html):
            assert finders.find(file), file


def test_every_page_asks_at_once_for_all_that_its_scripts_import(
    classroom: Classroom, client: Client
) -> None:
    client.force_login(classroom.ada.user)
    for name, args in (("overview", ()), ("item", (classroom.item.pk,))):
        page = client.get(reverse(f"web:{name}", args=args))
        html = page.content.decode()
        asked = set(re.findall(r'(?:src|modulepreload" href)="/static/dist/([^"]+\.js)"', html))
        started = [files for files in manifest().values() if files[0] in asked]
        assert {file for files in started for file in files} == asked
        nonce = re.search(r'<script type="module" nonce="([^"]+)"', html)
        assert nonce
        assert f"'nonce-{nonce[1]}'" in page.headers["Content-Security-Policy"]


def test_the_start_is_refused_without_the_built_front_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    from django.core.management.base import SystemCheckError

    from gradus.web import assets

    manifest.cache_clear()
    monkeypatch.setattr(assets.manifest.__wrapped__, "__defaults__", (tmp_path,))
    with pytest.raises(SystemCheckError, match="front end is not built"):
        call_command("check", tags=["files"])
    manifest.cache_clear()
