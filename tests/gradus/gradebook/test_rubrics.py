"""Marks by people: beside the automatic points, told by a release, never edited."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gradus.accounts.models import Letter
from gradus.audit.models import Entry
from gradus.courses import services as courses
from gradus.courses.errors import CourseRefused
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role
from gradus.gradebook import services
from gradus.gradebook.errors import GradeRefused
from gradus.gradebook.grades import Grade
from gradus.gradebook.grid import State, make_grid
from gradus.gradebook.history import history_of
from gradus.gradebook.marks import student_marks
from gradus.gradebook.models import GradeEvent, HumanMark, Rubric
from gradus.gradebook.overrides import override, undo
from gradus.gradebook.rubrics import criteria, selectors
from gradus.gradebook.rubrics.copying import copy_course
from gradus.gradebook.rubrics.errors import MarkedMeanwhile, RubricRefused
from gradus.gradebook.rubrics.services import Choice, mark, release, set_rubric
from gradus.submissions.models import Submission
from gradus.submissions.selectors import item_points
from tests.people import NOON, Classroom, graded, person

pytestmark = pytest.mark.django_db

TEXT = "Derivation\n0: missing\n1: some\n3: complete\nStyle\n0: bad\n1: fine"  # 4 points


def plain(*values: Any) -> tuple[Any, ...]:
    """For comparing decimals with whole numbers."""
    return values


def fresh(classroom: Classroom) -> Item:
    found = Item.objects.select_related("assignment__course", "version", "exercise")
    return found.get(pk=classroom.item.pk)


def ask(classroom: Classroom, text: str = TEXT, seen: int = 0) -> Rubric:
    return set_rubric(
        item=fresh(classroom), text=text, is_anonymous=True, actor=classroom.iris.user,
        seen=seen, now=NOON,
    )  # fmt: skip


def hand_in(
    classroom: Classroom, points: float = 10.0, *, who: Enrolment | None = None,
    now: datetime = NOON,
) -> Submission:  # fmt: skip
    whose, item = who or classroom.ada, fresh(classroom)
    verdict = graded(classroom, points, enrolment=whose, item=item, now=now)
    services.record_verdict(verdict.pk, now=now)
    return verdict.submission


def give(
    classroom: Classroom, submission: Submission, levels: list[int], *, seen: int = 0,
    comment: str = "", by: Enrolment | None = None,
) -> HumanMark:  # fmt: skip
    rubric = selectors.newest_rubric(fresh(classroom))
    assert rubric is not None
    return mark(
        rubric=rubric, student=submission.enrolment, submission=submission,
        choice=Choice(levels, comment, seen), actor=(by or classroom.tess).user, now=NOON,
    )  # fmt: skip


def tell(classroom: Classroom) -> int:
    return release(item=fresh(classroom), actor=classroom.iris.user, now=NOON)


def grade(classroom: Classroom, who: Enrolment | None = None, now: datetime = NOON) -> Grade:
    student = who or classroom.ada
    return student_marks([student], now)[student.pk].grades[classroom.item.pk]


def so_far(classroom: Classroom, now: datetime = NOON) -> Decimal | None:
    return student_marks([classroom.ada], now)[classroom.ada.pk].so_far.percent


def test_its_points_are_added_to_those_of_the_exercise(classroom: Classroom) -> None:
    before = hand_in(classroom, 5.0)
    ask(classroom)
    item = fresh(classroom)
    assert plain(item.points, item.automatic_points, item.human_points) == (14, 10, 4)
    assert item_points(before.verdicts.get().body, item) == 5
    assert grade(classroom).points == 5


def test_until_students_are_told_the_mark_is_provisional_and_the_part_counts_nowhere(
    classroom: Classroom,
) -> None:
    submission = hand_in(classroom, 5.0)
    assert so_far(classroom) == 50
    ask(classroom)
    give(classroom, submission, [2, 1])
    own = grade(classroom)
    assert plain(own.points, own.human, own.awaits_human, own.is_provisional) == (
        5,
        None,
        True,
        True,
    )
    assert so_far(classroom) == 50
    assert GradeEvent.objects.filter(source="rubric").count() == 0
    assert history_of(classroom.ada, fresh(classroom), NOON).events[0].source == "verdict"


def test_the_release_adds_what_people_gave(classroom: Classroom) -> None:
    submission = hand_in(classroom, 5.0)
    ask(classroom)
    given = give(classroom, submission, [1, 1], comment="Say why.")
    assert tell(classroom) == 1
    own = grade(classroom)
    assert plain(own.points, own.human, own.awaits_human, own.is_provisional) == (
        7,
        2,
        False,
        False,
    )
    assert so_far(classroom) == Decimal(50)
    event = GradeEvent.objects.get(source="rubric")
    assert plain(event.points, event.max_points, event.actor, event.human_mark) == (
        2, 4, classroom.tess.user, given,
    )  # fmt: skip
    part = selectors.human_part(classroom.ada, fresh(classroom))
    assert part is not None
    assert part.mark.comment == "Say why."
    assert [(one.title, one.level.title) for one in part.given] == [
        ("Derivation", "some"), ("Style", "fine"),
    ]  # fmt: skip
    assert Letter.objects.get(user=classroom.ada.user).subject.endswith("is there")


def test_who_is_not_marked_at_the_release_stays_provisional(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom), [2, 1])
    other = hand_in(classroom, 10.0, who=classroom.ben)
    tell(classroom)
    ben = grade(classroom, classroom.ben)
    assert plain(ben.points, ben.awaits_human) == (10, True)
    assert student_marks([classroom.ben], NOON)[classroom.ben.pk].so_far.percent == 100
    give(classroom, other, [0, 0])  # counts at once, and is told
    assert plain(grade(classroom, classroom.ben).points, so_far(classroom)) == (10, 100)
    assert Letter.objects.filter(user=classroom.ben.user).count() == 1


def test_a_change_after_the_release_is_an_event_recorded_and_mailed(classroom: Classroom) -> None:
    ask(classroom)
    submission = hand_in(classroom)
    first = give(classroom, submission, [2, 1])
    tell(classroom)
    second = give(classroom, submission, [0, 1], seen=first.pk, by=classroom.iris)
    assert plain(second.replaces, grade(classroom).human) == (first, 1)
    events = GradeEvent.objects.filter(source="rubric").order_by("pk")
    assert [plain(event.old_points, event.points) for event in events] == [(None, 4), (4, 1)]
    assert Letter.objects.filter(user=classroom.ada.user, subject__endswith="changed").count() == 1
    entry = Entry.objects.get(action="mark.set")
    assert (entry.actor, entry.person) == (classroom.iris.user, classroom.ada.user)
    assert [Decimal(points) for points in entry.changes["points"]] == [4, 1]


def test_rubrics_and_releases_are_recorded(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom), [2, 1])
    tell(classroom)
    rubric, told = Entry.objects.filter(action__startswith="rubric.").order_by("pk")
    assert (rubric.action, told.action) == ("rubric.set", "rubric.released")
    assert {rubric.actor, told.actor} == {classroom.iris.user}
    assert "0: missing" in rubric.changes["rubric"][1]
    assert told.changes == {"marks": [None, 1]}


def test_a_change_before_the_release_tells_nobody(classroom: Classroom) -> None:
    ask(classroom)
    submission = hand_in(classroom)
    first = give(classroom, submission, [2, 1])
    give(classroom, submission, [0, 0], seen=first.pk)
    assert not Letter.objects.exists()
    tell(classroom)
    assert grade(classroom).human == 0


def test_who_saw_an_older_mark_does_not_overwrite_the_newer(classroom: Classroom) -> None:
    ask(classroom)
    submission = hand_in(classroom)
    give(classroom, submission, [2, 1])
    with pytest.raises(MarkedMeanwhile):
        give(classroom, submission, [0, 0], by=classroom.iris)
    assert HumanMark.objects.count() == 1


def test_the_database_refuses_two_beginnings_and_two_successors(classroom: Classroom) -> None:
    rubric = ask(classroom)
    submission = hand_in(classroom)
    first = give(classroom, submission, [2, 1])
    give(classroom, submission, [1, 1], seen=first.pk)
    for replaces in (None, first):
        with pytest.raises(IntegrityError), transaction.atomic():
            HumanMark.objects.create(
                rubric=rubric, item_id=rubric.item_id, enrolment=classroom.ada,
                submission=submission, levels=[0, 0], points=0, marker=classroom.tess.user,
                replaces=replaces, created_at=NOON,
            )  # fmt: skip


def test_the_database_refuses_to_edit_what_people_gave(classroom: Classroom) -> None:
    ask(classroom)
    given = give(classroom, hand_in(classroom), [2, 1])
    with pytest.raises(DatabaseError), transaction.atomic():
        HumanMark.objects.filter(pk=given.pk).update(points=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rubric.objects.all().update(points=0)


def test_late_work_loses_the_same_share_of_what_people_gave(classroom: Classroom) -> None:
    Course.objects.update(late_days=5, late_percent=Decimal(10))
    ask(classroom)
    late = NOON + timedelta(days=8, hours=-1)  # one day begun after the deadline
    give(classroom, hand_in(classroom, 10.0, now=late), [2, 1])
    tell(classroom)
    own = grade(classroom, now=late)
    assert plain(own.points, own.human, own.before) == (Decimal("12.6"), Decimal("3.6"), 14)


def test_a_late_day_covers_it_too(classroom: Classroom) -> None:
    Course.objects.update(late_days=5, late_percent=Decimal(10), late_day_bank=1)
    ask(classroom)
    late = NOON + timedelta(days=8, hours=-1)
    give(classroom, hand_in(classroom, 10.0, now=late), [2, 1])
    tell(classroom)
    assert grade(classroom, now=late).points == 14


def test_a_submission_after_it_was_read_keeps_what_people_gave(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom, 5.0), [2, 1])
    tell(classroom)
    hand_in(classroom, 10.0, now=NOON + timedelta(hours=1))
    assert grade(classroom).points == 14
    rubric = selectors.newest_rubric(fresh(classroom))
    assert rubric is not None
    (paper,) = selectors.papers(fresh(classroom), rubric)
    assert paper.is_stale


def test_a_mark_given_after_a_worse_submission_is_up_to_date(classroom: Classroom) -> None:
    """What is read is what counts, and that is the better one."""
    rubric = ask(classroom)
    better = hand_in(classroom, 10.0)
    first = give(classroom, better, [2, 1])
    hand_in(classroom, 5.0, now=NOON + timedelta(hours=1))
    (paper,) = selectors.papers(fresh(classroom), rubric)
    assert paper.is_stale
    mark(
        rubric=rubric, student=classroom.ada, submission=better,
        choice=Choice([2, 1], "", first.pk), actor=classroom.tess.user,
        now=NOON + timedelta(hours=2),
    )  # fmt: skip
    (paper,) = selectors.papers(fresh(classroom), rubric)
    assert not paper.is_stale


def test_a_whole_class_is_told_in_a_fixed_number_of_queries(classroom: Classroom) -> None:
    def queries(item: Item) -> int:
        with CaptureQueriesContext(connection) as seen:
            release(item=item, actor=classroom.iris.user, now=NOON)
        return len(seen)

    def students(count: int) -> list[Enrolment]:
        return [
            courses.enrol(course=classroom.course, user=person(f"s{uuid4()}"), role=Role.STUDENT)
            for _ in range(count)
        ]

    ask(classroom)
    for who in students(2):
        give(classroom, hand_in(classroom, who=who), [2, 1])
    with transaction.atomic():
        few = queries(fresh(classroom))
        transaction.set_rollback(True)
    for who in students(4):
        give(classroom, hand_in(classroom, who=who), [2, 1])
    assert queries(fresh(classroom)) == few


def test_who_left_the_course_gets_no_mail(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom), [2, 1])
    give(classroom, hand_in(classroom, who=classroom.ben), [2, 1])
    Enrolment.objects.filter(pk=classroom.ben.pk).update(is_active=False)
    tell(classroom)
    assert [letter.user for letter in Letter.objects.all()] == [classroom.ada.user]


@pytest.mark.parametrize("counting", ["best", "latest", "average"])
def test_it_is_added_once_whichever_submissions_count(classroom: Classroom, counting: str) -> None:
    Assignment.objects.update(counting=counting)
    ask(classroom)
    hand_in(classroom, 10.0)
    give(classroom, hand_in(classroom, 5.0, now=NOON + timedelta(hours=1)), [2, 1])
    tell(classroom)
    expected = {"best": 14, "latest": 9, "average": Decimal("11.5")}
    assert grade(classroom).points == expected[counting]


def test_a_mark_set_by_hand_wins_and_its_undo_brings_both_parts_back(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom, 5.0), [2, 1])
    tell(classroom)
    item, iris = fresh(classroom), classroom.iris.user
    seen = history_of(classroom.ada, item, NOON).seen
    done = override(
        student=classroom.ada, item=item, points=Decimal(14), reason="why", actor=iris,
        seen=seen, now=NOON,
    )  # fmt: skip
    assert grade(classroom).points == 14
    undone = undo(student=classroom.ada, item=item, actor=iris, seen=done.pk, now=NOON)
    assert plain(grade(classroom).points, undone.points) == (9, 9)


def test_a_new_rubric_of_other_points_keeps_the_share_until_it_is_marked_again(
    classroom: Classroom,
) -> None:
    ask(classroom)
    submission = hand_in(classroom)
    first = give(classroom, submission, [1, 1])  # 2 of 4
    tell(classroom)
    ask(classroom, "Derivation\n0: no\n6: yes", seen=1)
    assert plain(fresh(classroom).points, grade(classroom).human) == (16, 3)
    give(classroom, submission, [1], seen=first.pk)
    assert grade(classroom).points == 16


def test_an_empty_rubric_ends_the_part(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom, 5.0), [2, 1])
    tell(classroom)
    ask(classroom, "", seen=1)
    own = grade(classroom)
    assert plain(fresh(classroom).points, own.points, own.human, own.awaits_human) == (
        10,
        5,
        None,
        False,
    )
    assert selectors.human_part(classroom.ada, fresh(classroom)) is None


def test_the_grid_shows_the_part_with_the_release(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom, 5.0), [2, 1])
    before = make_grid(classroom.course, NOON).rows[0].marks[0]
    assert plain(before.state, before.points) == (State.PROVISIONAL, 5)
    tell(classroom)
    after = make_grid(classroom.course, NOON).rows[0].marks[0]
    assert plain(after.state, after.points) == (State.GRADED, 9)


def test_who_handed_in_nothing_misses_all_of_it(classroom: Classroom) -> None:
    ask(classroom)
    after = NOON + timedelta(days=8)
    marks = student_marks([classroom.ben], after)[classroom.ben.pk]
    assert plain(marks.so_far.percent, classroom.item.pk in marks.grades) == (0, False)


def test_the_history_keeps_both_parts_apart(classroom: Classroom) -> None:
    ask(classroom)
    give(classroom, hand_in(classroom, 5.0), [2, 1])
    tell(classroom)
    known = history_of(classroom.ada, fresh(classroom), NOON)
    assert known.by_submissions is not None
    assert known.with_people is not None
    assert known.grade == known.with_people
    assert plain(known.by_submissions.points, known.with_people.human) == (5, 4)
    assert [result.grade.points for result in known.results if result.grade] == [5]


def test_an_exercise_cannot_be_worth_less_than_what_people_mark(classroom: Classroom) -> None:
    ask(classroom)
    rules = {classroom.item.pk: courses.ItemRules(points=Decimal(4))}
    with pytest.raises(CourseRefused, match="people mark 4 points"):
        courses.change_items(assignment=classroom.assignment, rules=rules)


def test_refusals_say_why(classroom: Classroom) -> None:
    with pytest.raises(RubricRefused, match="Line 1 is a level"):
        ask(classroom, "0: x")
    ask(classroom)
    with pytest.raises(RubricRefused, match="changed the rubric meanwhile"):
        ask(classroom)
    with pytest.raises(RubricRefused, match="Nothing is marked"):
        tell(classroom)
    submission = hand_in(classroom)
    with pytest.raises(RubricRefused, match="Choose a level"):
        give(classroom, submission, [1])
    with pytest.raises(RubricRefused, match="at most 4,000"):
        give(classroom, submission, [1, 1], comment="x" * 4001)
    with pytest.raises(RubricRefused, match="own work"):
        give(classroom, submission, [1, 1], by=classroom.ada)
    give(classroom, submission, [1, 1])
    tell(classroom)
    with pytest.raises(RubricRefused, match="told already"):
        tell(classroom)
    assert issubclass(RubricRefused, GradeRefused)


def test_another_ones_submission_cannot_be_marked_in_somebodys_name(classroom: Classroom) -> None:
    rubric = ask(classroom)
    submission = hand_in(classroom, who=classroom.ben)
    with pytest.raises(RubricRefused, match="no submission that is marked here"):
        mark(
            rubric=rubric, student=classroom.ada, submission=submission,
            choice=Choice([0, 0], "", 0), actor=classroom.tess.user, now=NOON,
        )  # fmt: skip


def test_codes_are_stable_differ_by_item_and_say_nothing(classroom: Classroom) -> None:
    code = selectors.code_of(classroom.item.pk, classroom.ada.pk)
    assert code == selectors.code_of(classroom.item.pk, classroom.ada.pk)
    assert code != selectors.code_of(classroom.sheet.pk, classroom.ada.pk)
    assert len({selectors.code_of(1, number) for number in range(3000)}) == 3000


def test_papers_are_those_with_a_verdict_in_a_fixed_number_of_queries(
    classroom: Classroom, django_assert_num_queries: object
) -> None:
    rubric = ask(classroom)
    hand_in(classroom)
    for number in range(5):
        student = courses.enrol(
            course=classroom.course, user=person(f"s{number}"), role=Role.STUDENT
        )
        hand_in(classroom, who=student)
    item = fresh(classroom)
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = selectors.papers(item, rubric)
    assert len(found) == 6
    assert [paper.code for paper in found] == sorted(paper.code for paper in found)
    assert all(paper.is_open for paper in found)


def test_a_copied_course_asks_the_same_of_people_and_keeps_no_mark(classroom: Classroom) -> None:
    ask(classroom, "Draft\n0: no\n1: yes")
    ask(classroom, seen=1)
    give(classroom, hand_in(classroom), [2, 1])
    tell(classroom)
    made = copy_course(
        source=classroom.course, owner=classroom.iris.user, now=NOON, title="Next", term="",
        weeks=26, use_newest=False,
    )  # fmt: skip
    item = Item.objects.get(assignment__course=made, exercise=classroom.item.exercise)
    assert plain(item.points, item.automatic_points, item.human_points) == (14, 10, 4)
    rubric = selectors.newest_rubric(item)
    assert rubric is not None
    assert criteria.written(criteria.from_json(rubric.criteria)).startswith(
        "Derivation\n0: missing"
    )
    assert plain(rubric.number, rubric.is_anonymous, rubric.points) == (1, True, 4)
    assert not HumanMark.objects.filter(item=item).exists()
    assert selectors.release_of(item) is None


def test_a_part_that_was_ended_is_not_copied(classroom: Classroom) -> None:
    ask(classroom)
    ask(classroom, "", seen=1)
    made = copy_course(
        source=classroom.course, owner=classroom.iris.user, now=NOON, title="Next", term="",
        weeks=26, use_newest=False,
    )  # fmt: skip
    assert not Rubric.objects.filter(item__assignment__course=made).exists()
