"""A term of ten weeks, half over, with as many students as one likes; and its removal."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gradus.accounts.models import User
from gradus.audit import append_only
from gradus.audit.models import Entry
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Course, Role
from gradus.ops.term import course, people, removal, samples, stories
from gradus.ops.term.course import Sheet, Term
from gradus.ops.term.samples import Samples

TITLE = "Deep learning"
TERM = "Demo term"
MOST_STUDENTS = 5_000
WEEKS, OVER = 10, 5
_STAFF = (
    *[Role.INSTRUCTOR] * 1, *[Role.ASSISTANT] * 6, Role.REVIEWER, Role.OBSERVER,
)  # fmt: skip
_SEED = 2027
_OTHERS = Q(email__endswith=f"@{people.HOST}") | Q(email__endswith="@demo.invalid")


class DemoRefused(Exception):
    """Why the demo cannot be made or removed, in one sentence."""


def others() -> int:
    """How many people of this installation belong to no demo."""
    return User.objects.exclude(_OTHERS).count()


def find() -> Course | None:
    """The demo term, which nobody but the demo's own people can own."""
    return Course.objects.filter(
        title=TITLE, term=TERM, enrolments__role=Role.OWNER,
        enrolments__user__email="iris@demo.invalid",
    ).first()  # fmt: skip


@transaction.atomic
def make(
    *,
    owner: User,
    student: User,
    students: int,
    now: datetime,
    tell: Callable[[str], None],
    stock: Samples | None = None,
) -> Course:
    """Make the term; the one that is there stays. `student` is one of those who study in it.

    Raises: DemoRefused: there is one of another size, or too large a one is asked for.
    """
    if not 1 <= students <= MOST_STUDENTS:
        raise DemoRefused(f"The demo may have 1 to {MOST_STUDENTS:,} students.")
    known = find()
    if known is not None:
        there = known.enrolments.filter(role=Role.STUDENT).count()
        if there != students:
            raise DemoRefused(
                f"The demo term is there already, with {there:,} students. Remove it first:"
                " manage.py demo --remove."
            )
        return known
    rng = random.Random(_SEED)  # noqa: S311 the same demo every time
    tell(f"{TITLE}: {students:,} students")
    made = people.make(students - 1 + len(_STAFF), rng)
    staff = dict(zip(made, _STAFF, strict=False))
    term = Term(
        title=TITLE,
        term=TERM,
        sheets=weekly(now),
        staff={owner: Role.OWNER, **staff},
        students=[student, *made[len(_STAFF) :]],
        samples=stock or samples.read(),
        now=now,
        rng=rng,
    )
    new = course.make(term, tell)
    stories.tell(new, rng, now)
    new.enrolments.filter(user=student).update(is_active=True)
    return new


def remove(tell: Callable[[str], None]) -> int:
    """Take the demo term and its people away; how many rows that were.

    Raises: DemoRefused: there is none, or somebody who belongs to no demo is in it.
    """
    known = find()
    if known is None:
        raise DemoRefused("There is no demo term.")
    strangers = known.enrolments.exclude(user__in=User.objects.filter(_OTHERS)).count()
    if strangers:
        raise DemoRefused(
            f"{strangers} of those in the demo term belong to no demo; their work would be lost."
            " Remove them from its roster by hand, or keep the term."
        )
    elsewhere = people.everybody().filter(
        enrolments__course__in=Course.objects.exclude(pk=known.pk)
    )
    mine = people.everybody().exclude(pk__in=elsewhere)
    chosen: removal.Doomed = {
        Course: {known.pk},
        User: set(mine.values_list("pk", flat=True)),
        Entry: set(Entry.objects.filter(course_id=known.pk).values_list("pk", flat=True)),
    }
    with append_only.lifted():
        return removal.remove(chosen, tell)


def weekly(now: datetime) -> list[Sheet]:
    """A sheet for each unit, due on Sundays; the last one that is over was followed by an exam."""
    units = [
        (unit.title, tuple(of))
        for unit, of in groupby(usable_exercises(), key=lambda exercise: exercise.unit)
    ]
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sunday = midnight + timedelta(days=7 - midnight.weekday(), minutes=-1)  # of this week
    sheets: list[Sheet] = []
    for number, (title, exercises) in enumerate(units, start=1):
        week = min(number, WEEKS)
        due = sunday + timedelta(weeks=week - OVER - 1)
        intro = f"Week {week} of {WEEKS}."
        sheets.append(Sheet(title, exercises, due - timedelta(days=9), due, intro))
        if week == OVER:
            sheets.append(_exam(sheets, due))
    return sheets


def _exam(sheets: list[Sheet], due: datetime) -> Sheet:
    """What is done by hand in the first half, in one evening."""
    by_hand: list[Exercise] = [
        exercise for sheet in sheets for exercise in sheet.exercises if exercise.kind == "by-hand"
    ]
    begins = (due - timedelta(days=3)).replace(hour=17, minute=0)
    exam = Sheet("Midterm by hand", tuple(by_hand[:4]), begins, begins + timedelta(hours=2))
    return replace(exam, intro="Four sheets, two hours.", weight=Decimal(1), is_exam=True)
