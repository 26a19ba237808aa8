from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gradus.submissions.models import StudentItem, Submission
from gradus.submissions.services import prepare_anew
from tests.gradus.web.conftest import FORM
from tests.people import NOON, Classroom

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.usefixtures("now")


def post(
    client: Client, page: str, item_id: int, data: dict[str, object], **headers: str
) -> Response:
    return client.post(reverse(f"web:{page}", args=[item_id]), data, headers=headers)


def test_submitting_leads_to_the_page_of_the_submission(ada: Client, classroom: Classroom) -> None:
    response = post(ada, "submit", classroom.item.pk, {"source": "x = 1\r\ny = 2\r\n"})
    made = Submission.objects.get()
    assert response.headers["Location"] == reverse("web:submission", args=[made.pk])
    assert made.parts == {"solution.py": "x = 1\ny = 2\n"}


def test_an_uploaded_file_wins_over_the_text(ada: Client, classroom: Classroom) -> None:
    file = SimpleUploadedFile("mine.py", b"\xef\xbb\xbfz = 3\r\n")
    post(ada, "submit", classroom.item.pk, {"source": "x = 1", "file": file})
    assert Submission.objects.get().parts == {"solution.py": "z = 3\n"}


def test_a_file_that_is_no_text_is_refused_by_name(ada: Client, classroom: Classroom) -> None:
    file = SimpleUploadedFile("photo.py", b"\x89PNG\xff\xfe")
    response = post(ada, "submit", classroom.item.pk, {"source": "kept = 1", "file": file})
    page = response.content.decode()
    assert response.status_code == 422
    assert "photo.py is no text in UTF-8: byte 0" in page
    assert "kept = 1" in page


def test_an_empty_editor_is_refused(ada: Client, classroom: Classroom) -> None:
    response = post(ada, "submit", classroom.item.pk, {"source": " \n "})
    assert response.status_code == 422
    assert "Nothing was sent" in response.content.decode()


def test_a_refusal_keeps_what_was_typed_and_says_why(
    ada: Client, classroom: Classroom, grade: Callable[..., Submission]
) -> None:
    grade()
    grade()
    response = post(ada, "submit", classroom.item.pk, {"source": "</textarea>my work"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "All 2 attempts for this exercise are used." in page
    assert "&lt;/textarea&gt;my work" in page


def test_too_many_waiting_submissions_say_when_to_come_back(
    ada: Client, classroom: Classroom, settings: Settings
) -> None:
    settings.MAX_QUEUED = 1
    post(ada, "run", classroom.item.pk, {"source": "x = 1"})
    response = post(ada, "submit", classroom.item.pk, {"source": "x = 1"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1


def test_a_run_without_scripts_leads_back_to_the_results(ada: Client, classroom: Classroom) -> None:
    response = post(ada, "run", classroom.item.pk, {"source": "x = 1"})
    assert response.headers["Location"].endswith(f"/items/{classroom.item.pk}/#results")
    assert Submission.objects.get().mode == "run"


def test_a_run_with_scripts_answers_with_the_panel_that_asks_again(
    ada: Client, classroom: Classroom
) -> None:
    response = post(ada, "run", classroom.item.pk, {"source": "x = 1"}, HX_Request="true")
    page = response.content.decode()
    assert 'hx-trigger="every 300ms"' in page
    assert "<html" not in page


def test_a_refused_run_shows_its_reason_in_the_panel(ada: Client, classroom: Classroom) -> None:
    response = post(ada, "run", classroom.item.pk, {"source": ""}, HX_Request="true")
    assert response.status_code == 422
    assert 'id="results-body"' in response.content.decode()


def test_answers_become_a_part(ada: Client, sheet: StudentItem) -> None:
    post(ada, "submit", sheet.item_id, {"a-sum": " 7,5 ", "a-which": "bb"})
    assert json.loads(Submission.objects.get().parts["answers.json"]) == {
        "sum": "7,5",
        "which": "bb",
    }


def test_a_choice_that_was_not_offered_is_dropped(ada: Client, sheet: StudentItem) -> None:
    post(ada, "submit", sheet.item_id, {"a-sum": "7", "a-which": "zz"})
    assert json.loads(Submission.objects.get().parts["answers.json"])["which"] == ""


def test_an_answer_that_cannot_be_read_is_named_and_nothing_is_submitted(
    ada: Client, sheet: StudentItem
) -> None:
    response = post(ada, "submit", sheet.item_id, {"a-sum": "1,2.3", "a-which": "aa"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "has both a comma and a point" in page
    assert 'value="1,2.3"' in page
    assert 'value="aa" checked' in page
    assert not Submission.objects.exists()


def test_an_empty_sheet_is_refused(ada: Client, sheet: StudentItem) -> None:
    response = post(ada, "submit", sheet.item_id, {"a-sum": " "})
    assert response.status_code == 422
    assert "Every field is empty." in response.content.decode()


@pytest.mark.parametrize(("typed", "expected"), [("0,5", ""), ("", ""), ("five", "is no number")])
def test_one_answer_is_checked_while_typing(
    ada: Client, sheet: StudentItem, typed: str, expected: str
) -> None:
    response = ada.post(
        reverse("web:read_answer", args=[sheet.item_id]) + "?field=sum", {"a-sum": typed}
    )
    assert expected in response.content.decode()
    assert ("err" in response.content.decode()) is bool(expected)


def test_a_field_that_is_not_on_the_sheet_is_not_found(ada: Client, sheet: StudentItem) -> None:
    response = ada.post(reverse("web:read_answer", args=[sheet.item_id]) + "?field=other", {})
    assert response.status_code == 404


def test_the_page_waits_while_numbers_are_drawn(ada: Client, classroom: Classroom) -> None:
    page = reverse("web:item", args=[classroom.sheet.pk])
    assert "Drawing your numbers" in ada.get(page).content.decode()
    assert ada.get(page, headers={"HX-Request": "true"}).status_code == 204


def test_the_waiting_page_goes_on_when_the_numbers_are_there(
    ada: Client, sheet: StudentItem
) -> None:
    response = ada.get(reverse("web:item", args=[sheet.item_id]), headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"


def test_what_was_typed_into_the_form_of_an_older_version_is_kept_for_the_newer_one(
    ada: Client, sheet: StudentItem
) -> None:
    prepare_anew([sheet.item_id])
    sent: dict[str, object] = {
        "draft-page": "laptop",
        "draft-revision": "0",
        "a-sum": "7",
        "a-which": "bb",
    }
    answer = post(ada, "submit", sheet.item_id, sent)
    assert "Drawing your numbers" in answer.content.decode()
    assert not Submission.objects.exists()
    more = {"fields": [*FORM["fields"], FORM["fields"][0] | {"id": "more", "label": "One more"}]}
    StudentItem.objects.update(prepared_at=NOON, form=more)
    page = ada.get(reverse("web:item", args=[sheet.item_id])).content.decode()
    assert "One more" in page
    assert 'value="7"' in next(tag for tag in page.split("<input") if 'name="a-sum"' in tag)
