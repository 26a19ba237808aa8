"""A site of the size that every page is timed with. Only ever in an empty database."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.db import transaction
from django.utils import timezone

from gradus.accounts.models import User
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Course, Role
from gradus.ops.term import course, people, samples, stories
from gradus.ops.term.course import Sheet, Term
from gradus.submissions.models import Submission

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Size:
    """One course with many students and items, and many small ones."""

    courses: int = 200
    students: int = 5_000
    submissions: int = 200_000  # about
    largest_students: int = 1_000
    largest_items: int = 100
    teachers: int = 40


def make(size: Size, now: datetime, tell: Callable[[str], None]) -> None:
    """Make all of it, course by course. The largest course is the first."""
    rng = random.Random(1)  # noqa: S311 the same site every time
    with transaction.atomic():
        everybody = people.make(size.students + size.teachers, rng)
    teachers, students = everybody[: size.teachers], everybody[size.teachers :]
    User.objects.filter(pk__in=[user.pk for user in teachers]).update(may_teach=True)
    exercises = list(usable_exercises().exclude(newest__has_gpu_part=True))
    for number in range(size.courses):
        with transaction.atomic():
            made = _make_one(size, number, teachers, students, exercises, now, rng)
        there = Submission.objects.count()
        tell(f"{number + 1} of {size.courses} courses, {there:,} submissions: {made}")


def _make_one(
    size: Size,
    number: int,
    teachers: list[User],
    students: list[User],
    exercises: list[Exercise],
    now: datetime,
    rng: random.Random,
) -> Course:
    largest = number == 0
    here = students[: size.largest_students] if largest else _class(size, students, rng)
    per_sheet, sheets = (10, size.largest_items // 10) if largest else (3, 4)
    term = Term(
        title=f"Course {number + 1}",
        term="Large site",
        sheets=_sheets(exercises, number, sheets, per_sheet, now),
        staff={
            teachers[number % len(teachers)]: Role.OWNER,
            teachers[(number + 1) % len(teachers)]: Role.ASSISTANT,
        },
        students=here,
        samples=samples.read(),
        now=now,
        rng=rng,
        most_tries=1 if largest else 4,
    )
    made = course.make(term, lambda line: None)
    stories.tell(made, rng, now)
    return made


def _class(size: Size, students: list[User], rng: random.Random) -> list[User]:
    """As many as the small courses need to reach the number of submissions."""
    left = size.submissions - 0.73 * size.largest_students * size.largest_items  # measured
    per_student = 10.1  # of twelve items; measured
    wanted = max(2, int(left / max(1, size.courses - 1) / per_student))
    return rng.sample(students, min(len(students), wanted))


def _sheets(
    exercises: list[Exercise], number: int, sheets: int, per_sheet: int, now: datetime
) -> list[Sheet]:
    """Due week after week, the last of them in the week to come."""
    monday = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) + timedelta(days=4)
    endless = cycle(exercises)
    start = islice(endless, (number * 7) % len(exercises), None)
    per_sheet = min(per_sheet, len(exercises))  # each once in a sheet
    return [
        Sheet(
            f"Sheet {k + 1}",
            tuple(islice(start, per_sheet)),
            monday - (sheets - k) * _WEEK,
            monday - (sheets - k - 1) * _WEEK,
        )
        for k in range(sheets)
    ]
