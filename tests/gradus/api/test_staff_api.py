"""What programs do in a course: looked at first, refused where the page would refuse."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gradus.accounts.models import Letter
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.courses.models import Allowance, Assignment, Course, Enrolment, Item
from gradus.gradebook import services as gradebook
from gradus.gradebook.grid import make_grid
from tests.gradus.api.staff import api
from tests.people import NOON, Classroom, graded

pytestmark = pytest.mark.django_db


class Iris:
    """The owner, by token."""

    def __init__(self, classroom: Classroom) -> None:
        self.user = classroom.iris.user
        self.course = f"/courses/{classroom.course.pk}"
        self.assignment = f"/assignments/{classroom.assignment.pk}"
        self.mark = f"{self.course}/marks/{classroom.ada.pk}/{classroom.item.pk}"

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        return api(self.user, method, path, body)

    @property
    def version(self) -> str:
        found: str = self("get", self.assignment).json()["version"]
        return found


@pytest.fixture
def iris(classroom: Classroom) -> Iris:
    return Iris(classroom)


def passed(classroom: Classroom, points: float = 10.0) -> None:
    """Ada has a mark."""
    gradebook.record_verdict(graded(classroom, points).pk, now=NOON)


def new(count: int = 1, **fields: str) -> dict[str, Any]:
    return {"students": [{"email": f"n{k}@example.org", **fields} for k in range(count)]}


def test_a_dry_run_of_a_roster_changes_nothing_and_can_be_confirmed(iris: Iris) -> None:
    before = Enrolment.objects.count()
    plan = iris("post", f"{iris.course}/roster", {**new(2), "dry_run": True}).json()
    assert [step["fate"] for step in plan["steps"]] == ["new", "new"]
    assert Enrolment.objects.count() == before
    done = iris("post", f"{iris.course}/roster", {**new(2), "stamp": plan["stamp"]}).json()
    assert done["applied"]
    assert Enrolment.objects.count() == before + 2


def test_a_roster_writes_to_who_is_new_only_when_asked(iris: Iris) -> None:
    assert iris("post", f"{iris.course}/roster", new(1)).json()["invited"] == 0
    looked = iris("post", f"{iris.course}/roster", {**new(3), "invite": True, "dry_run": True})
    assert looked.json()["invited"] == 0
    assert not Letter.objects.exists()
    assert iris("post", f"{iris.course}/roster", {**new(3), "invite": True}).json()["invited"] == 2
    emails = {letter.user.email for letter in Letter.objects.all()}
    assert emails == {"n1@example.org", "n2@example.org"}


def test_a_roster_that_would_now_do_something_else_is_refused(iris: Iris) -> None:
    plan = iris("post", f"{iris.course}/roster", {**new(2), "dry_run": True}).json()
    iris("post", f"{iris.course}/roster", new(1))
    answer = iris("post", f"{iris.course}/roster", {**new(2), "stamp": plan["stamp"]})
    assert answer.status_code == 409


def test_one_unusable_student_refuses_all_unless_left_out(iris: Iris) -> None:
    body = {"students": [{"email": "good@example.org"}, {"email": "=bad"}]}
    answer = iris("post", f"{iris.course}/roster", body)
    assert answer.status_code == 409
    assert "number 2" in answer.json()["detail"]
    assert not Enrolment.objects.filter(user__email="good@example.org").exists()
    done = iris("post", f"{iris.course}/roster", {**body, "leave_out_errors": True}).json()
    assert [error["line"] for error in done["errors"]] == [2]
    assert Enrolment.objects.filter(user__email="good@example.org").exists()


def test_a_row_that_somebody_changed_is_not_overwritten(iris: Iris, classroom: Classroom) -> None:
    rows = iris("get", f"{iris.course}/roster").json()["items"]
    row = next(one for one in rows if one["username"] == "ben")
    where = f"{iris.course}/roster/{row['id']}"
    seen = {"version": row["version"]}
    assert iris("patch", where, {**seen, "id_number": "1"}).status_code == 200
    assert iris("patch", where, {**seen, "id_number": "2"}).status_code == 409
    assert Enrolment.objects.get(pk=row["id"]).id_number == "1"


def test_a_removed_student_comes_back(iris: Iris, classroom: Classroom) -> None:
    where = f"{iris.course}/roster/{classroom.ben.pk}"
    assert iris("delete", where).json()["is_active"] is False
    assert iris("patch", where, {"is_active": True}).json()["is_active"] is True


def test_staff_are_not_in_reach_of_the_roster(iris: Iris, classroom: Classroom) -> None:
    assert iris("delete", f"{iris.course}/roster/{classroom.tess.pk}").status_code == 404


def test_an_assignment_is_made_read_and_changed(iris: Iris) -> None:
    made = iris(
        "post", f"{iris.course}/assignments",
        {"title": "Second steps", "exercises": ["sum-by-hand", "doubling"], "max_attempts": 3},
    )  # fmt: skip
    assert made.status_code == 201
    body = made.json()
    assert [item["exercise"] for item in body["items"]] == ["sum-by-hand", "doubling"]
    where = f"/assignments/{body['id']}"
    changes = {"weight": "2.5", "due_at": "2027-06-01T12:00:00Z"}
    changed = iris("patch", where, {"version": body["version"], "changes": changes}).json()
    assert "assignment" in changed, changed
    assert Decimal(changed["assignment"]["weight"]) == Decimal("2.5")
    assert changed["assignment"]["title"] == "Second steps"


def test_a_change_to_what_somebody_changed_is_refused(iris: Iris) -> None:
    seen = iris.version
    first = {"version": seen, "changes": {"title": "Mine"}}
    assert iris("patch", iris.assignment, first).status_code == 200
    second = {"version": seen, "changes": {"title": "Yours"}}
    assert iris("patch", iris.assignment, second).status_code == 409
    assert Assignment.objects.get().title == "Mine"


def test_marks_are_lowered_only_on_purpose(iris: Iris, classroom: Classroom) -> None:
    passed(classroom)
    body = {"version": iris.version, "items": {str(classroom.item.pk): {"points": "4"}}}
    where = f"{iris.assignment}/items"
    looked = iris("patch", where, {**body, "dry_run": True}).json()["effect"]
    assert (looked["applied"], looked["lower"]) == (False, 1)
    refused = iris("patch", where, body)
    assert refused.status_code == 409
    assert "allow_lower" in refused.json()["detail"]
    assert iris("patch", where, {**body, "allow_lower": True}).status_code == 200
    classroom.item.refresh_from_db()
    assert classroom.item.points == 4


def test_rules_of_an_item_that_are_not_sent_stay(iris: Iris, classroom: Classroom) -> None:
    classroom.item.is_extra, classroom.item.cooldown_seconds = True, 60
    classroom.item.save()
    body = {"version": iris.version, "items": {str(classroom.item.pk): {"points": "12"}}}
    assert iris("patch", f"{iris.assignment}/items", body).status_code == 200
    kept = Item.objects.get(pk=classroom.item.pk)
    assert (kept.max_attempts, kept.is_extra, kept.cooldown_seconds) == (2, True, 60)
    body = {"version": iris.version, "items": {str(classroom.item.pk): {"max_attempts": None}}}
    assert iris("patch", f"{iris.assignment}/items", body).status_code == 200
    kept = Item.objects.get(pk=classroom.item.pk)
    assert (kept.points, kept.max_attempts) == (Decimal(12), None)


def test_an_item_of_another_assignment_is_refused(iris: Iris, classroom: Classroom) -> None:
    body = {"version": iris.version, "items": {str(10**6): {"points": "4"}}}
    assert iris("patch", f"{iris.assignment}/items", body).status_code == 409


def test_a_mark_by_hand_names_what_was_seen(iris: Iris, classroom: Classroom) -> None:
    passed(classroom)
    seen = iris("get", iris.mark).json()["seen"]
    body = {"points": "3", "reason": "Copied from a neighbour.", "seen": seen}
    answer = iris("put", iris.mark, body).json()
    assert (Decimal(answer["points"]), answer["is_by_hand"]) == (Decimal(3), True)
    assert iris("put", iris.mark, body).status_code == 409
    undone = iris("delete", f"{iris.mark}?seen={answer['seen']}").json()
    assert (Decimal(undone["points"]), undone["is_by_hand"]) == (Decimal(10), False)
    assert [event["source"] for event in undone["events"]] == ["undo", "override", "verdict"]


@pytest.mark.parametrize("points", ["11", "-1", "NaN", "1e400", "0.12345"])
def test_a_mark_out_of_range_is_refused(iris: Iris, points: str) -> None:
    body = {"points": points, "reason": "Why not.", "seen": 0}
    assert iris("put", iris.mark, body).status_code in (409, 422)


def test_the_marks_are_those_of_the_gradebook(iris: Iris, classroom: Classroom) -> None:
    passed(classroom, 5.0)
    found = iris("get", f"{iris.course}/marks").json()
    row = next(one for one in found["items"] if one["username"] == "ada")
    mark = next(one for one in row["marks"] if one["item"] == classroom.item.pk)
    assert (Decimal(mark["points"]), mark["state"]) == (Decimal(5), "graded")
    assert (found["count"], found["pages"]) == (2, 1)
    assert iris("get", f"{iris.course}/marks?page=2").json()["items"] == []


def test_an_extension_is_given_and_taken_back(iris: Iris, classroom: Classroom) -> None:
    body = {
        "kind": "extension", "enrolment": classroom.ben.pk, "reason": "Ill.",
        "due_at": (NOON + timedelta(days=20)).isoformat(),
    }  # fmt: skip
    where = f"{iris.assignment}/extensions"
    assert iris("post", where, {**body, "dry_run": True}).json()["applied"] is False
    assert not Allowance.objects.exists()
    assert iris("post", where, body).json()["applied"] is True
    (row,) = iris("get", where).json()["items"]
    assert iris("post", f"{where}/{row['id']}/undo", {}).status_code == 200
    assert iris("post", f"{where}/{row['id']}/undo", {}).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": None}, {"enrolment": None}, {"section": 1}, {"section": 1, "enrolment": None},
        {"item": 1}, {"kind": "excuse"}, {"due_at": "1999-01-01T00:00:00Z"},
        {"due_at": "2027-05-01"},
    ],
)  # fmt: skip
def test_an_extension_that_is_none_is_refused(
    iris: Iris, classroom: Classroom, change: dict[str, Any]
) -> None:
    body = {
        "kind": "extension", "enrolment": classroom.ben.pk, "reason": "Ill.",
        "due_at": (NOON + timedelta(days=20)).isoformat(), **change,
    }  # fmt: skip
    answer = iris("post", f"{iris.assignment}/extensions", body)
    assert answer.status_code in (409, 422)
    assert not Allowance.objects.exists()


@pytest.mark.parametrize("form", ["plain", "canvas", "moodle", "moodle-xml", "brightspace"])
def test_an_export_is_the_file_of_the_page(iris: Iris, classroom: Classroom, form: str) -> None:
    passed(classroom)
    client = Client()
    client.force_login(classroom.iris.user)
    page = client.get(reverse("web:export_file", args=[classroom.course.pk]), {"form": form})
    mine = iris("get", f"{iris.course}/exports/{form}")
    assert mine.content == page.content
    assert mine["Content-Type"] == page["Content-Type"]
    assert Entry.objects.filter(action=Action.MARKS_TAKEN).count() == 2


def test_submissions_are_listed_by_item_and_student(iris: Iris, classroom: Classroom) -> None:
    graded(classroom)
    graded(classroom, enrolment=classroom.ben)
    everything = iris("get", f"{iris.course}/submissions").json()
    assert everything["count"] == 2
    one = iris("get", f"{iris.course}/submissions?enrolment={classroom.ben.pk}").json()
    assert [row["username"] for row in one["items"]] == ["ben"]
    detail = iris("get", f"/submissions/{one['items'][0]['id']}").json()
    assert detail["parts"]["solution.py"]


def test_a_page_of_submissions_is_small_and_leaves_files_unread(
    iris: Iris, classroom: Classroom
) -> None:
    graded(classroom)
    with CaptureQueriesContext(connection) as seen:
        assert iris("get", f"{iris.course}/submissions").json()["items"][0]["verdict"]
    assert not any('"parts"' in query["sql"] for query in seen)
    assert iris("get", f"{iris.course}/submissions?size=51").status_code == 422


def test_marks_are_computed_for_one_page(
    iris: Iris, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noted(course: Course, now: Any, chosen: Any) -> Any:
        asked.append([one.user.username for one in chosen])
        return make_grid(course, now, chosen)

    monkeypatch.setattr("gradus.api.marks.make_grid", noted)
    found = iris("get", f"{iris.course}/marks?page=2&size=1").json()
    assert asked == [["ben"]]
    assert ([row["username"] for row in found["items"]], found["count"]) == (["ben"], 2)


def test_an_export_may_have_the_checks_of_an_assignment(iris: Iris, classroom: Classroom) -> None:
    passed(classroom)
    where = f"{iris.course}/exports/xlsx?checks={classroom.assignment.pk}"
    with zipfile.ZipFile(io.BytesIO(iris("get", where).content)) as book:
        assert b"Checks" in book.read("xl/workbook.xml")


def test_an_archived_course_is_read_and_not_changed(iris: Iris, classroom: Classroom) -> None:
    version = iris.version
    Course.objects.update(is_archived=True)
    assert iris("get", f"{iris.course}/roster").status_code == 200
    assert iris("post", f"{iris.course}/roster", new()).status_code == 403
    body = {"version": version, "changes": {"title": "Late"}}
    assert iris("patch", iris.assignment, body).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"title": "x", "exercises": ["no-such"]},
        {"title": "x", "exercises": ["doubling", "doubling"]},
        {"title": "x", "exercises": []},
        {"title": " ", "exercises": ["doubling"]},
        {"title": "x\0", "exercises": ["doubling"]},
        {"title": "x", "exercises": ["doubling"], "group": 10**30},
        {"title": "x", "exercises": ["doubling"], "weight": "NaN"},
        {"title": "x", "exercises": ["doubling"], "due_at": "0001-01-01T00:00:00Z"},
        {"title": "x", "exercises": ["doubling"], "due_at": "2027-01-01T00:00:00"},
        {"title": "x", "exercises": ["doubling"], "owner": "iris"},
        {"title": "x" * 161, "exercises": ["doubling"]},
        {
            "title": "x", "exercises": ["doubling"], "opens_at": "2027-02-01T00:00:00Z",
            "due_at": "2027-01-01T00:00:00Z",
        },
    ],
)  # fmt: skip
def test_an_assignment_that_is_none_is_refused_in_words(iris: Iris, body: dict[str, Any]) -> None:
    answer = iris("post", f"{iris.course}/assignments", body)
    assert answer.status_code in (409, 422)
    assert answer.json()["detail"]
    assert Assignment.objects.count() == 1


def test_the_record_names_what_programs_did(iris: Iris, classroom: Classroom) -> None:
    iris("post", f"{iris.course}/roster", new())
    (entry,) = iris("get", f"{iris.course}/record?action=roster.applied").json()["items"]
    assert entry["actor"] == "iris"
    assert entry["token"].startswith("gradus_")
    assert entry["changes"]["count new"] == [None, 1]
