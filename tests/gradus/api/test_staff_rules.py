"""Rules of a course, groups, sections and exams by program."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gradus.api.effects import change_carefully
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses.models import Assignment, AssignmentGroup, Course, Section
from tests.gradus.api.staff import api
from tests.people import Classroom

pytestmark = pytest.mark.django_db


def test_rules_that_are_not_sent_stay(classroom: Classroom) -> None:
    iris, where = classroom.iris.user, f"/courses/{classroom.course.pk}/rules"
    Course.objects.update(late_days=2, late_percent=10)
    body: dict[str, Any] = {"changes": {"late_day_bank": 3, "time_zone": "Europe/Helsinki"}}
    looked = api(iris, "patch", where, {**body, "dry_run": True}).json()
    assert looked["rules"]["late_day_bank"] == 0
    done = api(iris, "patch", where, body).json()["rules"]
    assert (done["late_days"], Decimal(done["late_percent"])) == (2, Decimal(10))
    assert (done["late_day_bank"], done["time_zone"]) == (3, "Europe/Helsinki")
    assert api(iris, "get", where).json() == done


@pytest.mark.parametrize(
    "changes",
    [{"time_zone": "Mars/Olympus"}, {"late_days": -1}, {"late_percent": 101}, {"late_days": None}],
)
def test_rules_that_are_none_are_refused(classroom: Classroom, changes: dict[str, Any]) -> None:
    where = f"/courses/{classroom.course.pk}/rules"
    assert api(classroom.iris.user, "patch", where, {"changes": changes}).status_code == 422


def test_what_somebody_else_changed_meanwhile_stays(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of the row and the change of one field."""
    iris, course = classroom.iris.user, classroom.course
    where = f"/courses/{course.pk}/groups"
    (group,) = api(iris, "post", where, {"name": "Sheets"}).json()["groups"]

    def other(*args: Any) -> Any:
        Course.objects.filter(pk=course.pk).update(late_days=7)
        AssignmentGroup.objects.update(drop_lowest=2)
        return change_carefully(*args)

    monkeypatch.setattr("gradus.api.rules.change_carefully", other)
    done = api(iris, "patch", f"/courses/{course.pk}/rules", {"changes": {"grace_minutes": 9}})
    assert done.json()["rules"]["late_days"] == 7
    one = f"{where}/{group['id']}"
    (changed,) = api(iris, "patch", one, {"changes": {"name": "Labs"}}).json()["groups"]
    assert (changed["name"], changed["drop_lowest"]) == ("Labs", 2)


def test_a_group_is_made_changed_and_deleted(classroom: Classroom) -> None:
    iris, where = classroom.iris.user, f"/courses/{classroom.course.pk}/groups"
    assert api(iris, "post", where, {"name": "Sheets", "dry_run": True}).json()["groups"] == []
    (made,) = api(iris, "post", where, {"name": "Sheets", "drop_lowest": 1}).json()["groups"]
    assert api(iris, "post", where, {"name": "sheets"}).status_code == 409
    one = f"{where}/{made['id']}"
    (changed,) = api(iris, "patch", one, {"changes": {"weight": "2"}}).json()["groups"]
    assert (changed["name"], Decimal(changed["weight"]), changed["drop_lowest"]) == (
        "Sheets",
        Decimal(2),
        1,
    )
    assert api(iris, "delete", f"{one}?dry_run=true").json()["effect"]["applied"] is False
    assert AssignmentGroup.objects.count() == 1
    assert api(iris, "delete", one).json()["groups"] == []
    assert api(iris, "delete", one).status_code == 404
    assert Entry.objects.filter(action=Action.GROUP_SAVED).count() == 2


def test_a_section_is_made_renamed_and_deleted(classroom: Classroom) -> None:
    iris, where = classroom.iris.user, f"/courses/{classroom.course.pk}/sections"
    (made,) = api(iris, "post", where, {"name": "A"}).json()
    assert api(iris, "post", where, {"name": "=cmd"}).status_code in (409, 422)
    one = f"{where}/{made['id']}"
    assert api(iris, "patch", one, {"name": "B"}).json()[0]["name"] == "B"
    classroom.ada.section = Section.objects.get()
    classroom.ada.save()
    assert api(iris, "delete", one).status_code == 409
    classroom.ada.section = None
    classroom.ada.save()
    assert api(iris, "delete", one).json() == []


def test_an_exam_is_set_and_its_password_told_to_nobody(classroom: Classroom) -> None:
    iris, where = classroom.iris.user, f"/assignments/{classroom.assignment.pk}/exam"
    body = {"networks": ["10.20.0.0/16"], "password": "sesame", "holds_feedback": True}
    answer = api(iris, "patch", where, body)
    assert answer.json() == {
        "networks": ["10.20.0.0/16"], "has_password": True, "holds_feedback": True,
        "released_at": None,
    }  # fmt: skip
    before = Assignment.objects.get().exam_password
    kept = api(iris, "patch", where, {"networks": []}).json()
    assert (kept["has_password"], kept["holds_feedback"]) == (True, True)
    assert Assignment.objects.get().exam_password == before
    assert api(iris, "patch", where, {"networks": ["home"]}).status_code == 422
    assert api(iris, "patch", where, {"password": ""}).json()["has_password"] is False


def test_results_are_told_and_no_longer_told(classroom: Classroom) -> None:
    iris, where = classroom.iris.user, f"/assignments/{classroom.assignment.pk}/results"
    Assignment.objects.update(holds_feedback=True)
    assert api(iris, "put", where, {"is_released": True}).json()["released_at"]
    assert api(iris, "put", where, {"is_released": False}).json()["released_at"] is None
