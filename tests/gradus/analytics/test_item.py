"""What statistics of one item say, against numbers counted by hand."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from grader.verdict import CheckResult, CheckStatus, PerformanceResult, sum_up
from gradus.analytics.checks import Failures, failures_of
from gradus.analytics.draws import draws_of
from gradus.analytics.people import People, people_of
from gradus.analytics.tries import Tries, tries_of
from gradus.courses import services as courses
from gradus.courses.models import Enrolment, Item, Role, Section
from gradus.courses.selectors import NO_SECTION
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.services import record_verdict
from gradus.submissions import services
from gradus.submissions.models import StudentItem, Verdict
from tests.people import NOON, Classroom, claimed, hand_in, person

pytestmark = pytest.mark.django_db

PASSED, FAILED, SKIPPED = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.SKIPPED


def graded(
    classroom: Classroom,
    who: Enrolment,
    *checks: tuple[str, CheckStatus, str | None],
    minutes: int = 0,
    speed: float | None = None,
) -> Verdict:
    now = NOON + timedelta(minutes=minutes)
    Item.objects.filter(pk=classroom.item.pk).update(max_attempts=None)
    submission = hand_in(
        classroom, enrolment=who, now=now, item=Item.objects.get(pk=classroom.item.pk)
    )
    results = [
        CheckResult(
            id=name, title=f"Title of {name}", status=status, mistake=mistake,
            points=1.0 if status is PASSED else 0.0, max_points=1.0,
        )
        for name, status, mistake in checks
    ]  # fmt: skip
    data = sum_up("doubling", submission.item.version.digest, checks=results)
    if speed is not None:
        timed = PerformanceResult(
            id="fast", metric="ratio", value=speed, thresholds=((15.0, 0.6), (60.0, 1.0))
        )
        data = dataclasses.replace(data, performance=(timed,))
    verdict = services.store_verdict(claimed(submission, now=now), data, now=now)
    assert verdict is not None
    record_verdict(verdict.pk, now=now)
    return verdict


def everybody(classroom: Classroom, section: str = "") -> People:
    return People(classroom.course, section)


def tries(classroom: Classroom) -> Tries:
    return tries_of(classroom.item, everybody(classroom))


def failures(classroom: Classroom) -> Failures:
    return failures_of(classroom.item, everybody(classroom), tries(classroom))


def test_tries_are_counted_up_to_the_first_with_all_points(classroom: Classroom) -> None:
    for minutes, status in enumerate([FAILED, FAILED, PASSED, FAILED]):
        graded(classroom, classroom.ada, ("a", status, None), minutes=minutes)
    graded(classroom, classroom.ben, ("a", FAILED, None))
    found = tries(classroom)
    assert (found.students, found.count, found.solved()) == (2, 5, {classroom.ada.pk: 3})


def test_time_begins_when_the_page_is_opened(classroom: Classroom) -> None:
    StudentItem.objects.create(
        enrolment=classroom.ada, item=classroom.item, created_at=NOON - timedelta(minutes=20)
    )
    graded(classroom, classroom.ada, ("a", FAILED, None))
    graded(classroom, classroom.ada, ("a", PASSED, None), minutes=10)
    graded(classroom, classroom.ben, ("a", FAILED, None))
    graded(classroom, classroom.ben, ("a", PASSED, None), minutes=5)
    assert sorted(tries(classroom).times()) == [timedelta(minutes=5), timedelta(minutes=30)]


def test_checks_count_students_once_and_say_for_whom_they_ran(classroom: Classroom) -> None:
    graded(classroom, classroom.ada, ("a", FAILED, None), ("b", SKIPPED, None), ("c", PASSED, None))
    graded(classroom, classroom.ada, ("a", FAILED, None), ("b", SKIPPED, None), ("c", PASSED, None),
           minutes=1)  # fmt: skip
    graded(classroom, classroom.ben, ("a", PASSED, None), ("b", FAILED, None), ("c", PASSED, None))
    found = {part.name: part for part in failures(classroom).parts}
    assert list(found) == ["a", "b", "c"]
    assert found["a"].title == "Title of a"
    shares = {name: (part.failed.k, part.failed.n) for name, part in found.items() if part.failed}
    assert shares == {"a": (1, 2), "b": (1, 1), "c": (0, 2)}
    assert [part.name for part in found.values() if part.never_failed] == ["c"]


def test_a_verdict_that_is_no_grade_event_yet_is_not_counted(classroom: Classroom) -> None:
    submission = hand_in(classroom)
    data = sum_up(
        "doubling", submission.item.version.digest,
        checks=[CheckResult(id="a", title="A", status=FAILED, points=0.0, max_points=1.0)],
    )  # fmt: skip
    services.store_verdict(claimed(submission), data, now=NOON)
    assert (tries(classroom).students, failures(classroom).parts) == (0, ())
    graded(classroom, classroom.ben, ("a", PASSED, None))
    found = failures(classroom)
    assert [(p.failed.k, p.failed.n) for p in found.parts if p.failed] == [(0, 1)]
    assert found.unnamed is not None
    assert (found.unnamed.k, found.unnamed.n) == (0, 1)


def test_mistakes_are_ranked_by_students_with_what_shows_them(classroom: Classroom) -> None:
    graded(classroom, classroom.ada, ("a", FAILED, "Sign"), ("b", FAILED, "Sign"))
    graded(classroom, classroom.ada, ("a", FAILED, "Mean"), ("b", FAILED, None), minutes=1)
    graded(classroom, classroom.ben, ("a", PASSED, None), ("b", FAILED, "Sign"))
    found = failures(classroom)
    assert [(m.mistake, m.students.k, m.students.n, m.shown_by) for m in found.mistakes] == [
        ("Sign", 2, 2, ("Title of a", "Title of b")),
        ("Mean", 1, 2, ("Title of a",)),
    ]
    assert found.unnamed is not None
    assert found.unnamed.k == 1


def test_thresholds_are_reached_by_the_best_value_of_each(classroom: Classroom) -> None:
    graded(classroom, classroom.ada, ("fast", PASSED, None), speed=10.0)
    graded(classroom, classroom.ada, ("fast", PASSED, None), speed=70.0, minutes=1)
    graded(classroom, classroom.ben, ("fast", PASSED, None), speed=20.0)
    (line,) = failures(classroom).speed
    assert [(t.value, t.worth, t.reached.k) for t in line.thresholds] == [
        (15.0, 0.6, 2), (60.0, 1.0, 1),
    ]  # fmt: skip
    assert (line.title, line.values.median) == ("Title of fast", 45.0)


def test_what_is_marked_by_people_is_no_try(classroom: Classroom) -> None:
    from gradus.gradebook.rubrics.services import Choice, mark, release, set_rubric

    verdict = graded(classroom, classroom.ada, ("a", PASSED, None))
    item = Item.objects.select_related("assignment", "version").get(pk=classroom.item.pk)
    iris = classroom.iris.user
    rubric = set_rubric(
        item=item, text="Style\n0: bad\n1: fine", is_anonymous=True, actor=iris, seen=0, now=NOON
    )
    mark(
        rubric=rubric, student=classroom.ada, submission=verdict.submission,
        choice=Choice([0], "", 0), actor=iris, now=NOON,
    )  # fmt: skip
    item.refresh_from_db()
    release(item=item, actor=iris, now=NOON)
    assert GradeEvent.objects.filter(source="rubric").exists()
    assert (tries(classroom).count, tries(classroom).solved()) == (1, {classroom.ada.pk: 1})


def test_staff_who_try_it_and_who_left_are_not_counted(classroom: Classroom) -> None:
    graded(classroom, classroom.tess, ("a", FAILED, "Sign"))
    graded(classroom, classroom.ada, ("a", FAILED, "Sign"))
    Enrolment.objects.filter(pk=classroom.ada.pk).update(is_active=False)
    assert tries(classroom).students == 0
    assert failures(classroom).mistakes == ()


def test_a_section_is_counted_alone(classroom: Classroom) -> None:
    section = Section.objects.create(course=classroom.course, name="A")
    Enrolment.objects.filter(pk=classroom.ada.pk).update(section=section)
    graded(classroom, classroom.ada, ("a", FAILED, "Sign"))
    graded(classroom, classroom.ben, ("a", PASSED, None))
    found, choices = people_of(classroom.course, str(section.pk))
    assert choices == [(str(section.pk), "A")]
    assert list(tries_of(classroom.item, found).of) == [classroom.ada.pk]
    without = People(classroom.course, NO_SECTION)
    assert list(tries_of(classroom.item, without).of) == [classroom.ben.pk]


@pytest.mark.parametrize("wanted", ["0", "-1", "x", "1; drop", "9" * 40])
def test_an_unknown_section_means_everybody(classroom: Classroom, wanted: str) -> None:
    Section.objects.create(course=classroom.course, name="A")
    assert people_of(classroom.course, wanted)[0].section == ""


def draw(classroom: Classroom, counts: dict[object, tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Students by drawn value: how many solved it, of how many."""
    tried, solved = set(), set()
    for value, (right, of) in counts.items():
        for number in range(of):
            who = courses.enrol(
                course=classroom.course, user=person(f"s{value}x{number}"), role=Role.STUDENT
            )
            StudentItem.objects.create(
                enrolment=who, item=classroom.sheet, numbers={"n": value, "many": [1, 2]}
            )
            tried.add(who.pk)
            if number < right:
                solved.add(who.pk)
    return tried, solved


