"""The gradebook as staff use it: find a mark, see how it came about, change it, take it away."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.accounts.models import User
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Role
from gradus.courses.roster import services as roster
from gradus.gradebook import services
from gradus.gradebook.grid import Grid, make_grid
from gradus.gradebook.models import GradeEvent
from tests.people import NOON, Classroom, graded, hand_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

At = Callable[..., str]


@pytest.fixture
def at(classroom: Classroom) -> At:
    def address(page: str, *more: int) -> str:
        return reverse(f"web:{page}", args=[classroom.course.pk, *more])

    return address


@pytest.fixture
def cell(classroom: Classroom) -> tuple[int, int]:
    """Ada's five points for doubling."""
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    return classroom.ada.pk, classroom.item.pk


def rows(page: str) -> dict[str, list[str]]:
    """The lines of the grid by name, as text."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body)
    return {name: re.sub(r"<[^>]*>", " ", cells).split() for name, cells in found}


def change(iris: Client, at: At, cell: tuple[int, int], points: str, **fields: str) -> str:
    page = iris.get(at("mark", *cell)).content.decode()
    seen = re.findall(r'name="seen" value="(\d+)"', page)[-1]
    data = {"points": points, "reason": "half a check was wrong", "seen": seen, **fields}
    return iris.post(at("mark_override", *cell), data, follow=True).content.decode()


def test_the_grid_shows_marks_and_totals(iris: Client, at: At, cell: tuple[int, int]) -> None:
    page = iris.get(at("gradebook")).content.decode()
    assert rows(page) == {
        "ada": ["5", "nothing", "yet", "50.00", "38.46"],
        "ben": ["nothing", "yet", "nothing", "yet", "none", "0.00"],
    }
    assert f'href="{cell[0]}/{cell[1]}/"' in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["ada", "ben"]),
        ({"q": "BEN@"}, ["ben"]),
        ({"q": "nobody"}, []),
        ({"state": "waiting"}, ["ben"]),
        ({"state": "missing"}, []),
        ({"state": "changed"}, []),
        ({"state": "x"}, ["ada", "ben"]),
        ({"section": "none"}, ["ben"]),
        ({"section": "999"}, []),
    ],
)
def test_the_grid_is_filtered(
    iris: Client, at: At, cell: tuple[int, int], classroom: Classroom,
    query: dict[str, str], names: list[str],
) -> None:  # fmt: skip
    section = roster.name_section(course=classroom.course, name="A")
    roster.change_student(enrolment=classroom.ada, section=section, id_number="")
    hand_in(classroom, enrolment=classroom.ben)
    assert list(rows(iris.get(at("gradebook"), query).content.decode())) == names


def test_what_is_missing_is_found_after_the_deadline(
    iris: Client, at: At, cell: tuple[int, int]
) -> None:
    Assignment.objects.update(due_at=NOON.replace(day=1, hour=1), opens_at=None)
    found = rows(iris.get(at("gradebook"), {"state": "missing"}).content.decode())
    assert found["ben"] == ["—", "missing", "—", "missing", "0.00", "0.00"]


def test_a_mark_says_how_it_came_about(iris: Client, at: At, cell: tuple[int, int]) -> None:
    page = iris.get(at("mark", *cell)).content.decode()
    assert "the best submission counts" in page
    assert "Verdict of attempt 1" in page
    assert reverse("web:submission", args=[GradeEvent.objects.get().submission_id]) in page


def test_a_change_is_stored_shown_and_taken_back(
    iris: Client, at: At, cell: tuple[int, int]
) -> None:
    page = change(iris, at, cell, "7,25")
    assert "The mark of ada changed from 5 to 7.25." in page
    assert "Changed by hand from 5 to 7.25: “half a check was wrong”" in page
    assert rows(iris.get(at("gradebook")).content.decode())["ada"][:5] == [
        "✎", "changed", "by", "hand", "7.25",
    ]  # fmt: skip
    seen = str(GradeEvent.objects.latest("pk").pk)
    undone = iris.post(at("mark_undo", *cell), {"seen": seen}, follow=True).content.decode()
    assert "changed from 7.25 to 5." in undone
    assert "Change to 7.25 taken back" in undone


@pytest.mark.parametrize(
    ("points", "fields", "message"),
    [
        ("10.5", {}, "from 0 to 10 points"),
        ("-1", {}, "from 0 to 10 points"),
        ("1e9", {}, "is no number"),
        ("nan", {}, "is no number"),
        ("inf", {}, "is no number"),
        ("five", {}, "“five” is no number"),
        ("1.2345", {}, "at most three decimals"),
        ("5", {"reason": " "}, "This field is required"),
        ("5", {"seen": "0"}, "The mark changed while you looked"),
        ("5", {"reason": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(
    iris: Client, at: At, cell: tuple[int, int], points: str, fields: dict[str, str], message: str
) -> None:
    assert message in change(iris, at, cell, points, **fields)
    assert GradeEvent.objects.count() == 1


@pytest.mark.parametrize("page", ["mark", "mark_override", "mark_undo"])
def test_there_is_no_mark_of_staff_nor_of_another_course(
    iris: Client, at: At, classroom: Classroom, page: str
) -> None:
    other = courses.create_course(owner=person("una"), title="Vision")
    student = courses.enrol(course=other, user=classroom.olga, role=Role.STUDENT)
    visit = iris.get if page == "mark" else iris.post
    for enrolment in (classroom.tess, student):
        assert visit(at(page, enrolment.pk, classroom.item.pk)).status_code == 404
    assert visit(at(page, classroom.ada.pk, classroom.item.pk + 99)).status_code == 404


def test_an_archived_course_shows_marks_but_changes_none(
    iris: Client, at: At, cell: tuple[int, int], classroom: Classroom
) -> None:
    classroom.course.is_archived = True
    classroom.course.save()
    assert "Change the mark" not in iris.get(at("mark", *cell)).content.decode()
    data = {"points": "1", "reason": "x", "seen": "1"}
    assert iris.post(at("mark_override", *cell), data).status_code == 403


def test_names_titles_and_reasons_of_strangers_are_escaped(
    iris: Client, at: At, cell: tuple[int, int], classroom: Classroom
) -> None:
    bad = "<img src=x onerror=alert(1)>\u202e"
    User.objects.filter(pk=classroom.ada.user_id).update(last_name=bad)
    Assignment.objects.update(title=bad)
    change(iris, at, cell, "6", reason=bad)
    for page in (at("gradebook"), at("mark", *cell), at("exports")):
        text = iris.get(page).content.decode()
        assert "<img" not in text
        assert "onerror=alert(1)&gt;[U+202E]" in text


def test_more_students_and_items_cost_no_more_queries(
    iris: Client, at: At, classroom: Classroom
) -> None:
    counts = []
    for turn in "ab":
        for page in ("gradebook", "exports", "export_file"):
            with CaptureQueriesContext(connection) as seen:
                iris.get(at(page))
            counts.append(len(seen))
        for k in range(4):
            student = courses.enrol(
                course=classroom.course, user=person(f"{turn}{k}"), role=Role.STUDENT
            )
            services.record_verdict(graded(classroom, enrolment=student).pk, now=NOON)
            plan = courses.Plan(title=f"{turn}{k}")
            exercises = [classroom.item.exercise]
            courses.create_assignment(course=classroom.course, plan=plan, exercises=exercises)
    # Session, user, enrolment, and the eight of the grid; two ask how large the course is before
    # it is counted; an export that is taken is recorded.
    assert counts == [11, 13, 14] * 2


@pytest.mark.parametrize("form", ["plain", "moodle", "canvas", "brightspace"])
def test_what_is_exported_is_what_the_gradebook_shows(
    iris: Client, at: At, cell: tuple[int, int], form: str
) -> None:
    change(iris, at, cell, "7.125")
    assert "7.13" in rows(iris.get(at("gradebook")).content.decode())["ada"]
    answer = iris.get(at("export_file"), {"form": form})
    assert answer["Content-Disposition"].startswith('attachment; filename="deep-learning-')
    assert answer["Cache-Control"] == "no-store"
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    (ada,) = [line for line in lines if "ada" in line]
    assert "7.13" in ada


def test_an_export_adds_up_assignments_and_fills_what_is_missing(
    iris: Client, at: At, cell: tuple[int, int]
) -> None:
    Assignment.objects.update(due_at=NOON.replace(hour=1))
    query = {"form": "moodle", "columns": "assignments", "missing": "zero"}
    lines = iris.get(at("export_file"), query).content.decode().splitlines()
    assert lines == [
        "Username,ID number,Email address,First steps",
        "ada,,ada@example.org,5.00",
        "ben,,ben@example.org,0.00",
    ]


@pytest.mark.parametrize(
    ("checks", "has_sheet"),
    [("", False), ("x", False), ("-1", False), ("9" * 40, True), ("right", True)],
)
def test_a_workbook_has_the_checks_of_the_chosen_assignment(
    iris: Client, at: At, cell: tuple[int, int], classroom: Classroom, checks: str, has_sheet: bool
) -> None:
    chosen = str(classroom.assignment.pk) if checks == "right" else checks
    answer = iris.get(at("export_file"), {"form": "xlsx", "checks": chosen})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert ("Checks" in book.read("xl/workbook.xml").decode()) is has_sheet
        text = book.read("xl/worksheets/sheet3.xml").decode()
    assert ("Check doubles" in text) is (checks == "right")


def test_the_export_page_says_what_an_importer_may_stumble_over(
    iris: Client, at: At, classroom: Classroom
) -> None:
    hand_in(classroom)
    Enrolment.objects.filter(pk=classroom.ben.pk).update(id_number="7")
    User.objects.filter(pk=classroom.ben.user_id).update(username="@ben")
    page = iris.get(at("exports")).content.decode()
    assert "1 mark is still being graded" in page
    assert "1 student without an id number" in page
    assert "@ben begins like a formula" in page


def test_an_empty_course_says_what_to_do(client: Client) -> None:
    una = person("una", may_teach=True)
    course = courses.create_course(owner=una, title="Vision")
    client.force_login(una)
    page = client.get(reverse("web:gradebook", args=[course.pk])).content.decode()
    assert "No marks yet" in page


def test_students_of_one_name_are_told_apart(iris: Client, at: At, classroom: Classroom) -> None:
    names = {"first_name": "Kim", "last_name": "Lee"}
    User.objects.filter(username__in=["ada", "ben"]).update(**names)
    page = iris.get(at("gradebook")).content.decode()
    assert 'Lee, Kim <span class="faint">ada</span>' in page
    assert 'Lee, Kim <span class="faint">ben</span>' in page
    for name in ("lee, k", "Kim Lee", "LEE"):
        assert len(rows(iris.get(at("gradebook"), {"q": name}).content.decode())) == 2


def crowd(classroom: Classroom, count: int) -> list[str]:
    """More students, by name."""
    names = [f"s{number:03}" for number in range(count)]
    users = User.objects.bulk_create(User(username=n, email=f"{n}@example.org") for n in names)
    Enrolment.objects.bulk_create(
        Enrolment(course=classroom.course, user=user, role=Role.STUDENT) for user in users
    )
    return names


@pytest.mark.parametrize("query", ["", "q=s0", "state=missing"])
def test_rows_below_come_when_they_are_asked_for_each_once(
    iris: Client, at: At, classroom: Classroom, query: str
) -> None:
    names = crowd(classroom, 65)
    if "state" in query:
        Assignment.objects.update(due_at=NOON.replace(day=1, hour=1), opens_at=None)
    wanted = names if "q" in query else ["ada", "ben", *names]
    page = iris.get(at("gradebook") + f"?{query}").content.decode()
    seen: list[str] = []
    for _ in range(5):
        seen += re.findall(r'<th scope="row">(\w+)</th>', page)
        below = re.search(r'<tr hx-get="(\?[^"]*)"', page)
        assert ("More students" in page) is (below is not None)
        if below is None:
            break
        page = iris.get(at("gradebook") + html.unescape(below[1])).content.decode()
        assert "<html" not in page
    assert seen == wanted


def test_rows_below_look_at_each_student_once_also_with_a_filter(
    iris: Client, at: At, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(classroom, 300)
    Assignment.objects.update(due_at=NOON.replace(day=1, hour=1), opens_at=None)
    looked: list[int] = []

    def counted(course: Course, now: datetime, chosen: Sequence[Enrolment]) -> Grid:
        looked.append(len(chosen))
        return make_grid(course, now, chosen)

    monkeypatch.setattr("gradus.web.gradebook.make_grid", counted)
    iris.get(at("gradebook"), {"state": "missing", "from": "150", "part": "rows"})
    assert looked == [120]
    iris.get(at("gradebook"), {"state": "changed", "from": "30", "part": "rows"})
    assert looked == [120, 120, 120, 32]
    iris.get(at("gradebook"), {"state": "missing"})
    assert looked[4:] == [302]


def test_without_scripts_a_link_leads_to_the_rows_below(
    iris: Client, at: At, classroom: Classroom
) -> None:
    crowd(classroom, 40)
    page = iris.get(at("gradebook")).content.decode()
    link = re.search(r'<a href="(\?[^"]*)">More students', page)
    assert link is not None
    below = iris.get(at("gradebook") + html.unescape(link[1])).content.decode()
    assert "<html" in below
    assert next(iter(rows(below))) == "s028"


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "٣", "1e3", ""])
def test_a_start_that_makes_no_sense_breaks_nothing(
    iris: Client, at: At, classroom: Classroom, start: str
) -> None:
    for part in ("", "rows"):
        answer = iris.get(at("gradebook"), {"from": start, "part": part})
        assert answer.status_code == 200


def test_marks_are_read_of_the_students_that_are_shown_alone(
    iris: Client, at: At, cell: tuple[int, int], classroom: Classroom
) -> None:
    crowd(classroom, 40)
    with CaptureQueriesContext(connection) as seen:
        iris.get(at("gradebook"), {"from": "30", "part": "rows"})
    (events,) = [q["sql"] for q in seen if 'FROM "gradebook_gradeevent"' in q["sql"]]
    assert str(classroom.ada.pk) not in re.findall(r"\d+", events.split("WHERE")[1])
