"""The practice page: what it shows, what it refuses, and that it says that nothing counts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gradus.submissions import services
from gradus.submissions.models import Job, StudentItem, Submission
from tests.gradus.web.conftest import FORM
from tests.people import NOON, Classroom, claimed, sheet_verdict

pytestmark = pytest.mark.usefixtures("now")
STEPS = {"fields": FORM["fields"][:1]}


@pytest.fixture
def practice(classroom: Classroom) -> StudentItem:
    """A practice sheet of ada's with its numbers drawn."""
    sheet = services.draw_practice(enrolment=classroom.ada, item=classroom.sheet, now=NOON)
    sheet.jobs.update(state=Job.State.DONE, ended_at=NOON)
    StudentItem.objects.filter(pk=sheet.pk).update(
        numbers={"a": 31.4159, "b": 4}, form=STEPS, prepared_at=NOON
    )
    sheet.refresh_from_db()
    return sheet


def address(name: str, classroom: Classroom) -> str:
    return reverse(f"web:{name}", args=[classroom.sheet.pk])


def mark(client: Client, classroom: Classroom, **data: str) -> tuple[int, str]:
    response = client.post(address("practice_mark", classroom), {"practice": "1"} | data)
    return response.status_code, response.content.decode()


def test_before_the_first_drawing_the_page_says_what_practice_is(
    ada: Client, classroom: Classroom
) -> None:
    page = ada.get(address("practice", classroom)).content.decode()
    assert "Nothing of it counts." in page
    assert "Practise with fresh numbers" in page


def test_new_numbers_are_drawn_and_waited_for(ada: Client, classroom: Classroom) -> None:
    response = ada.post(address("practice_new", classroom), follow=True)
    page = response.content.decode()
    assert "Drawing your numbers" in page
    assert f'hx-get="{address("practice", classroom)}"' in page
    again = ada.get(address("practice", classroom), headers={"HX-Request": "true"})
    assert (again.status_code, "HX-Refresh" in again) == (204, False)


def test_the_sheet_has_its_own_numbers(
    ada: Client, classroom: Classroom, practice: StudentItem
) -> None:
    page = ada.get(address("practice", classroom)).content.decode()
    assert "31.4159" in page
    assert "Nothing here counts: no points, no attempt" in page


def test_marks_stand_at_the_answers_and_count_for_nothing(
    ada: Client, classroom: Classroom, practice: StudentItem
) -> None:
    assert mark(ada, classroom, **{"a-sum": "1"})[0] == 302
    assert "Your sheet is being marked." in ada.get(address("practice", classroom)).content.decode()
    made = Submission.objects.get(mode="practice")
    services.store_verdict(claimed(made), sheet_verdict(made), now=NOON)
    page = ada.get(address("practice", classroom)).content.decode()
    assert "0 of 1 steps right" in page
    assert "practice, does not count" in page
    assert 'value="1"' in page
    assert "It is 7." in page
    graded = ada.get(reverse("web:item", args=[classroom.sheet.pk])).content.decode()
    assert "It is 7." not in graded


def test_the_waiting_page_opens_when_the_marks_are_there(
    ada: Client, classroom: Classroom, practice: StudentItem
) -> None:
    mark(ada, classroom, **{"a-sum": "1"})
    asked = ada.get(address("practice", classroom), headers={"HX-Request": "true"})
    assert (asked.status_code, "HX-Refresh" in asked) == (204, False)
    made = Submission.objects.get(mode="practice")
    services.store_verdict(claimed(made), sheet_verdict(made), now=NOON)
    asked = ada.get(address("practice", classroom), headers={"HX-Request": "true"})
    assert (asked.status_code, "HX-Refresh" in asked) == (204, True)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Every field is empty."),
        ("1,2.3", "One of your answers cannot be read"),
        ("<script>", "One of your answers cannot be read"),
        ("9" * 400, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_and_kept(
    ada: Client, classroom: Classroom, practice: StudentItem, typed: str, why: str
) -> None:
    status, page = mark(ada, classroom, **{"a-sum": typed})
    assert status == 422
    assert why in page
    assert "<script>" not in page.split("</head>")[1]
    assert not Submission.objects.exists()


def test_answers_to_replaced_numbers_are_refused(
    ada: Client, classroom: Classroom, practice: StudentItem
) -> None:
    status, page = mark(ada, classroom, practice="7", **{"a-sum": "1"})
    assert status == 422
    assert "These answers belong to earlier numbers." in page


def test_practice_is_offered_where_it_is_possible(
    ada: Client, classroom: Classroom, sheet: StudentItem
) -> None:
    offered = address("practice_new", classroom)
    item = reverse("web:item", args=[classroom.sheet.pk])
    assert offered in ada.get(item).content.decode()
    type(classroom.assignment).objects.update(reveal="nothing")
    assert offered not in ada.get(item).content.decode()
    assert ada.post(offered).status_code == 404


def test_nobody_sees_the_practice_of_others(
    ada: Client, classroom: Classroom, practice: StudentItem
) -> None:
    mark(ada, classroom, **{"a-sum": "1"})
    made = Submission.objects.get(mode="practice")
    iris = Client()
    iris.force_login(classroom.iris.user)
    assert iris.get(reverse("web:submission", args=[made.pk])).status_code == 404
    assert "31.4159" not in iris.get(address("practice", classroom)).content.decode()
