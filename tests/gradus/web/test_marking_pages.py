"""Pages of what people mark: anonymous, no lost update, nothing told early."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role
from gradus.gradebook.models import HumanMark, Rubric, RubricRelease
from gradus.gradebook.rubrics.selectors import code_of
from gradus.gradebook.services import record_verdict
from tests.people import Classroom, graded, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEXT = "Derivation\n0: missing\n3: <b>complete</b>\nStyle\n0: bad\n1: fine"
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def iris(classroom: Classroom) -> Client:
    """The owner, with a rubric and ada's work to mark."""
    client = as_person(classroom.iris)
    answer = client.post(page("rubric", classroom), {"text": TEXT, "is_anonymous": "on", "seen": 0})
    assert answer.status_code == 302
    user = classroom.ada.user
    user.first_name, user.last_name = "Secret", "Okafor"
    user.save()
    hand_in(classroom, classroom.ada)
    return client


def as_person(who: Enrolment) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def hand_in(classroom: Classroom, who: Enrolment, source: str = "def double(x): ...\n") -> None:
    item = Item.objects.get(pk=classroom.item.pk)
    verdict = graded(classroom, 5.0, enrolment=who, item=item, source=source)
    record_verdict(verdict.pk, now=verdict.created_at)


def page(name: str, classroom: Classroom) -> str:
    return reverse(f"web:{name}", args=[classroom.item.pk])


def paper(classroom: Classroom, who: Enrolment | None = None) -> str:
    code = code_of(classroom.item.pk, (who or classroom.ada).pk)
    return reverse("web:paper", args=[classroom.item.pk, code])


def choice(**fields: object) -> dict[str, object]:
    return {"level-0": 1, "level-1": 0, "comment": "", "seen": 0, "attempt": 1} | fields


def release(client: Client, classroom: Classroom) -> None:
    client.post(page("marking_release", classroom), {"sure": "1"})


def test_markers_see_no_name_before_the_release(classroom: Classroom, iris: Client) -> None:
    tess = as_person(classroom.tess)
    for client in (iris, tess):
        for address in (page("marking", classroom), paper(classroom)):
            text = client.get(address).content.decode()
            assert "Secret" not in text
            assert "Okafor" not in text
            assert code_of(classroom.item.pk, classroom.ada.pk) in text
            assert f"/submissions/{classroom.ada.submissions.get().pk}/" not in text
    tess.post(paper(classroom), choice())
    release(iris, classroom)
    assert "Secret Okafor" in tess.get(page("marking", classroom)).content.decode()


def test_names_are_shown_where_the_rubric_says_so(classroom: Classroom, iris: Client) -> None:
    iris.post(page("rubric", classroom), {"text": TEXT, "seen": 1})
    assert "Secret Okafor" in iris.get(paper(classroom)).content.decode()


def test_a_mark_is_stored_and_the_next_open_one_follows(classroom: Classroom, iris: Client) -> None:
    hand_in(classroom, classroom.ben)
    answer = iris.post(paper(classroom), choice(comment="Say why."))
    assert answer["Location"] == paper(classroom, classroom.ben)
    answer = iris.post(paper(classroom, classroom.ben), choice(**{"level-1": 1}))
    assert answer["Location"] == page("marking", classroom)
    points = dict(HumanMark.objects.values_list("enrolment_id", "points"))
    assert points == {classroom.ada.pk: 3, classroom.ben.pk: 4}


def test_two_markers_of_one_paper_are_told(classroom: Classroom, iris: Client) -> None:
    tess = as_person(classroom.tess)
    tess.post(paper(classroom), choice(comment="Mine."))
    answer = iris.post(paper(classroom), choice(**{"level-0": 0}, comment="Yours."))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "By tess" in text
    assert "Mine." in text
    assert "Yours." in text
    assert "Derivation: 3 &lt;b&gt;complete&lt;/b&gt;" in text
    seen = HumanMark.objects.get().pk
    assert f'name="seen" value="{seen}"' in text
    answer = iris.post(paper(classroom), choice(**{"level-0": 0}, seen=seen))
    assert answer.status_code == 302
    assert list(HumanMark.objects.order_by("pk").values_list("points", flat=True)) == [3, 0]


def test_a_level_is_asked_for_each_criterion(classroom: Classroom, iris: Client) -> None:
    for wrong in ({"level-0": ""}, {"level-0": 2}, {"level-1": -1}, {"level-1": "x"}):
        answer = iris.post(paper(classroom), choice(**wrong))
        assert answer.status_code == 422
    assert not HumanMark.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"seen": "x"}, {"seen": -1}, {"seen": 10**30}, {"attempt": 0}, {"comment": "x" * 4001},
     {"comment": "a\0b"}],
)  # fmt: skip
def test_a_forged_form_is_refused(
    classroom: Classroom, iris: Client, wrong: dict[str, object]
) -> None:
    assert iris.post(paper(classroom), choice(**wrong)).status_code == 422
    assert not HumanMark.objects.exists()


def test_work_that_counts_meanwhile_is_shown_before_it_is_marked(
    classroom: Classroom, iris: Client
) -> None:
    item = Item.objects.get(pk=classroom.item.pk)
    better = graded(classroom, 9.0, enrolment=classroom.ada, item=item, source="def better(): 1\n")
    record_verdict(better.pk, now=better.created_at)
    answer = iris.post(paper(classroom), choice(comment="Kept."))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Other work counts now" in text
    assert "better" in text
    assert "Kept." in text
    assert not HumanMark.objects.exists()
    assert 'name="attempt" value="2"' in text
    assert iris.post(paper(classroom), choice(attempt=2)).status_code == 302
    assert HumanMark.objects.get().submission.attempt == 2


