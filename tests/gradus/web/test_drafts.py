"""The pages of drafts: saving with and without scripts, conflicts, history, download."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradus.submissions import services
from gradus.submissions.drafts import rules
from gradus.submissions.drafts.models import Draft, DraftState
from gradus.submissions.models import StudentItem, Submission
from tests.people import NOON, Classroom, claimed, sheet_verdict

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.usefixtures("now")
LAPTOP = {"draft-page": "laptop", "draft-revision": "1"}
PHONE = {"draft-page": "phone", "draft-revision": "1"}
SCRIPT = "<script>alert(1)</script>"


def save(client: Client, item_id: int, **data: str) -> Response:
    return client.post(reverse("web:draft", args=[item_id]), LAPTOP | data)


def by_script(client: Client, item_id: int, data: dict[str, str], **more: str) -> Response:
    return client.post(reverse("web:draft", args=[item_id]), data | more | {"script": "1"})


def page(client: Client, name: str, *arguments: int) -> str:
    response = client.get(reverse(f"web:{name}", args=arguments), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_without_scripts_a_button_saves_and_the_page_says_so(
    ada: Client, classroom: Classroom
) -> None:
    item = classroom.item.pk
    response = ada.post(
        reverse("web:draft", args=[item]), LAPTOP | {"source": "x = 1\r\n"}, follow=True
    )
    assert Draft.objects.get().parts == {"solution.py": "x = 1\n"}
    assert "Draft saved." in response.content.decode()
    assert ">\nx = 1\n</textarea>" in response.content.decode()


def test_a_script_is_told_the_revision(ada: Client, classroom: Classroom) -> None:
    by_script(ada, classroom.item.pk, LAPTOP, source="x = 1")
    response = by_script(ada, classroom.item.pk, LAPTOP, source="x = 2")
    assert (response.status_code, response.json()) == (200, {"revision": 2})


def test_a_conflict_shows_a_script_both_versions(ada: Client, classroom: Classroom) -> None:
    by_script(ada, classroom.item.pk, LAPTOP, source="a = 1")
    by_script(ada, classroom.item.pk, PHONE, source=f"b = '{SCRIPT}'")
    response = by_script(ada, classroom.item.pk, LAPTOP, source="c = 3")
    said = response.json()
    assert response.status_code == 409
    assert (said["revision"], said["fields"]) == (2, [["source", f"b = '{SCRIPT}'"]])
    assert "c = 3" in said["html"]
    assert "&lt;script&gt;" in said["html"]
    assert SCRIPT not in said["html"]


def test_a_text_that_was_a_draft_gives_way_without_a_question(
    ada: Client, classroom: Classroom
) -> None:
    item = classroom.item.pk
    by_script(ada, item, LAPTOP, source="a = 1")
    by_script(ada, item, PHONE, source="b = 2")
    response = by_script(ada, item, LAPTOP | {"draft-page": "opened again"}, source="a = 1")
    expected = {"revision": 2, "fields": [["source", "b = 2"]]}
    assert (response.status_code, response.json()) == (409, expected)
    plain = ada.post(reverse("web:draft", args=[item]), LAPTOP | {"source": "a = 1"}, follow=True)
    assert "Another device has gone on" in plain.content.decode()


def test_a_conflict_without_scripts_is_a_page_that_can_keep_either(
    ada: Client, classroom: Classroom
) -> None:
    item = classroom.item.pk
    save(ada, item, source="a = 1")
    by_script(ada, item, PHONE, source="b = 2")
    response = save(ada, item, source="c = 3")
    aside = DraftState.objects.get(why="aside")
    keep = reverse("web:draft_restore", args=[item, aside.pk])
    assert response.status_code == 409
    assert f'action="{keep}"' in response.content.decode()
    ada.post(keep)
    assert Draft.objects.get().parts == {"solution.py": "c = 3"}


def test_the_draft_is_what_another_device_opens(ada: Client, classroom: Classroom) -> None:
    save(ada, classroom.item.pk, source="from the laptop")
    shown = page(ada, "item", classroom.item.pk)
    assert "from the laptop" in shown
    assert 'name="draft-revision" value="1"' in shown


def test_every_opened_page_has_a_name_of_its_own(ada: Client, classroom: Classroom) -> None:
    first, second = page(ada, "item", classroom.item.pk), page(ada, "item", classroom.item.pk)
    name = first.split('name="draft-page" value="')[1].split('"')[0]
    assert len(name) == 16
    assert name not in second


def test_what_was_sent_after_the_draft_is_newer(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    save(ada, classroom.item.pk, source="the draft")
    grade("sent later", now=NOON + timedelta(minutes=1))
    assert "sent later" in page(ada, "item", classroom.item.pk)


def test_what_is_run_or_submitted_is_the_draft_too(ada: Client, classroom: Classroom) -> None:
    ada.post(reverse("web:run", args=[classroom.item.pk]), LAPTOP | {"source": "run"})
    assert Draft.objects.get().parts == {"solution.py": "run"}
    ada.post(reverse("web:submit", args=[classroom.item.pk]), LAPTOP | {"source": "sent"})
    assert Draft.objects.get().parts == {"solution.py": "sent"}


def test_a_refused_submission_is_kept_as_the_draft(ada: Client, classroom: Classroom) -> None:
    submit = reverse("web:submit", args=[classroom.item.pk])
    for text in ("one", "two", "three"):
        ada.post(submit, LAPTOP | {"source": text})
    assert Submission.objects.count() == 2
    assert Draft.objects.get().parts == {"solution.py": "three"}


def test_a_draft_that_cannot_be_saved_stands_in_no_submissions_way(
    ada: Client, classroom: Classroom
) -> None:
    hostile = {"draft-page": "x", "draft-revision": "9" * 400, "source": "x = 1"}
    ada.post(reverse("web:submit", args=[classroom.item.pk]), hostile)
    assert Submission.objects.count() == 1
    assert not Draft.objects.exists()


@pytest.mark.parametrize("revision", ["", "-1", "x", "1.5", "9" * 11, "\u0663", "4294967296"])
def test_a_form_that_is_not_ours_is_refused(
    ada: Client, classroom: Classroom, revision: str
) -> None:
    data = {"draft-page": "laptop", "draft-revision": revision, "source": "x"}
    response = by_script(ada, classroom.item.pk, data)
    assert (response.status_code, response.json()["error"][:11]) == (422, "This page i")
    assert by_script(ada, classroom.item.pk, {"source": "x"}).status_code == 422
    assert by_script(ada, classroom.item.pk, LAPTOP).status_code == 422
    assert not Draft.objects.exists()


def test_a_draft_that_is_too_large_is_refused_with_its_size(
    ada: Client, classroom: Classroom
) -> None:
    response = by_script(ada, classroom.item.pk, LAPTOP, source="#" * 300_000)
    assert response.status_code == 422
    assert "solution.py has 300000 bytes; at most 262144" in response.json()["error"]


def test_a_page_that_saves_too_often_is_told_when_to_go_on(
    ada: Client, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_PER_MINUTE", 1)
    by_script(ada, classroom.item.pk, LAPTOP, source="a")
    response = by_script(ada, classroom.item.pk, LAPTOP, source="b")
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "at most 1 times a minute" in response.json()["error"]


def test_a_very_long_name_of_a_page_is_cut(ada: Client, classroom: Classroom) -> None:
    data = {"draft-page": "p" * 5000, "draft-revision": "0", "source": "x"}
    assert by_script(ada, classroom.item.pk, data).status_code == 200
    assert Draft.objects.get().page == "p" * 32


def test_an_observer_cannot_save(client: Client, classroom: Classroom) -> None:
    client.force_login(classroom.otto.user)
    assert by_script(client, classroom.item.pk, LAPTOP, source="x").status_code == 409
    assert "draft-line" not in page(client, "item", classroom.item.pk)


def test_reset_without_scripts_goes_back_to_the_starter_and_can_be_undone(
    ada: Client, classroom: Classroom
) -> None:
    item = classroom.item.pk
    save(ada, item, source="my work")
    response = ada.post(
        reverse("web:draft", args=[item]), LAPTOP | {"source": "my newer work", "reset": "1"}
    )
    assert response.status_code == 302
    assert Draft.objects.get().parts["solution.py"].startswith("def double(x):")
    history = page(ada, "drafts", item)
    assert "Reset to the starter" in history
    (state,) = DraftState.objects.all()
    assert state.parts == {"solution.py": "my work"}
    assert "my work" in page(ada, "draft_state", item, state.pk)


def test_an_opened_page_can_ask_for_the_newest_draft(ada: Client, classroom: Classroom) -> None:
    address = reverse("web:draft_now", args=[classroom.item.pk])
    assert ada.get(address).json() == {"revision": 0, "fields": []}
    save(ada, classroom.item.pk, source="x = 1")
    assert ada.get(address).json() == {"revision": 1, "fields": [["source", "x = 1"]]}


def test_half_typed_answers_are_a_draft_too(ada: Client, sheet: StudentItem) -> None:
    by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": "0,5.", "a-which": "bb"})
    assert json.loads(Draft.objects.get().parts["answers.json"]) == {"sum": "0,5.", "which": "bb"}
    shown = page(ada, "item", sheet.item_id)
    assert 'value="0,5."' in shown
    assert 'value="bb" checked' in shown
    assert "has both a comma and a point" in shown


def test_a_changed_answer_loses_its_mark_and_the_others_keep_theirs(
    ada: Client, classroom: Classroom, sheet: StudentItem
) -> None:
    ada.post(reverse("web:submit", args=[sheet.item_id]), LAPTOP | {"a-sum": "1", "a-which": "bb"})
    sent = Submission.objects.get()
    services.store_verdict(claimed(sent), sheet_verdict(sent), now=NOON)
    assert "It is 7." in page(ada, "item", sheet.item_id)
    by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": "1", "a-which": "aa"})
    assert "It is 7." in page(ada, "item", sheet.item_id)
    by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": "2", "a-which": "aa"})
    shown = page(ada, "item", sheet.item_id)
    assert "It is 7." not in shown
    assert 'value="2"' in shown


def test_a_conflict_of_answers_names_them(ada: Client, sheet: StudentItem) -> None:
    by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": "1"})
    by_script(ada, sheet.item_id, PHONE, **{"a-sum": "2", "a-which": "bb"})
    said = by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": "3"}).json()
    assert said["fields"] == [["a-sum", "2"], ["a-which", "bb"]]
    for words in ("Sum (sum)", "Question 1", "second"):
        assert words in said["html"]


def test_a_hostile_answer_is_cut_and_stays_text(ada: Client, sheet: StudentItem) -> None:
    by_script(ada, sheet.item_id, LAPTOP, **{"a-sum": SCRIPT + "9" * 5000, "a-which": "zz"})
    answers = json.loads(Draft.objects.get().parts["answers.json"])
    assert (len(answers["sum"]), answers["which"]) == (400, "")
    assert SCRIPT not in page(ada, "item", sheet.item_id)


def test_the_file_can_be_downloaded_as_the_editor_shows_it(
    ada: Client, classroom: Classroom
) -> None:
    address = reverse("web:draft_file", args=[classroom.item.pk])
    assert ada.get(address).content.startswith(b"def double(x):")
    save(ada, classroom.item.pk, source="täglich = 1\n")
    response = ada.get(address)
    assert response.content == "täglich = 1\n".encode()
    assert response["Content-Disposition"] == 'attachment; filename="solution.py"'
    assert ada.get(reverse("web:draft_file", args=[classroom.sheet.pk])).status_code == 404


def test_nobody_sees_or_restores_the_drafts_of_others(
    ada: Client, classroom: Classroom, client: Client
) -> None:
    item = classroom.item.pk
    save(ada, item, source="secret of ada")
    save(ada, item, source="more", reset="1")
    state = DraftState.objects.get()
    for who in (classroom.ben, classroom.tess, classroom.iris):
        client.force_login(who.user)
        assert "secret" not in page(client, "drafts", item)
        assert client.get(reverse("web:draft_state", args=[item, state.pk])).status_code == 404
        assert client.post(reverse("web:draft_restore", args=[item, state.pk])).status_code == 404
        for name in ("draft_file", "draft_now"):
            assert b"secret" not in client.get(reverse(f"web:{name}", args=[item])).content


def test_an_empty_history_says_what_will_be_there(ada: Client, classroom: Classroom) -> None:
    assert "No earlier draft yet" in page(ada, "drafts", classroom.item.pk)


def test_saving_costs_a_fixed_number_of_queries(
    ada: Client, classroom: Classroom, django_assert_max_num_queries: Any
) -> None:
    for k in range(30):
        by_script(ada, classroom.item.pk, LAPTOP, source=f"{k}", why="upload")
    with django_assert_max_num_queries(16):
        by_script(ada, classroom.item.pk, LAPTOP, source="last", why="upload")
    assert timezone.now() == NOON
