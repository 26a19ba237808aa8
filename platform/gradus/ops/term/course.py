"""One course with its sheets, its people and their work, as a term would have left it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from gradus.accounts.models import User
from gradus.catalog.models import Exercise
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Item, Role, Section
from gradus.ops.term import rows
from gradus.ops.term.habits import Effort, draw_habits, efforts
from gradus.ops.term.samples import Drawing, Sample, Samples

LATE_DAYS = 3
_LEFT_SHARE = 0.02  # of students, who dropped out and keep their history
_RULES = courses.CourseRules(
    grace_minutes=5, late_days=LATE_DAYS, late_percent=Decimal(10), late_day_bank=4
)
_SECTIONS = (
    "Monday 10:00", "Monday 14:00", "Tuesday 10:00", "Tuesday 16:00", "Wednesday 10:00",
    "Thursday 10:00", "Thursday 14:00", "Friday 12:00",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assignment to be made."""

    title: str
    exercises: tuple[Exercise, ...]
    opens_at: datetime
    due_at: datetime
    intro: str = ""
    weight: Decimal = Decimal(1)
    is_exam: bool = False  # counts by itself, and late work is not taken


@dataclass(frozen=True, slots=True)
class Term:
    """A course to be made, and how."""

    title: str
    term: str
    sheets: Sequence[Sheet]
    staff: Mapping[User, Role]  # with an owner
    students: Sequence[User]
    samples: Samples
    now: datetime
    rng: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 no secret
    most_tries: int = 4


def make(term: Term, tell: Callable[[str], None]) -> Course:
    """Make all of it; `tell` hears how far it is."""
    course = _course(term)
    enrolments = _enrol(term, course)
    items = _assign(term, course)
    for count in rows.store(_work(term, enrolments, items), term.rng):
        tell(f"{course.title}: {count:,} submissions")
    left = term.rng.sample(enrolments, int(len(enrolments) * _LEFT_SHARE))
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in left]).update(is_active=False)
    return course


def _course(term: Term) -> Course:
    owner = next(user for user, role in term.staff.items() if role == Role.OWNER)
    course = courses.create_course(owner=owner, title=term.title, term=term.term)
    courses.change_course(course=course, rules=_RULES)
    for user, role in term.staff.items():
        courses.enrol(course=course, user=user, role=role)
    return course


def _enrol(term: Term, course: Course) -> list[Enrolment]:
    wanted = _SECTIONS[: max(1, min(len(_SECTIONS), len(term.students) // 15))]
    sections = Section.objects.bulk_create(Section(course=course, name=name) for name in wanted)
    numbers = term.rng.sample(range(2_000_000, 9_999_999), len(term.students))
    return Enrolment.objects.bulk_create(
        Enrolment(
            course=course,
            user=user,
            role=Role.STUDENT,
            section=term.rng.choice(sections),
            id_number=str(number),
        )
        for user, number in zip(term.students, numbers, strict=True)
    )


def _assign(term: Term, course: Course) -> list[Item]:
    group = courses.save_group(
        course=course, group=None, name="Weekly sheets", weight=Decimal(3), drop_lowest=1
    )
    for sheet in term.sheets:
        plan = courses.Plan(
            title=sheet.title,
            intro=sheet.intro,
            opens_at=sheet.opens_at,
            due_at=sheet.due_at,
            late_until=sheet.due_at if sheet.is_exam else None,
            solutions_at=sheet.due_at + timedelta(days=LATE_DAYS + 1),
            group=None if sheet.is_exam else group,
            weight=sheet.weight,
        )
        courses.create_assignment(course=course, plan=plan, exercises=sheet.exercises)
    items = Item.objects.filter(assignment__course=course)
    known = items.select_related("exercise", "version", "assignment__course")
    return list(known.order_by("assignment__order", "order"))


def _work(
    term: Term, enrolments: Sequence[Enrolment], items: Sequence[Item]
) -> Iterator[rows.Work]:
    """Of everybody, for all that has opened."""
    opened = [item for item in items if item.assignment.has_opened(term.now)]
    for enrolment in enrolments:
        habits = draw_habits(term.rng)
        for item in opened:
            window = _window(item.assignment)
            drawing, samples = _drawn(term, item)
            tried = efforts(habits, item.exercise.difficulty, samples, window, term.rng)
            until = min(term.now, item.assignment.window.closes_at or term.now)
            made: list[Effort] = [one for one in tried[: term.most_tries] if one.at <= until]
            if made:
                yield rows.Work(enrolment, item, drawing, made, window[0])


def _window(assignment: Assignment) -> tuple[datetime, datetime]:
    if assignment.opens_at is None or assignment.due_at is None:
        raise ValueError(f"{assignment.title} has no window")
    return assignment.opens_at, assignment.due_at


def _drawn(term: Term, item: Item) -> tuple[Drawing | None, list[Sample]]:
    """The numbers of one student, and what may be submitted for them."""
    slug = item.exercise.slug
    drawings = term.samples.drawings.get(slug)
    if not drawings:
        return None, term.samples.of(slug, None)
    number = term.rng.randrange(len(drawings))
    return drawings[number], term.samples.of(slug, number)
