"""The calendar feed: a private address that opens nothing but deadlines, and can be ended."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradus.accounts.models import CalendarFeed
from gradus.courses import services as courses
from gradus.courses.models import Assignment
from gradus.web.ics import Deadline, calendar
from tests.people import NOON, Classroom

pytestmark = pytest.mark.usefixtures("now")


def make(client: Client) -> str:
    """The path of a new feed, from the page that shows it once."""
    page = client.post(reverse("web:calendar_renew")).content.decode()
    found = re.search(r'value="http://testserver(/calendar/[\w-]{43}\.ics)"', page)
    assert found
    return found[1]


def events(data: bytes) -> list[dict[str, str]]:
    """A second reader: unfold, then one dict per event."""
    text = data.decode().replace("\r\n ", "")
    blocks = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.S)
    return [dict(line.split(":", 1) for line in block.strip().split("\r\n")) for block in blocks]


def test_the_feed_tells_what_is_due_without_a_login(ada: Client) -> None:
    response = Client().get(make(ada))
    (event,) = events(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event["DTSTART"], event["SUMMARY"]) == ("20270308T120000Z", "Due: First steps")
    assert event["URL"].startswith("http://testserver/assignments/")


def test_the_address_is_shown_once_and_only_its_hash_is_kept(ada: Client) -> None:
    token = make(ada).split("/")[2].removesuffix(".ics")
    assert token not in ada.get(reverse("web:calendar")).content.decode()
    assert CalendarFeed.objects.get().digest != token


def test_a_new_address_ends_the_old_one(ada: Client) -> None:
    old, new = make(ada), make(ada)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_an_ended_feed_gives_nothing(ada: Client) -> None:
    path = make(ada)
    ada.post(reverse("web:calendar_revoke"))
    assert Client().get(path).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_person_who_may_not_log_in_has_no_feed(ada: Client, classroom: Classroom) -> None:
    path = make(ada)
    classroom.ada.user.is_active = False
    classroom.ada.user.save()
    assert Client().get(path).status_code == 404


def test_a_feed_opens_nothing_else(ada: Client) -> None:
    client = Client()
    client.get(make(ada))
    assert client.get("/").status_code == 302
    token = make(ada).split("/")[2].removesuffix(".ics")
    api = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert api.status_code == 401


@pytest.mark.parametrize("path", ["x.ics", "%00.ics", "..ics", "a" * 5000 + ".ics", "é.ics"])
def test_guesses_find_nothing(ada: Client, path: str) -> None:
    make(ada)
    assert Client().get(f"/calendar/{path}").status_code == 404


def test_holds_what_its_owner_may_see_and_no_more(ada: Client, classroom: Classroom) -> None:
    soon = NOON + timedelta(days=1)
    others: dict[str, dict[str, Any]] = {
        "Hidden": {"is_published": False},
        "Later": {"opens_at": NOON + timedelta(hours=1)},
        "Long ago": {"due_at": NOON - timedelta(days=90)},
        "Endless": {"due_at": None},
    }
    for title, fields in others.items():
        plan = courses.Plan(title=title, **({"due_at": soon} | fields))
        exercises = [classroom.item.exercise]
        courses.create_assignment(course=classroom.course, plan=plan, exercises=exercises)
    path = make(ada)
    assert [e["SUMMARY"] for e in events(Client().get(path).content)] == ["Due: First steps"]
    Assignment.objects.filter(title="First steps").update(due_at=soon)
    (moved,) = events(Client().get(path).content)
    assert moved["DTSTART"] == "20270302T120000Z"
    classroom.ada.is_active = False
    classroom.ada.save()
    assert events(Client().get(path).content) == []


def test_lines_are_folded_and_text_is_escaped() -> None:
    title = "ä" * 60 + ", a; b\\c\nBEGIN:VEVENT\r\x07"
    one = Deadline("u@h", datetime(2027, 1, 2, 3, 4, tzinfo=UTC), title, "C", "http://h/")
    data = calendar([one], NOON)
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert data.decode()  # no character is cut
    (event,) = events(data)
    assert event["SUMMARY"] == "Due: " + "ä" * 60 + "\\, a\\; b\\\\c\\nBEGIN:VEVENT␍␇"
