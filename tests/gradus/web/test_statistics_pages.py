"""Statistics on pages: nobody's name, no claim of few, and a fixed number of queries."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.catalog.models import Version
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Enrolment, Item, Role, Section
from gradus.gradebook.services import record_verdict
from gradus.submissions.models import Finding, StudentItem
from tests.people import Classroom, graded, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

MISTAKE = "<b>Sign</b> & `minus`"


@pytest.fixture
def staff(classroom: Classroom, client: Client) -> Client:
    client.force_login(classroom.tess.user)
    return client


def work(classroom: Classroom, who: Enrolment, points: float, mistake: str = "") -> None:
    verdict = graded(classroom, points, enrolment=who)
    record_verdict(verdict.pk, now=verdict.created_at)
    if mistake:
        Finding.objects.filter(verdict=verdict, name="hidden_one").update(mistake=mistake)


def many(classroom: Classroom, count: int) -> list[Enrolment]:
    found = []
    for number in range(count):
        user = person(f"zz-student-{number}", first_name="Very", last_name=f"Secret{number}")
        who = courses.enrol(course=classroom.course, user=user, role=Role.STUDENT)
        work(classroom, who, 10.0 if number % 3 else 5.0, "" if number % 3 else MISTAKE)
        found.append(who)
    return found


def class_page(classroom: Classroom) -> str:
    return reverse("web:statistics", args=[classroom.course.pk])


def item_page(classroom: Classroom, item: Item | None = None) -> str:
    args = [classroom.course.pk, (item or classroom.item).pk]
    return reverse("web:item_statistics", args=args)


def test_pages_are_there_before_anything_is(classroom: Classroom, staff: Client) -> None:
    for address in (class_page(classroom), item_page(classroom)):
        answer = staff.get(address)
        assert answer.status_code == 200
    assert "Nothing to count yet" in staff.get(item_page(classroom)).content.decode()
    Assignment.objects.update(is_published=False)
    assert "first published assignment" in staff.get(class_page(classroom)).content.decode()


def test_no_page_has_a_name_on_it(classroom: Classroom, staff: Client) -> None:
    many(classroom, 12)
    found = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    for address in (
        class_page(classroom), item_page(classroom), f"{found}?check=hidden_one",
    ):  # fmt: skip
        text = staff.get(address).content.decode()
        assert "Secret" not in text
        assert "zz-student" not in text


def test_names_of_mistakes_are_text_and_lead_to_their_submissions(
    classroom: Classroom, staff: Client
) -> None:
    many(classroom, 3)
    text = staff.get(item_page(classroom)).content.decode()
    assert "&lt;b&gt;Sign&lt;/b&gt; &amp; <code>minus</code>" in text
    address = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    link = f"{address}?mistake={quote(MISTAKE, safe='')}"
    assert link in text
    page = staff.get(link)
    assert page.context["page"].paginator.count == 1
    assert "attempt 1" in page.content.decode()


def test_intervals_begin_at_ten_students(classroom: Classroom, staff: Client) -> None:
    many(classroom, 9)
    assert "6 of 9" in staff.get(item_page(classroom)).content.decode()
    who = courses.enrol(course=classroom.course, user=person("tenth"), role=Role.STUDENT)
    work(classroom, who, 10.0)
    assert "70 % (40 to 89)" in staff.get(item_page(classroom)).content.decode()


def test_checks_that_never_failed_anyone_are_named(classroom: Classroom, staff: Client) -> None:
    many(classroom, 10)
    text = staff.get(item_page(classroom)).content.decode()
    assert "1 never failed anyone:" in text
    assert "Check doubles" in text


def test_the_histogram_has_a_name_a_finding_and_its_table(
    classroom: Classroom, staff: Client
) -> None:
    many(classroom, 12)
    text = staff.get(class_page(classroom)).content.decode()
    assert '<title id="totals-t">Totals so far</title>' in text
    assert "12 students. Half of them have" in text
    assert "As a table" in text


def test_a_section_is_chosen_and_kept_in_links(classroom: Classroom, staff: Client) -> None:
    section = Section.objects.create(course=classroom.course, name="<i>A</i>")
    work(classroom, classroom.ada, 5.0, MISTAKE)
    work(classroom, classroom.ben, 5.0, MISTAKE)
    Enrolment.objects.filter(pk=classroom.ada.pk).update(section=section)
    answer = staff.get(item_page(classroom), {"section": section.pk})
    assert answer.context["tries"].students == 1
    text = answer.content.decode()
    assert f"&amp;section={section.pk}" in text
    assert "<i>A</i>" not in text
    found = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    page = staff.get(found, {"mistake": MISTAKE, "section": str(section.pk)})
    assert page.context["page"].paginator.count == 1


def test_the_next_page_is_of_the_same_submissions(
    classroom: Classroom, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradus.web.http.PAGE_ROWS", 1)
    work(classroom, classroom.ada, 5.0, MISTAKE)
    work(classroom, classroom.ben, 5.0, MISTAKE)
    address = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    text = staff.get(address, {"mistake": MISTAKE, "section": ""}).content.decode()
    assert "Page 1 of 2" in text
    link = re.search(r'rel="next" href="([^"]*)">Older', text)
    assert link is not None
    page = staff.get(address + html.unescape(link[1]))
    assert page.context["page"].number == 2
    assert page.context["mistake"] == MISTAKE


@pytest.mark.parametrize("query", ["", "?mistake=", "?check="])
def test_submissions_of_nothing_are_not_found(
    classroom: Classroom, staff: Client, query: str
) -> None:
    address = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    assert staff.get(address + query).status_code == 404


@pytest.mark.parametrize("value", ["%00", "x" * 5000, "%F0%9F%98%80", "'; DROP TABLE", "-1"])
def test_hostile_queries_are_no_error(classroom: Classroom, staff: Client, value: str) -> None:
    address = reverse("web:found_submissions", args=[classroom.course.pk, classroom.item.pk])
    for query in (f"?mistake={value}", f"?check={value}", f"?check=a&section={value}&page={value}"):
        assert staff.get(address + query).status_code in (200, 404)
    for page in (class_page(classroom), item_page(classroom)):
        assert staff.get(f"{page}?section={value}").status_code == 200


def test_an_item_of_another_course_is_not_found(classroom: Classroom, staff: Client) -> None:
    other = courses.create_course(owner=person("otha", may_teach=True), title="Other", term="")
    address = reverse("web:item_statistics", args=[other.pk, classroom.item.pk])
    assert staff.get(address).status_code == 404
    staff.force_login(other.enrolments.get().user)
    assert staff.get(address).status_code == 404


def test_numbers_per_student_are_compared(classroom: Classroom, staff: Client) -> None:
    everybody = many(classroom, 24)  # every third has no full marks
    Version.objects.update(is_personal=True)
    for number, who in enumerate(everybody):
        numbers = {"edge": "<i>top</i>" if number % 3 else "left", "X": [[1, 2]]}
        StudentItem.objects.update_or_create(
            enrolment=who, item=classroom.item, practice=0, defaults={"numbers": numbers}
        )
    text = staff.get(item_page(classroom)).content.decode()
    assert "By drawn numbers" in text
    assert "&lt;i&gt;top&lt;/i&gt;" in text
    assert text.count("too few to say") == 2  # eight of them drew the one
    assert "<b>worse</b>" not in text


@pytest.mark.parametrize("page", [class_page, item_page])
def test_as_many_queries_for_few_as_for_many(
    classroom: Classroom, staff: Client, page: object
) -> None:
    address = page(classroom)  # type: ignore[operator]
    many(classroom, 2)
    with CaptureQueriesContext(connection) as few:
        staff.get(address)
    for number in range(6):
        user = person(f"more-{number}")
        who = courses.enrol(course=classroom.course, user=user, role=Role.STUDENT)
        work(classroom, who, 5.0, f"Mistake {number}")
    with CaptureQueriesContext(connection) as lots:
        staff.get(address)
    assert len(lots) == len(few)
