"""What an entry holds, and who is said to have acted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from gradus.accounts.services import create_token
from gradus.audit.acting import acting, acting_as
from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.audit.services import MOST_BYTES, changes, record
from gradus.catalog.models import Version
from gradus.courses import services as courses
from gradus.courses.roster import services as roster
from gradus.courses.services import CourseRules
from gradus.gradebook.preview import effect_of
from tests.gradus.api.staff import OVERRIDE, api
from tests.people import NOON, Classroom, person

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False), st.datetimes(),
    st.text(max_size=5_000), st.lists(st.text(max_size=50), max_size=100),
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=200), VALUES, max_size=80))
def test_changes_fit_a_row_of_both_databases(values: dict[str, Any]) -> None:
    found = changes({}, values)
    text = json.dumps(found)
    assert len(text) <= MOST_BYTES + 1_000
    assert not re.search(r"(?<!\\)(\\\\)*\\u0000", text)
    json.dumps(found, ensure_ascii=False).encode()


def test_what_stays_is_left_out() -> None:
    found = changes({"a": 1, "b": Decimal("2.0"), "c": None}, {"a": 2, "b": Decimal("2.0"), "d": 3})
    assert found == {"a": [1, 2], "d": [None, 3]}


def test_a_number_written_otherwise_is_no_change() -> None:
    assert changes({"points": Decimal("2.000")}, {"points": Decimal(2)}) == {}
    assert changes({"points": Decimal("20.50")}, {"points": Decimal("1E+2")}) == {
        "points": ["20.5", "100"]
    }


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(Action.COURSE_RULES, course_id=1)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_change_that_fails() -> None:
    iris = person("iris", may_teach=True)
    course = courses.create_course(owner=iris, title="Deep learning")
    before = Entry.objects.count()

    def half() -> None:
        with transaction.atomic():
            courses.change_course(course=course, rules=CourseRules(late_days=3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_preview_of_an_effect_records_nothing(classroom: Classroom) -> None:
    before = Entry.objects.count()
    rules = CourseRules(late_days=3)
    effect_of(
        classroom.course, lambda: courses.change_course(course=classroom.course, rules=rules), NOON
    )
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_change_whose_effect_was_looked_at_says_what_was_there_before(
    classroom: Classroom,
) -> None:
    course = classroom.course
    group = courses.save_group(
        course=course, group=None, name="Labs", weight=Decimal(1), drop_lowest=0
    )
    acts: dict[Action, Callable[[], object]] = {
        Action.COURSE_RULES: lambda: courses.change_course(
            course=course, rules=CourseRules(late_days=3)
        ),
        Action.GROUP_SAVED: lambda: courses.save_group(
            course=course, group=group, name="Labs", weight=Decimal(2), drop_lowest=1
        ),
        Action.ASSIGNMENT_CHANGED: lambda: courses.change_assignment(
            assignment=classroom.assignment,
            plan=replace(courses.plan_of(classroom.assignment), weight=Decimal(3)),
        ),
    }
    for change in acts.values():
        effect_of(course, change, NOON)
        change()
    found = {a: Entry.objects.filter(action=a).latest("pk").changes for a in acts}
    assert found[Action.COURSE_RULES] == {"late_days": [0, 3]}
    assert found[Action.GROUP_SAVED] == {"weight": ["1", "2"], "drop_lowest": [0, 1]}
    assert found[Action.ASSIGNMENT_CHANGED] == {"weight": ["1", "3"]}


@pytest.mark.django_db
def test_a_command_on_the_server_has_no_name() -> None:
    with transaction.atomic():
        assert record(Action.COURSE_RULES, course_id=1).actor is None


@pytest.mark.django_db
def test_whoever_acted_before_does_not_act_any_more() -> None:
    with acting_as(person("iris")):
        assert acting() is not None
    assert acting() is None


@pytest.mark.django_db
def test_a_program_is_named_by_its_token(classroom: Classroom) -> None:
    token, text = create_token(user=classroom.iris.user, name="script")
    where = f"/courses/{classroom.course.pk}/marks/{classroom.ben.pk}/{classroom.item.pk}"
    assert api(None, "put", where, OVERRIDE, token=text).status_code == 200
    entry = Entry.objects.get(action=Action.MARK_SET)
    assert (entry.actor, entry.token) == (classroom.iris.user, token.prefix)
    assert entry.person == classroom.ben.user
    assert entry.changes["points"] == [None, "7.5"]
    assert acting() is None


@pytest.mark.django_db
def test_a_student_who_joins_by_code_is_recorded_once(classroom: Classroom) -> None:
    code = roster.new_join_code(course=classroom.course)
    for _ in range(2):
        roster.join(user=classroom.olga, code=code)
    entry = Entry.objects.get(action=Action.STUDENT_JOINED)
    assert entry.person == classroom.olga


@pytest.mark.django_db
def test_neither_exam_password_nor_join_code_is_in_the_record(classroom: Classroom) -> None:
    code = roster.new_join_code(course=classroom.course)
    courses.change_exam(
        assignment=classroom.assignment, networks=[], holds_feedback=False, password="sesame"
    )
    classroom.assignment.refresh_from_db()
    text = str(list(Entry.objects.values()))
    for secret in (code, "sesame", classroom.assignment.exam_password):
        assert secret not in text


@pytest.mark.django_db
def test_entries_of_a_course_by_person_action_and_time(classroom: Classroom) -> None:
    from gradus.audit.selectors import entries

    courses.excuse(
        assignment=classroom.assignment, target=courses.Target(enrolment=classroom.ben),
        item=None, reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip
    pk = classroom.course.pk
    assert {e.action for e in entries(pk, person="BEN")} == {Action.ROLE_GIVEN, Action.EXCUSE}
    (one,) = entries(pk, action=Action.EXCUSE)
    assert not entries(pk, action=Action.EXCUSE, since=one.at + timedelta(seconds=1))
    assert not entries(pk, action=Action.EXCUSE, before=one.at)
    assert not entries(pk + 1)


@pytest.mark.django_db
def test_an_exercise_that_moves_to_another_version_is_recorded(classroom: Classroom) -> None:
    item = classroom.item
    old = item.version
    fields = {f.attname: getattr(old, f.attname) for f in old._meta.fields if f.name != "id"}
    newest = Version.objects.create(**fields | {"digest": "sha256:" + "0" * 64})
    item.exercise.newest = newest
    item.exercise.save()
    assert courses.pin_newest(item=item)
    entry = Entry.objects.get(action=Action.ITEM_PINNED)
    assert entry.changes["version"] == [old.digest, newest.digest]
