"""Pages of rules: what staff change, and what is asked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gradus.courses import services as courses
from gradus.courses.models import Assignment, AssignmentGroup, Course, Item
from gradus.courses.services.people import CourseRules
from gradus.gradebook import services
from gradus.submissions.grading import request_for
from tests.gradus.web.reading import at, text
from tests.people import NOON, Classroom, claimed, graded, hand_in, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
RULES = {
    "time_zone": "Europe/Helsinki", "grace_minutes": "5", "late_days": "2", "late_percent": "10,5",
    "late_most_percent": "50", "late_day_bank": "3",
}  # fmt: skip


def edit(classroom: Classroom, **fields: Any) -> tuple[str, dict[str, Any]]:
    """Address and fields of the form as it is filled when it is opened."""
    assignment = Assignment.objects.get(pk=classroom.assignment.pk)
    data = {name: value for name, value in courses.plan_of(assignment).columns.items() if value}
    for name in ("opens_at", "due_at"):
        if name in data:
            zone = Course.objects.get().zone
            data[name] = data[name].astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    return reverse("web:assignment_edit", args=[assignment.pk]), data | fields


def test_rules_of_a_course_are_stored(classroom: Classroom, iris: Client) -> None:
    answer = iris.post(at("course_rules", classroom.course.pk), RULES)
    assert answer.status_code == 302
    course = Course.objects.get()
    assert (course.late_percent, course.zone.key) == (Decimal("10.5"), "Europe/Helsinki")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("late_percent", "-1"), ("late_percent", "101"), ("late_percent", "nan"),
        ("late_percent", "1e3"), ("late_percent", "9" * 400), ("late_days", "61"),
        ("late_day_bank", "1.5"), ("grace_minutes", "1441"), ("time_zone", "../../etc/passwd"),
        ("time_zone", "UTC\x00"),
    ],
)  # fmt: skip
def test_hostile_rules_are_refused_with_the_field(
    classroom: Classroom, iris: Client, field: str, value: str
) -> None:
    answer = iris.post(at("course_rules", classroom.course.pk), RULES | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Course.objects.get().late_days == 0


def test_times_are_typed_in_the_zone_of_the_course(classroom: Classroom, iris: Client) -> None:
    Course.objects.update(time_zone="America/New_York")
    address, data = edit(classroom, due_at="2027-03-20T23:59")
    assert iris.post(address, data).status_code == 302
    due = Assignment.objects.get().due_at
    assert due is not None
    assert due.isoformat() == "2027-03-21T03:59:00+00:00"
    assert "2027-03-20T23:59" in iris.get(address).content.decode()


@pytest.mark.parametrize("moment", ["2027-03-28T02:30", "2027-10-31T02:30", "9999-12-31T23:59"])
def test_a_time_that_the_clock_shows_twice_or_never_is_refused(
    classroom: Classroom, iris: Client, moment: str
) -> None:
    Course.objects.update(time_zone="Europe/Berlin")
    address, data = edit(classroom, due_at=moment)
    answer = iris.post(address, data)
    if moment.startswith("9999"):
        assert answer.status_code == 302  # far away, but a time
    else:
        assert answer.status_code == 422
        assert "id_due_at_error" in answer.content.decode()


def test_a_change_that_moves_marks_is_shown_before_it_is_made(
    classroom: Classroom, iris: Client
) -> None:
    for points, hours in ((10, 1), (5, 2)):
        verdict = graded(classroom, points, now=NOON - timedelta(hours=9 - hours))
        services.record_verdict(verdict.pk, now=NOON)
    address, data = edit(classroom, counting="latest")
    asked = iris.post(address, data)
    assert "1 mark of 1 student would change. 1 mark would be lower." in text(asked)
    assert Assignment.objects.get().counting == "best"

    stamp = re.search(r'name="stamp" value="(\w+)"', asked.content.decode())
    assert stamp is not None
    data["stamp"] = stamp[1]
    refused = iris.post(address, data)
    assert refused.status_code == 409
    assert "Tick the box if marks should become lower." in text(refused)

    assert iris.post(address, data | {"lower": "1", "stamp": "0" * 16}).status_code == 409
    assert Assignment.objects.get().counting == "best"

    assert iris.post(address, data | {"lower": "1"}).status_code == 302
    assert Assignment.objects.get().counting == "latest"


def undo_late_days(classroom: Classroom) -> str:
    """An extension without which the submission costs half of its points."""
    Course.objects.update(late_days=5, late_percent=50)
    Assignment.objects.update(due_at=NOON - timedelta(hours=1))
    given = courses.extend(
        assignment=Assignment.objects.get(), target=courses.Target(enrolment=classroom.ada),
        due_at=NOON + timedelta(days=1), reason="Ill", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    return at("allowance_undo", classroom.assignment.pk, given.pk)


def delete_a_group_that_weighs(classroom: Classroom) -> str:
    for points, weight in ((10.0, 1), (5.0, 9)):
        group = courses.save_group(
            course=classroom.course, group=None, name=str(points), weight=Decimal(weight),
            drop_lowest=0,
        )  # fmt: skip
        made = courses.create_assignment(
            course=classroom.course,
            plan=courses.Plan(title=f"Of {points}", due_at=NOON + timedelta(days=1), group=group),
            exercises=[classroom.item.exercise],
        )
        services.record_verdict(graded(classroom, points, item=made.items.get()).pk, now=NOON)
    return at("group_delete", classroom.course.pk, group.pk)


def restore_what_was_marked(classroom: Classroom) -> str:
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    courses.withdraw(
        course=classroom.course, exercise_id=classroom.item.exercise_id, why="It is broken.",
        actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    return at("withdraw_undo", classroom.course.pk, classroom.item.exercise_id)


@pytest.mark.parametrize(
    "address_of", [undo_late_days, delete_a_group_that_weighs, restore_what_was_marked]
)
def test_from_the_question_of_a_button_there_is_a_way_back(
    classroom: Classroom, iris: Client, address_of: Callable[[Classroom], str]
) -> None:
    asked = iris.post(address_of(classroom)).content.decode()
    assert "Nothing is changed yet" in asked
    back = re.search(r'href="([^"]+)">Back</a>', asked)
    assert back is not None
    assert iris.get(back[1]).status_code == 200


def shown_fields(page: str) -> dict[str, str]:
    """What the form of a page would send as it is."""
    typed = re.findall(r'<input type="[a-z-]+" name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected', page, re.S)
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)"[^>]* checked', page)
    return dict(typed) | dict(chosen) | dict.fromkeys(ticked, "on")


@pytest.mark.parametrize("name", ["course_rules", "assignment_edit", "items_edit", "group"])
def test_a_language_with_decimal_commas_changes_no_number_of_a_form(
    classroom: Classroom, iris: Client, settings: Settings, name: str
) -> None:
    settings.LANGUAGES = [("de", "Deutsch")]
    rules = CourseRules(late_days=2, late_percent=Decimal("12.5"), late_most_percent=Decimal(50))
    courses.change_course(course=classroom.course, rules=rules)
    group = courses.save_group(
        course=classroom.course, group=None, name="Sheets", weight=Decimal("1.25"), drop_lowest=1
    )
    Assignment.objects.update(weight=Decimal("0.5"), late_percent=Decimal("7.5"), group=group)
    Item.objects.update(points=Decimal("1234.5"))
    ids = {
        "course_rules": [classroom.course.pk], "assignment_edit": [classroom.assignment.pk],
        "items_edit": [classroom.assignment.pk], "group": [classroom.course.pk, group.pk],
    }  # fmt: skip

    def stored() -> list[object]:
        models = (Course, AssignmentGroup, Assignment, Item)
        return [list(model.objects.order_by("pk").values()) for model in models]

    before = stored()
    german = {"accept-language": "de"}
    page = iris.get(at(name, *ids[name]), headers=german).content.decode()
    assert '<html lang="de"' in page
    assert iris.post(at(name, *ids[name]), shown_fields(page), headers=german).status_code == 302
    assert stored() == before


def test_an_edit_keeps_what_the_form_does_not_say(classroom: Classroom, iris: Client) -> None:
    before = courses.plan_of(Assignment.objects.get())
    address, data = edit(classroom, title="Renamed")
    assert iris.post(address, data).status_code == 302
    assert courses.plan_of(Assignment.objects.get()) == replace(before, title="Renamed")


def test_an_extension_is_given_and_taken_back_by_page(classroom: Classroom, iris: Client) -> None:
    address = at("allowances", classroom.assignment.pk)
    data = {"kind": "extension", "student": "ADA@example.org", "reason": "<b>Ill</b>"}
    answer = iris.post(address, data | {"due_at": "2027-03-09T23:59"}, follow=True)
    assert "“&lt;b&gt;Ill&lt;/b&gt;”" in answer.content.decode()
    given = classroom.assignment.allowances.get()
    undo = at("allowance_undo", classroom.assignment.pk, given.pk)
    assert "The extension is taken back." in text(iris.post(undo, follow=True))
    assert "This was taken back already." in text(iris.post(undo, follow=True))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "student"),
        ({"student": "nobody"}, "student"),
        ({"student": "tess"}, "student"),  # no student
        ({"student": "a\x00"}, "student"),
        ({"student": "ada", "due_at": ""}, "due_at"),
        ({"student": "ada", "due_at": "soon"}, "due_at"),
        ({"student": "ada", "reason": " "}, "reason"),
        ({"student": "ada", "reason": "x" * 2001}, "reason"),
        ({"student": "ada", "kind": "undo"}, "kind"),
        ({"student": "ada", "section": "1' OR 1=1"}, "section"),
        ({"student": "ada", "kind": "excuse", "item": "999999"}, "item"),
    ],
)
def test_a_form_that_does_not_fit_says_where(
    classroom: Classroom, iris: Client, fields: dict[str, str], field: str
) -> None:
    data = {"kind": "extension", "due_at": "2027-03-09T23:59", "reason": "Ill", **fields}
    answer = iris.post(at("allowances", classroom.assignment.pk), data)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not classroom.assignment.allowances.exists()


def test_a_group_is_made_joined_and_said_in_the_grades(
    classroom: Classroom, iris: Client, ada: Client
) -> None:
    data = {"name": "Sheets <i>", "weight": "2,5", "drop_lowest": "1"}
    page = iris.post(at("groups", classroom.course.pk), data, follow=True)
    assert "Sheets &lt;i&gt;" in page.content.decode()
    group = classroom.course.groups.get()
    address, fields = edit(classroom, group=group.pk)
    assert iris.post(address, fields).status_code == 302
    services.record_verdict(graded(classroom, 10.0).pk, now=NOON)
    told = text(ada.get(at("grades", classroom.course.pk)))
    assert "2.5 100.00 % The mean of First steps, by weight." in told


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 81), ("weight", "-1"), ("weight", "Infinity"),
        ("drop_lowest", "-1"), ("drop_lowest", "21"), ("drop_lowest", "one"),
    ],
)  # fmt: skip
def test_a_hostile_group_is_refused_with_the_field(
    classroom: Classroom, iris: Client, field: str, value: str
) -> None:
    data = {"name": "Sheets", "weight": "1", "drop_lowest": "0", field: value}
    answer = iris.post(at("groups", classroom.course.pk), data)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def items(classroom: Classroom, **fields: str) -> dict[str, str]:
    """What the table of points sends; fields of the first item are changed."""
    data = {}
    for item in (classroom.item, classroom.sheet):
        data[f"i{item.pk}-points"] = str(item.points)
    return data | {f"i{classroom.item.pk}-{name}": value for name, value in fields.items()}


def test_points_and_attempts_are_changed_in_one_table(classroom: Classroom, iris: Client) -> None:
    address = at("items_edit", classroom.assignment.pk)
    data = items(classroom, points="12,5", max_attempts="5", cooldown="10")
    assert iris.post(address, data).status_code == 302
    classroom.item.refresh_from_db()
    assert classroom.item.points == Decimal("12.5")
    assert (classroom.item.max_attempts, classroom.item.cooldown_seconds) == (5, 600)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", "0"), ("points", "-1"), ("points", "1e9"), ("points", "NaN"), ("points", ""),
        ("max_attempts", "0"), ("max_attempts", "1001"), ("cooldown", "-5"),
        ("cooldown", "9" * 30),
    ],
)  # fmt: skip
def test_hostile_points_are_refused_with_the_field(
    classroom: Classroom, iris: Client, field: str, value: str
) -> None:
    answer = iris.post(
        at("items_edit", classroom.assignment.pk), items(classroom, **{field: value})
    )
    assert answer.status_code == 422
    assert f'id="id_i{classroom.item.pk}-{field}_error"' in answer.content.decode()


def with_speed(classroom: Classroom) -> None:
    """Let the exercise have a performance check."""
    version = classroom.item.version
    table = {"metric": "count", "thresholds": [[20, 0.5], [10, 1.0]]}
    version.manifest |= {"performance": {"calls": table}}
    version.save()


def test_thresholds_of_an_assignment_go_with_the_job(classroom: Classroom, iris: Client) -> None:
    with_speed(classroom)
    address = at("items_edit", classroom.assignment.pk)
    assert "calls: 20 = 50 %, 10 = 100 %" in text(iris.get(address))
    typed = "calls: 40 = 50 %, 20 = 100 %"
    assert iris.post(address, items(classroom, thresholds=typed)).status_code == 302
    submission = hand_in(classroom, item=Item.objects.get(pk=classroom.item.pk))
    request, _ = request_for(claimed(submission))
    assert request.overrides.thresholds == {"calls": ((40.0, 0.5), (20.0, 1.0))}


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("fast", 422),
        ("other: 40 = 50 %, 20 = 100 %", 409),
        ("calls: 20 = 50 %, 40 = 100 %", 409),
        ("calls: 20 = 50 %", 409),
        ("calls: 20 = 0 %, 10 = 100 %", 409),
    ],
)
def test_thresholds_without_sense_are_refused(
    classroom: Classroom, iris: Client, typed: str, status: int
) -> None:
    with_speed(classroom)
    address = at("items_edit", classroom.assignment.pk)
    assert iris.post(address, items(classroom, thresholds=typed)).status_code == status
    assert Item.objects.get(pk=classroom.item.pk).thresholds == {}


def test_a_course_is_copied_after_a_look_at_its_dates(classroom: Classroom, iris: Client) -> None:
    address = at("course_copy", classroom.course.pk)
    data = {"title": "Next", "term": "Autumn", "weeks": "26"}
    assert "Mon 6 Sep, 12:00" in text(iris.post(address, data))
    assert Course.objects.count() == 1
    assert iris.post(address, data | {"copy": "1"}).status_code == 302
    assert Course.objects.get(title="Next").assignments.get().is_published is False


@pytest.mark.parametrize(
    ("field", "value"),
    [("weeks", "521"), ("weeks", "1.5"), ("weeks", "soon"), ("title", ""), ("title", "x" * 161)],
)
def test_a_hostile_copy_is_refused_with_the_field(
    classroom: Classroom, iris: Client, field: str, value: str
) -> None:
    data = {"title": "Next", "weeks": "26", "copy": "1", field: value}
    answer = iris.post(at("course_copy", classroom.course.pk), data)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Course.objects.count() == 1


def test_staff_see_what_a_student_sees_and_no_button(classroom: Classroom, iris: Client) -> None:
    services.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    data = {"kind": "extension", "student": "ada", "due_at": "2027-03-09T23:59", "reason": "Ill"}
    iris.post(at("allowances", classroom.assignment.pk), data)
    page = iris.get(at("view_as", classroom.course.pk, classroom.ada.pk))
    assert "50.00 % so far" in text(page)
    assert "Due Tue 9 Mar, 23:59" in text(page)
    assert "<form" not in page.content.decode()
    sheet = prepared(classroom)
    address = at("view_item", classroom.course.pk, classroom.ada.pk, classroom.sheet.pk)
    shown = iris.get(address)
    assert "Add 3 and 4 ." in text(shown)  # ada's numbers
    assert "Due Tue 9 Mar, 23:59" in text(shown)  # and her deadline
    assert "<form" not in shown.content.decode()
    bens = at("view_item", classroom.course.pk, classroom.ben.pk, classroom.sheet.pk)
    assert "has not opened this exercise yet" in text(iris.get(bens))
    assert sheet.item.student_items.count() == 1  # looking draws nothing
    Assignment.objects.update(is_published=False)
    assert iris.get(address).status_code == 404  # the student does not see it either
