"""A student's own grades, each with the way it was computed; and solutions once they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from gradus.catalog.services import reference_solution
from gradus.courses.models import Enrolment
from gradus.gradebook.facts import Column
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import Marks, student_marks
from gradus.gradebook.reading import Part, Reading
from gradus.gradebook.totals import Score, percent
from gradus.submissions.models import Submission
from gradus.web.code import shown_code
from gradus.web.http import SignedInRequest, enrolment_or_404, item_or_404
from gradus.web.numbers import MINUS, counted_points, points
from gradus.web.roster import around

_COUNTING = {
    "best": gettext_lazy("Attempt {number}, the best of {count}."),
    "latest": gettext_lazy("Attempt {number}, the latest of {count}."),
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    item_id: int
    title: str
    mark: str
    full: Decimal
    words: str
    shape: str


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """One assignment on the page of grades."""

    assignment: Any
    points: Decimal
    full: Decimal  # of what counts so far
    percent: Decimal | None
    weight: str
    words: str
    items: list[ShownItem]


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One line of the sum."""

    title: str
    weight: str
    share: Decimal  # percent
    words: str


@login_required
@require_GET
def grades(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    context = {**around(enrolment), **grades_of(enrolment, timezone.now()), "tab": "grades"}
    return render(request, "web/grades.html", context)


@login_required
@require_GET
def solution(request: SignedInRequest, item_id: int) -> HttpResponse:
    """The reference solution; 404 for students until the assignment shows it."""
    item, enrolment = item_or_404(request, item_id)
    if not enrolment.is_staff and not item.assignment.window.shows_solutions(timezone.now()):
        raise Http404
    source = reference_solution(item.version.digest) if item.version.has_code else None
    if source is None:
        raise Http404
    context = {**around(enrolment), "item": item, "code": shown_code(source)}
    return render(request, "web/solution.html", context)


def grades_of(student: Enrolment, now: datetime) -> dict[str, Any]:
    """What the page says of one student's grades. Four queries."""
    marks = student_marks([student], now)[student.pk]
    opened = [one for one in marks.readings if _is_shown(one, now)]
    attempts = _attempts(student)
    bank = student.course.late_day_bank
    used = sum(marks.late_days.values())
    return {
        "student": student,
        "sheets": [_sheet(one, marks, attempts) for one in opened],
        "total": marks.so_far.percent,
        "sum": _sum(marks),
        "bank": bank,
        "late_days_left": bank - used,
        "late_days_used": [
            (one.sheet.assignment.title, marks.late_days[one.id])
            for one in opened
            if marks.late_days.get(one.id)
        ],
    }


def _is_shown(one: Reading, now: datetime) -> bool:
    """Exercises of an exam are named on its own page alone, until it is over."""
    if not one.window.has_opened(now):
        return False
    return not one.sheet.assignment.has_door or one.window.has_closed(now)


def _attempts(student: Enrolment) -> dict[int, tuple[int, int]]:
    """Ordinal of each submission, and how many the student has for the item."""
    found = Submission.objects.graded().filter(enrolment=student, given_back=False)
    rows = list(found.values_list("pk", "item_id", "attempt"))
    counts: dict[int, int] = {}
    for _pk, item_id, _attempt in rows:
        counts[item_id] = counts.get(item_id, 0) + 1
    return {pk: (attempt or 0, counts[item_id]) for pk, item_id, attempt in rows}


def _sheet(one: Reading, marks: Marks, attempts: dict[int, tuple[int, int]]) -> ShownSheet:
    got = sum((grade.points for grade in one.grades.values()), Decimal(0))
    full = one.full(so_far=True)
    return ShownSheet(
        assignment=one.own_assignment,
        points=got,
        full=full,
        percent=percent(Fraction(got) / Fraction(full)) if full else None,
        weight=points(one.sheet.assignment.weight),
        words=_sheet_words(one, marks),
        items=[_item(one, column, attempts) for column in one.sheet.columns],
    )


def _sheet_words(one: Reading, marks: Marks) -> str:
    if not one.sheet.assignment.weight:
        return _("Does not count towards the total.")
    if one.id in marks.so_far.dropped:
        return _("Dropped: without it the total is higher.")
    days = marks.late_days.get(one.id, 0)
    told = ngettext("{count} late day used here.", "{count} late days used here.", days)
    used = told.format(count=days) if days else ""
    return f"{_('The deadline is extended for you.')} {used}" if one.is_extended else used


def _item(one: Reading, column: Column, attempts: dict[int, tuple[int, int]]) -> ShownItem:
    if column.item_id in one.excused:
        words = _("Excused: it counts nowhere.")
        return ShownItem(column.item_id, column.title, _("EX"), column.points, words, "skipped")
    grade = one.grades.get(column.item_id)
    if grade is None and column.is_extra:
        words = _("Extra credit: nobody misses it.")
        return ShownItem(column.item_id, column.title, "—", column.points, words, "open")
    if grade is None:
        words = _("Missing: counts as 0.") if one.is_past_due else _("Nothing graded yet.")
        mark = "0" if one.is_past_due else "—"
        return ShownItem(column.item_id, column.title, mark, column.points, words, "open")
    shape = "passed" if grade.points >= column.points else "partial" if grade.points else "failed"
    words = _words(grade, one.sheet.assignment.counting, one, attempts)
    return ShownItem(
        column.item_id, column.title, points(grade.points), column.points, words, shape
    )


def _words(grade: Grade, counting: str, one: Reading, attempts: dict[int, tuple[int, int]]) -> str:
    """How one mark came about."""
    if grade.is_override:
        return _("Set by the staff; it stands in the place of the submissions.")
    parts = [_which(grade, counting, attempts)]
    if grade.days_late:
        parts.append(_lateness(grade, one))
    elif grade.before is not None:
        parts.append(_("Late ones count less: {sum}.").format(sum=_off(grade)))
    if grade.human is not None:
        parts.append(_("{points} of these by people.").format(points=counted_points(grade.human)))
    if grade.awaits_human:
        parts.append(_("Provisional: people mark a part, and have not told yet."))
    elif grade.is_provisional:
        parts.append(_("Provisional: a part is not graded yet."))
    return " ".join(parts)


def _which(grade: Grade, counting: str, attempts: dict[int, tuple[int, int]]) -> str:
    if grade.submission_id is None:
        return _("The average of all submissions.")
    number, of = attempts.get(grade.submission_id, (0, 1))
    told = _COUNTING[counting] if of > 1 else _("Attempt {number}.")
    return told.format(number=number, count=of)


def _lateness(grade: Grade, one: Reading) -> str:
    covered = grade.days_late - grade.days_charged
    days = grade.days_late
    late = ngettext("{count} day late", "{count} days late", days).format(count=days)
    if covered:
        late = _("{late}, {count} covered by late days").format(late=late, count=covered)
    if grade.before is None:
        return _("{late}.").format(late=late)
    off = one.sheet.late.percent_off(grade.days_charged)
    # xgettext:no-python-format
    told = _("{late}: {percent} % off, {sum}.")
    return told.format(late=late, percent=f"{off.normalize():f}", sum=_off(grade))


def _off(grade: Grade) -> str:
    before = grade.points if grade.before is None else grade.before
    off, left = points(before - grade.points), counted_points(grade.points)
    told = _("{before} {minus} {off} = {left}")
    return told.format(before=points(before), minus=MINUS, off=off, left=left)


def _sum(marks: Marks) -> list[ShownPart]:
    """The parts of the total that count so far."""
    return [
        ShownPart(part.title, points(part.weight), percent(score.share), _inside(part, score))
        for part, score in zip(marks.parts, marks.so_far.scores, strict=True)
        if score is not None
    ]


def _inside(part: Part, score: Score) -> str:
    """How the share of a group follows from its assignments."""
    if part.group is None:
        return ""
    kept = [one for one in part.readings if one.full(so_far=True) and one.id not in score.dropped]
    told = ", ".join(one.sheet.assignment.title for one in kept)
    dropped = [one.sheet.assignment.title for one in part.readings if one.id in score.dropped]
    mean = _("The mean of {titles}, by weight.").format(titles=told)
    if not dropped:
        return mean
    return f"{mean} {_('Dropped: {titles}.').format(titles=', '.join(dropped))}"