def test_a_draw_that_does_worse_is_called_so(classroom: Classroom) -> None:
    tried, solved = draw(classroom, {2: (19, 20), 3: (18, 20), 4: (5, 20)})
    found = draws_of(classroom.sheet, everybody(classroom), tried, solved)
    assert [(one.name, one.values, one.solved.k, one.is_worse) for one in found] == [
        ("n", "2", 19, False), ("n", "3", 18, False), ("n", "4", 5, True),
    ]  # fmt: skip


def test_nothing_is_claimed_of_nine_students(classroom: Classroom) -> None:
    tried, solved = draw(classroom, {2: (20, 20), 3: (0, 9)})
    found = draws_of(classroom.sheet, everybody(classroom), tried, solved)
    assert [(one.values, one.is_worse) for one in found] == [("2", None), ("3", None)]


def test_many_values_are_halved_at_their_median(classroom: Classroom) -> None:
    tried, solved = draw(classroom, {k / 10: (1, 2) for k in range(10)})
    found = draws_of(classroom.sheet, everybody(classroom), tried, solved)
    assert [(one.values, one.solved.k, one.solved.n) for one in found] == [
        ("up to 0.45", 5, 10), ("above 0.45", 5, 10),
    ]  # fmt: skip


def test_equal_draws_are_rarely_called_worse(classroom: Classroom) -> None:
    """With Bonferroni at most 5 % of such items may have a false claim; a fixed sample of 200."""
    import random

    from gradus.analytics.draws import _line

    rng, false = random.Random(7), 0
    for _ in range(200):
        groups = [set(range(40 * k, 40 * k + 40)) for k in range(5)]
        solved = {pk for pk in range(200) if rng.random() < 0.7}
        level = 1 - 0.05 / 5
        lines = [_line("n", "", g, set(range(200)) - g, solved, level) for g in groups]
        false += any(line.is_worse for line in lines)
    assert false <= 12


def test_findings_cost_three_queries_however_many_students(
    classroom: Classroom, django_assert_num_queries: object
) -> None:
    for number in range(4):
        who = courses.enrol(course=classroom.course, user=person(f"s{number}"), role=Role.STUDENT)
        graded(classroom, who, ("a", FAILED, "Sign"), speed=3.0)
    found = tries(classroom)
    with django_assert_num_queries(3):  # type: ignore[operator]
        failures_of(classroom.item, everybody(classroom), found)
    assert Decimal(found.students) == 4
