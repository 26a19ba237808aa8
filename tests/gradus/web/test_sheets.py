from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from gradus.web import numbers, sheet_marks, sheets
from tests.gradus.web.conftest import FORM
from tests.people import Classroom


def test_marks_stand_beside_what_was_given_and_the_first_wrong_one_is_named() -> None:
    sheet = sheets.sheet_of(FORM)
    assert sheet is not None
    results = [
        {"id": "sum", "status": "wrong", "given": "1", "points": 0.0, "max_points": 3.0,
         "mistake": "minus", "message": "Subtracted. Add instead."},
        {"id": "which", "status": "wrong", "given": "bb", "points": 0.0, "max_points": 1.0,
         "mistake": None, "message": "No."},
    ]  # fmt: skip
    sheet_marks.mark(sheet, results)
    first, second = sheet.fields
    assert (first.is_first_wrong, second.is_first_wrong) == (True, False)
    assert first.message == ["Subtracted.", "Add instead."]
    assert [option.chosen for option in sheet.questions[0].options] == [False, True]
    assert sheet.summary == "2 wrong"


def test_a_step_right_for_ones_own_answers_has_its_own_word() -> None:
    sheet = sheet_marks.bare_sheet(
        [{"id": "x", "status": "follow-through", "given": "1", "points": 1.0, "max_points": 1.0}]
    )
    assert (sheet.fields[0].word, sheet.points) == ("Follows yours", 1.0)


def test_several_choices_cross_as_keys_with_spaces() -> None:
    form = {"fields": [{**FORM["fields"][1], "kind": "multiple"}]}
    sheet = sheets.sheet_of(form)
    assert sheet is not None
    answers = sheets.read_answers(sheet, QueryDict("a-which=aa&a-which=bb&a-which=<b>"))
    assert answers == {"which": "aa bb"}


def test_a_form_without_fields_is_no_sheet() -> None:
    assert sheets.sheet_of({"fields": []}) is None
    assert sheets.sheet_of(None) is None


def test_questions_are_phrases_with_mathematics_left_to_the_browser() -> None:
    sheet = sheets.sheet_of(FORM)
    assert sheet is not None
    assert sheet.questions[0].text == 'Which <em>one</em> is <span class="math">x</span>?'


def test_the_tolerance_of_a_step_stands_beside_its_field(
    sheet: object, classroom: Classroom, client: Client, now: None
) -> None:
    client.force_login(classroom.ada.user)
    page = client.get(reverse("web:item", args=[classroom.sheet.pk])).content.decode()
    assert '<span class="sr">tolerance </span>± 0.001</span>' in page
    assert 'aria-describedby="e-sum t-sum how"' in page


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "0.001"), (1e-4, "0.0001"), (0.000289, "0.00028"), (0.5, "0.5"), (12.7, "12"),
     (0.0, "0"), (0.00019999999, "0.00019")],
)  # fmt: skip
def test_a_tolerance_is_shown_never_larger_than_it_is(value: float, text: str) -> None:
    assert numbers.tolerance(value) == text
