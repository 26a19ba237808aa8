"""Extensions and excuses: who may get one, what holds, and that nothing is ever edited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gradus.accounts.models import Letter
from gradus.courses import selectors, services
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Allowance, Assignment, Enrolment, Section
from gradus.courses.services import Target
from gradus.gradebook import services as gradebook
from gradus.gradebook.grid import State, make_grid
from gradus.gradebook.marks import student_marks
from gradus.gradebook.preview import effect_of
from gradus.submissions.errors import PastDue
from gradus.submissions.models import Submission
from gradus.submissions.redact import RevealPolicy
from gradus.submissions.selectors import own_assignment, reveal_policy
from tests.people import NOON, Classroom, graded, hand_in

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(days=7)
DAY = timedelta(days=1)
AFTER = DUE + 3 * DAY


def extend(classroom: Classroom, to: datetime, **target: Any) -> Allowance:
    return services.extend(
        assignment=classroom.assignment, target=Target(**(target or {"enrolment": classroom.ada})),
        due_at=to, reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def excuse(classroom: Classroom, whole: bool = False, **target: Any) -> Allowance:
    return services.excuse(
        assignment=classroom.assignment, target=Target(**(target or {"enrolment": classroom.ada})),
        item=None if whole else classroom.item, reason="Ill.", actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def take_back(classroom: Classroom, allowance: Allowance) -> None:
    services.take_back(allowance=allowance, actor=classroom.tess.user, now=NOON)


def section_with(classroom: Classroom, *students: Enrolment) -> Section:
    made = Section.objects.create(course=classroom.course, name="A")
    for student in students:
        student.section = made
        student.save()
    return made


def test_an_extension_moves_the_last_second_of_one_student(classroom: Classroom) -> None:
    extend(classroom, DUE + DAY)
    assert hand_in(classroom, now=DUE + DAY).pk
    with pytest.raises(PastDue):
        hand_in(classroom, now=DUE + DAY + timedelta(seconds=1))
    with pytest.raises(PastDue):
        hand_in(classroom, now=DUE + timedelta(seconds=1), enrolment=classroom.ben)


def test_an_extension_of_a_section_is_its_students_and_the_latest_holds(
    classroom: Classroom,
) -> None:
    section = section_with(classroom, classroom.ada)
    extend(classroom, DUE + 2 * DAY, section=section)
    extend(classroom, DUE + DAY)
    assert selectors.extended_to(classroom.ada, classroom.assignment) == DUE + 2 * DAY
    assert selectors.extended_to(classroom.ben, classroom.assignment) is None


def test_all_ways_to_an_assignment_agree_on_the_own_deadline(classroom: Classroom) -> None:
    extend(classroom, DUE + DAY, section=section_with(classroom, classroom.ada))
    for student, due in ((classroom.ada, DUE + DAY), (classroom.ben, DUE)):
        user = student.user
        assert Assignment.objects.visible_to(user, NOON).get().own_due_at == due
        found = selectors.item_for(user, classroom.item.pk, NOON)
        assert found is not None
        assert found[0].assignment.own_due_at == due
        handed_in = hand_in(classroom, enrolment=student)
        listed = Submission.objects.with_standing().get(pk=handed_in.pk)
        for one in (handed_in, listed):
            assert own_assignment(one).own_due_at == due
        marks = student_marks([student], DUE + timedelta(hours=1))[student.pk]
        assert (classroom.assignment.pk in marks.past_due) is (due == DUE)


def test_what_was_taken_back_holds_no_more_and_stays_in_the_list(classroom: Classroom) -> None:
    first, second = extend(classroom, DUE + DAY), extend(classroom, DUE + 2 * DAY)
    take_back(classroom, second)
    assert selectors.extended_to(classroom.ada, classroom.assignment) == DUE + DAY
    take_back(classroom, first)
    assert selectors.extended_to(classroom.ada, classroom.assignment) is None
    assert [one.kind for one in selectors.allowances_of(classroom.assignment)] == [
        "undo", "undo", "extension", "extension",
    ]  # fmt: skip
    with pytest.raises(CourseRefused, match="taken back already"):
        take_back(classroom, first)


def test_the_hidden_checks_stay_hidden_until_the_own_deadline(classroom: Classroom) -> None:
    Assignment.objects.update(reveal="nothing")
    extend(classroom, DUE + DAY)
    policies = [
        reveal_policy(own_assignment(hand_in(classroom, enrolment=student)))
        for student in (classroom.ada, classroom.ben)
    ]
    assert [policy.closes_at for policy in policies] == [DUE + DAY, DUE]
    assert isinstance(policies[0], RevealPolicy)


def test_an_extension_makes_late_work_timely(classroom: Classroom) -> None:
    rules = services.CourseRules(late_days=3, late_percent=10)  # type: ignore[arg-type]
    services.change_course(course=classroom.course, rules=rules)
    classroom.item.assignment.course.refresh_from_db()
    gradebook.record_verdict(graded(classroom, 10.0, now=DUE + 2 * DAY).pk, now=AFTER)
    assert (
        student_marks([classroom.ada], AFTER)[classroom.ada.pk].grades[classroom.item.pk].points
        == 8
    )
    assert effect_of(classroom.course, lambda: extend(classroom, DUE + DAY), AFTER).lower == 0
    extend(classroom, DUE + DAY)
    assert (
        student_marks([classroom.ada], AFTER)[classroom.ada.pk].grades[classroom.item.pk].points
        == 9
    )


def test_an_excused_item_leaves_the_denominator(classroom: Classroom) -> None:
    gradebook.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    before = student_marks([classroom.ada], AFTER)[classroom.ada.pk]
    assert str(before.so_far.percent) == "38.46"  # 5 of 13
    given = excuse(classroom)
    marks = student_marks([classroom.ada], AFTER)[classroom.ada.pk]
    assert str(marks.so_far.percent) == "0.00"  # 0 of 3: the sheet is missing
    excuse(classroom, whole=True)
    marks = student_marks([classroom.ada], AFTER)[classroom.ada.pk]
    assert marks.so_far.percent is None
    assert marks.excused == {classroom.item.pk, classroom.sheet.pk}
    (ada, ben) = make_grid(classroom.course, AFTER).rows
    assert [mark.state for mark in ada.marks] == [State.EXCUSED, State.EXCUSED]
    assert [mark.state for mark in ben.marks] == [State.MISSING, State.MISSING]
    take_back(classroom, given)
    assert student_marks([classroom.ada], AFTER)[classroom.ada.pk].excused  # the other one holds


def test_the_preview_of_an_excuse_lowers_no_mark(classroom: Classroom) -> None:
    gradebook.record_verdict(graded(classroom, 5.0).pk, now=NOON)
    effect = effect_of(classroom.course, lambda: excuse(classroom, whole=True), AFTER)
    assert (len(effect.shifts), effect.lower) == (2, 0)
    assert not Allowance.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: extend(c, DUE), "later than the deadline"),
        (lambda c: extend(c, DUE + DAY, enrolment=c.tess), "Only students"),
        (lambda c: extend(c, DUE + DAY, enrolment=None), "one student or one section"),
        (lambda c: _reasonless(c, "  "), "Say why"),
        (lambda c: _reasonless(c, "x" * 2001), "at most 2,000"),
        (lambda c: _elsewhere(c), "not in this course"),
        (lambda c: _archived(c), "archived"),
    ],
)
def test_refuses_what_has_no_sense(classroom: Classroom, change: Any, message: str) -> None:
    with pytest.raises(CourseRefused, match=message):
        change(classroom)
    assert not Allowance.objects.exists()


def _reasonless(classroom: Classroom, reason: str) -> None:
    services.extend(
        assignment=classroom.assignment, target=Target(enrolment=classroom.ada),
        due_at=DUE + DAY, reason=reason, actor=classroom.iris.user, now=NOON,
    )  # fmt: skip


def _elsewhere(classroom: Classroom) -> None:
    other = services.create_course(owner=classroom.iris.user, title="Vision")
    student = services.enrol(course=other, user=classroom.olga, role="student")
    extend(classroom, DUE + DAY, enrolment=student)


def _archived(classroom: Classroom) -> None:
    classroom.assignment.course.is_archived = True
    extend(classroom, DUE + DAY)


@pytest.mark.parametrize(
    "changes", [{"due_at": None}, {"reason": ""}, {"enrolment": None}, {"kind": "undo"}]
)
def test_the_database_refuses_a_row_without_sense(
    classroom: Classroom, changes: dict[str, object]
) -> None:
    made = extend(classroom, DUE + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allowance.objects.filter(pk=made.pk).update(**changes)


def test_more_extensions_cost_no_more_queries(classroom: Classroom) -> None:
    extend(classroom, DUE + DAY)
    section = section_with(classroom, classroom.ben)
    counts = []
    for days in range(2, 4):
        with CaptureQueriesContext(connection) as seen:
            make_grid(classroom.course, AFTER)
        counts.append(len(seen))
        extend(classroom, DUE + days * DAY)
        extend(classroom, DUE + days * DAY, section=section)
    assert counts[0] == counts[1]


def test_those_whom_it_is_for_are_told_by_mail(classroom: Classroom) -> None:
    extend(classroom, DUE + DAY)
    excuse(classroom, section=section_with(classroom, classroom.ada, classroom.ben))
    told = [(letter.user.username, letter.subject) for letter in Letter.objects.order_by("pk")]
    assert told == [
        ("ada", "More time for First steps"),
        ("ada", "Excused: First steps"),
        ("ben", "Excused: First steps"),
    ]


def test_nobody_is_told_of_what_is_not_published(classroom: Classroom) -> None:
    Assignment.objects.update(is_published=False)
    classroom.assignment.refresh_from_db()
    extend(classroom, DUE + DAY)
    assert not Letter.objects.exists()
