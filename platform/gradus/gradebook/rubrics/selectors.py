"""What pages read about marks by people. A fixed number of queries, however many students."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.crypto import salted_hmac

from gradus.courses.models import Course, Enrolment, Item, Role
from gradus.gradebook.models import GradeEvent, HumanMark, Rubric, RubricRelease
from gradus.gradebook.rubrics import criteria

_RELATED = ("rubric", "marker", "item__assignment", "item__version", "enrolment__user")


@dataclass(frozen=True)
class Paper:
    """One student's work as markers see it."""

    code: str  # who it is, without a name; the same as long as the item is there
    enrolment: Enrolment
    submission_id: int  # the newest one that has a verdict
    graded_at: datetime  # for the first time
    mark: HumanMark | None
    rubric: Rubric

    @cached_property
    def is_stale(self) -> bool:
        """Marked by an earlier version of the rubric, or before a newer submission."""
        mark = self.mark
        return mark is not None and (
            mark.rubric_id != self.rubric.pk or mark.created_at < self.graded_at
        )

    @property
    def is_open(self) -> bool:
        return self.mark is None


@dataclass(frozen=True, slots=True)
class Given:
    """One criterion as a student reads it."""

    title: str
    level: criteria.Level
    most: criteria.Level


@dataclass(frozen=True, slots=True)
class HumanPart:
    """What a student is told of the part that people mark."""

    mark: HumanMark
    given: tuple[Given, ...]


def newest_rubric(item: Item) -> Rubric | None:
    """Also one without criteria, which ended the part."""
    return Rubric.objects.filter(item=item).order_by("-number").first()


def newest_marks(item_id: int, students: Collection[int] | None = None) -> dict[int, HumanMark]:
    """By enrolment. One query."""
    found = HumanMark.objects.filter(item=item_id, replaced_by__isnull=True)
    if students is not None:
        found = found.filter(enrolment__in=students)
    return {one.enrolment_id: one for one in found.select_related(*_RELATED)}


def papers(item: Item, rubric: Rubric) -> list[Paper]:
    """Everything to mark, in the order of the codes, which is no order of names. Three queries."""
    graded = (
        GradeEvent.objects.filter(item=item, verdict__isnull=False).order_by("submission_id")
        .values_list("enrolment_id", "submission_id").annotate(Min("created_at"))
    )  # fmt: skip
    newest = {enrolment_id: (sent, at) for enrolment_id, sent, at in graded}
    students = Enrolment.objects.filter(
        course=item.assignment.course_id, role=Role.STUDENT, is_active=True
    ).select_related("user", "section")
    marks = newest_marks(item.pk)
    found = [
        Paper(code_of(item.pk, one.pk), one, *newest[one.pk], marks.get(one.pk), rubric)
        for one in students
        if one.pk in newest
    ]
    return sorted(found, key=lambda paper: paper.code)


def code_of(item_id: int, enrolment_id: int) -> str:
    """A name for one student's work for one item; nothing can be read from it."""
    made = salted_hmac(
        "gradus.gradebook.rubrics",
        f"{item_id}:{enrolment_id}",
        secret=settings.INSTALLATION_SECRET,
        algorithm="sha256",
    )
    code = base64.b32encode(made.digest()[:5]).decode().lower()
    return f"{code[:4]}-{code[4:]}"


def release_of(item: Item) -> RubricRelease | None:
    return RubricRelease.objects.select_related("actor").filter(item=item).first()


def human_part(student: Enrolment, item: Item) -> HumanPart | None:
    """What this student is told; None before the release."""
    event = (
        GradeEvent.objects.filter(enrolment=student, item=item, source=GradeEvent.Source.RUBRIC)
        .select_related("human_mark__rubric")
        .order_by("-pk")
        .first()
    )
    if event is None or event.human_mark is None or not item.human_points:
        return None
    mark = event.human_mark
    asked = criteria.from_json(mark.rubric.criteria)
    given = tuple(
        Given(one.title, one.levels[chosen], max(one.levels, key=lambda level: level.points))
        for one, chosen in zip(asked, mark.levels, strict=True)
    )
    return HumanPart(mark, given)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the marking of one item is."""

    item: Item
    handed_in: int  # students with a verdict
    marked: int
    is_released: bool

    @property
    def left(self) -> int:
        return self.handed_in - self.marked


def marking_of(course: Course) -> list[Progress]:
    """The items of a course of which people mark a part, in order. Four queries."""
    items = list(
        Item.objects.filter(assignment__course=course, human_points__gt=0)
        .select_related("version", "assignment")
        .order_by("assignment__order", "assignment", "order", "pk")
    )
    students = Q(enrolment__role=Role.STUDENT, enrolment__is_active=True, item__in=items)
    events = GradeEvent.objects.filter(students, verdict__isnull=False)
    marks = HumanMark.objects.filter(students, replaced_by__isnull=True)
    count = Count("enrolment", distinct=True)
    handed_in = dict(events.order_by().values_list("item").annotate(count))
    marked = dict(marks.order_by().values_list("item").annotate(count))
    released = set(RubricRelease.objects.filter(item__in=items).values_list("item_id", flat=True))
    return [
        Progress(one, handed_in.get(one.pk, 0), marked.get(one.pk, 0), one.pk in released)
        for one in items
    ]