@pytest.mark.parametrize("code", ["aaaa-aaaa", "x", "1", "ada"])
def test_codes_cannot_be_guessed(classroom: Classroom, iris: Client, code: str) -> None:
    address = reverse("web:paper", args=[classroom.item.pk, code])
    assert iris.get(address).status_code == 404
    assert iris.post(address, choice()).status_code == 404


def test_a_code_of_another_item_is_not_found(classroom: Classroom, iris: Client) -> None:
    code = code_of(classroom.item.pk, classroom.ada.pk)
    assert iris.get(reverse("web:paper", args=[classroom.sheet.pk, code])).status_code == 404


def test_reviewers_read_the_queue_and_cannot_mark(classroom: Classroom, iris: Client) -> None:
    reviewer = courses.enrol(course=classroom.course, user=person("rev"), role=Role.REVIEWER)
    client = as_person(reviewer)
    assert client.get(page("marking", classroom)).status_code == 200
    assert client.get(paper(classroom)).status_code == 404
    assert client.post(paper(classroom), choice()).status_code == 404


def test_nobody_marks_in_an_archived_course(classroom: Classroom, iris: Client) -> None:
    Course.objects.update(is_archived=True)
    assert iris.post(paper(classroom), choice()).status_code == 404
    assert iris.post(page("rubric", classroom), {"text": "", "seen": 1}).status_code == 403


def test_students_see_nothing_before_they_are_told(classroom: Classroom, iris: Client) -> None:
    iris.post(paper(classroom), choice(comment="Say why."))
    ada = as_person(classroom.ada)
    address = page("human_part", classroom)
    grades = reverse("web:grades", args=[classroom.course.pk])
    assert "Not told yet" in ada.get(address).content.decode()
    assert "have not told yet" in ada.get(grades).content.decode()
    assert "Say why." not in ada.get(address).content.decode()
    release(iris, classroom)
    text = ada.get(address).content.decode()
    assert "Say why." in text
    assert "&lt;b&gt;complete&lt;/b&gt;" in text
    assert "3 points of these by people." in ada.get(grades).content.decode()
    assert "Say why." not in as_person(classroom.ben).get(address).content.decode()


def test_held_results_hold_what_people_gave_too(classroom: Classroom, iris: Client) -> None:
    iris.post(paper(classroom), choice(comment="Say why."))
    release(iris, classroom)
    Assignment.objects.update(holds_feedback=True)
    ada = as_person(classroom.ada)
    assert "Say why." not in ada.get(page("human_part", classroom)).content.decode()


def test_telling_needs_the_tick(classroom: Classroom, iris: Client) -> None:
    iris.post(paper(classroom), choice())
    iris.post(page("marking_release", classroom))
    assert not RubricRelease.objects.exists()
    release(iris, classroom)
    release(iris, classroom)  # twice is once
    assert RubricRelease.objects.count() == 1


def test_a_rubric_that_cannot_be_read_names_its_line(classroom: Classroom, iris: Client) -> None:
    answer = iris.post(page("rubric", classroom), {"text": "0: x", "seen": 1})
    assert (answer.status_code, Rubric.objects.count()) == (409, 1)
    assert "Line 1 is a level" in answer.content.decode()


def test_a_rubric_changed_meanwhile_is_not_overwritten(classroom: Classroom, iris: Client) -> None:
    answer = iris.post(page("rubric", classroom), {"text": "", "seen": 0})
    assert (answer.status_code, Rubric.objects.count()) == (409, 1)


def test_a_rubric_that_lowers_marks_asks_first(classroom: Classroom, iris: Client) -> None:
    iris.post(paper(classroom), choice())
    release(iris, classroom)
    answer = iris.post(page("rubric", classroom), {"text": "", "seen": 1})
    assert answer.status_code == 200
    assert "lower" in answer.content.decode()
    assert Rubric.objects.count() == 1
    sent = {"text": "", "seen": 1, "stamp": answer.context["effect"].stamp, "lower": "1"}
    assert iris.post(page("rubric", classroom), sent).status_code == 302
    assert Item.objects.get(pk=classroom.item.pk).human_points == 0


def test_hostile_text_is_text(classroom: Classroom, iris: Client) -> None:
    iris.post(page("rubric", classroom), {"text": f"{HOSTILE}\n0: {HOSTILE}\n1: y", "seen": 1})
    iris.post(paper(classroom), {"level-0": 0, "comment": HOSTILE, "seen": 0, "attempt": 1})
    release(iris, classroom)
    ada = as_person(classroom.ada)
    mark = reverse("web:mark", args=[classroom.course.pk, classroom.ada.pk, classroom.item.pk])
    pages = (
        (iris, paper(classroom)), (iris, page("rubric", classroom)), (iris, mark),
        (ada, page("human_part", classroom)),
    )  # fmt: skip
    for client, address in pages:
        text = client.get(address).content.decode()
        assert "alert(1)" in text
        assert "<script>alert" not in text


@pytest.mark.parametrize("name", ["marking", "markings"])
def test_as_many_queries_for_few_as_for_many(classroom: Classroom, iris: Client, name: str) -> None:
    args = [classroom.course.pk if name == "markings" else classroom.item.pk]
    address = reverse(f"web:{name}", args=args)
    with CaptureQueriesContext(connection) as few:
        iris.get(address)
    for number in range(5):
        user = person(f"s{number}")
        hand_in(classroom, courses.enrol(course=classroom.course, user=user, role=Role.STUDENT))
    with CaptureQueriesContext(connection) as many:
        iris.get(address)
    assert len(many) == len(few)
