"""The marks of students in a course, with everything that decides them. No rule lives elsewhere.

`outlines` and `read` ask the database, in a fixed number of queries; `marks_of` computes one
student's marks from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import NullIf

from gradus.courses.models import Allowance, Assignment, Enrolment, Item
from gradus.gradebook.facts import Column, Outline, Own, Raw, Sheet
from gradus.gradebook.grades import Grade
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.reading import Part, Reading, parts_of
from gradus.gradebook.totals import Total, total_of
from gradus.submissions.models import Submission

_OLD_POINTS = NullIf("max_points", "item__points")
_RAW = ("pk", "submission_id", "points", "is_provisional", "undoes_id", _OLD_POINTS)


@dataclass(frozen=True, slots=True)
class Marks:
    """One student's."""

    grades: Mapping[int, Grade] = field(default_factory=dict)  # by item
    past_due: frozenset[int] = frozenset()  # assignments, by this student's own deadlines
    excused: frozenset[int] = frozenset()  # items that count nowhere
    late_days: Mapping[int, int] = field(default_factory=dict)  # used, by assignment
    so_far: Total = field(default_factory=Total)  # over what is graded or past due
    parts: tuple[Part, ...] = ()  # as the scores of the totals

    @property
    def of_all(self) -> Total:
        """With nothing for what is not graded."""
        if all(one.is_settled for one in self.readings):
            return self.so_far
        return total_of([part.counted(so_far=False) for part in self.parts])

    @property
    def readings(self) -> list[Reading]:
        """By sheet."""
        return [one for part in self.parts for one in part.readings]


def outlines(courses: Collection[int], *, for_students: bool = False) -> dict[int, Outline]:
    """By course; for students without what is not released yet. Two queries."""
    shown = Assignment.objects.filter(course__in=courses, is_published=True)
    if for_students:
        shown = shown.exclude(holds_feedback=True, released_at__isnull=True)
    assignments = list(shown.select_related("course", "group").order_by("order", "pk"))
    known = {assignment.pk: assignment for assignment in assignments}
    columns: dict[int, list[Column]] = defaultdict(list)
    items = Item.objects.filter(assignment__in=known).order_by("order", "pk")
    for pk, of, title, points, is_extra, human, gone_at in items.values_list(
        "pk", "assignment_id", "version__title", "points", "is_extra", "human_points",
        "withdrawn_at",
    ):  # fmt: skip
        gone = gone_at is not None
        columns[of].append(Column(pk, title, points, known[of], of, is_extra, human, gone))
    sheets: dict[int, list[Sheet]] = {course_id: [] for course_id in courses}
    banks = {assignment.course_id: assignment.course.late_day_bank for assignment in assignments}
    for one in assignments:
        own = tuple(columns[one.pk])
        withdrawn = frozenset(column.item_id for column in own if column.is_withdrawn)
        sheet = Sheet(one, own, one.window, one.late_policy, withdrawn)
        sheets[one.course_id].append(sheet)
    return {pk: Outline(tuple(of), banks.get(pk, 0)) for pk, of in sheets.items()}


def read(students: QuerySet[Enrolment]) -> dict[int, Own]:
    """What the marks of these students are computed from. At most four queries."""
    found: dict[int, Own] = defaultdict(Own)
    late = _late(students)
    rows = GradeEvent.objects.filter(enrolment__in=students)
    for enrolment_id, item_id, human_mark_id, *values in rows.values_list(
        "enrolment_id", "item_id", "human_mark_id", *_RAW
    ):
        raw = Raw._make((*values, late.get(values[1]), human_mark_id))
        found[enrolment_id].events.setdefault(item_id, []).append(raw)
    whose = Q(enrolment__in=students) | Q(section__enrolments__in=students)
    allowances = list(Allowance.objects.in_force().filter(whose).distinct())
    if allowances:
        _allow(found, allowances, dict(students.order_by().values_list("pk", "section_id")))
    return found


def _late(students: QuerySet[Enrolment]) -> dict[int, datetime]:
    """When submissions came that are not in time for everybody. Read from an index alone."""
    late = Submission.objects.filter(
        enrolment__in=students,
        mode=Submission.Mode.SUBMIT,
        received_at__gt=F("item__assignment__due_at"),
    )
    return dict(late.order_by().values_list("pk", "received_at"))


def _allow(
    found: dict[int, Own], allowances: Iterable[Allowance], sections: Mapping[int, int | None]
) -> None:
    """Give each student what holds for it or for its section."""
    of_section: dict[int, list[int]] = defaultdict(list)
    for enrolment_id, section_id in sections.items():
        if section_id is not None:
            of_section[section_id].append(enrolment_id)
    for one in allowances:
        whose = [one.enrolment_id] if one.enrolment_id else of_section[one.section_id or 0]
        for enrolment_id in whose:
            if enrolment_id in sections:
                found[enrolment_id].allow(one)


def marks_of(outline: Outline, own: Own, now: datetime) -> Marks:
    """What one student has. Pure."""
    readings = tuple(Reading(sheet, own, now, outline.late_day_bank) for sheet in outline.sheets)
    parts = parts_of(readings)
    so_far = total_of([part.counted(so_far=True) for part in parts], outline.late_day_bank)
    grades: dict[int, Grade] = {}
    for one in readings:
        one.late_days = so_far.days.get(one.id, 0)
        grades |= one.grades
    return Marks(
        grades=grades,
        past_due=frozenset(one.id for one in readings if one.is_past_due),
        excused=frozenset().union(*(one.excused for one in readings)),
        late_days=so_far.days,
        so_far=so_far,
        parts=parts,
    )


def raw_of(event: GradeEvent) -> Raw:
    """The same from a row with its submission."""
    received_at = event.submission.received_at if event.submission else None
    return Raw(
        *(event.pk, event.submission_id, event.points, event.is_provisional, event.undoes_id),
        *(event.max_points, received_at, event.human_mark_id),
    )


def student_marks(
    enrolments: Sequence[Enrolment], now: datetime, *, for_staff: bool = False
) -> dict[int, Marks]:
    """One person's marks, by enrolment; for staff with what students are not told yet.

    At most six queries.
    """
    known = outlines({e.course_id for e in enrolments}, for_students=not for_staff)
    own = read(Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments]))
    return {e.pk: marks_of(known[e.course_id], own[e.pk], now) for e in enrolments}
