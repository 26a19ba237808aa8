"""Rows of a regrade as people read them: on the page, and in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gradus.courses.models import Enrolment
from gradus.gradebook.grades import Grade
from gradus.gradebook.marks import student_marks
from gradus.lib.spreadsheets import guarded
from gradus.regrades.causes import Cause, Why
from gradus.regrades.models import Run
from gradus.regrades.preview import Kind, Row, preview
from gradus.regrades.results import Result
from gradus.regrades.scope import Plan
from gradus.regrades.selectors import applied
from gradus.web.gpu_words import about
from gradus.web.numbers import points
from gradus.web.text import visible

_WORDS = {
    Cause.CHECK: _("Check"),
    Cause.POLICY: _("Policy: other thresholds"),
    Cause.ENVIRONMENT: _("Environment"),
    Cause.NONDETERMINISM: _("Nondeterminism: same version, same machine"),
    Cause.FIRST: _("It had no points"),
}
_OF_PARTS = {
    Cause.CHECK: _("Check: {parts}"),
    Cause.POLICY: _("Policy: other thresholds of {parts}"),
    Cause.ENVIRONMENT: _("Environment: {differs} ({parts})"),
    Cause.NONDETERMINISM: _("Nondeterminism: same version, same machine ({parts})"),
}
KINDS = {
    Kind.RAISED: _("Raised"), Kind.LOWERED: _("Lower"), Kind.UNCHANGED: _("Unchanged"),
    Kind.FAILED: _("Not graded again"),
}  # fmt: skip
_HEAD = (
    "Student", "User name", "Id number", "Assignment", "Exercise", "Mark now", "Mark then",
    "What", "Applied", "Set by hand", "Submissions", "Cause", "Not graded",
)  # fmt: skip
_HEAD_APPLIED = (
    *("Student", "User name", "Id number", "Exercise", "Attempt", "Points before", "Points after"),
)


@dataclass(frozen=True, slots=True)
class ShownRow:
    person: str
    title: str
    kind: str
    word: str
    old: str
    new: str
    is_override: bool
    is_applied: bool
    is_lower: bool
    key: str  # names the mark in the form
    changes: tuple[str, ...]
    causes: tuple[str, ...]
    failures: tuple[str, ...]
    enrolment_id: int
    item_id: int
    submissions: tuple[tuple[int, int | None], ...]  # id, attempt


def plan_sentence(planned: Plan) -> str:
    """How many gradings, about how long, and what is left out."""
    if not planned.submissions:
        return f"{gettext('No submission fits.')} {_left_out(planned.being_graded)}".strip()
    if planned.seconds is None:
        took = gettext("Nobody can say how long that takes: nothing of it was graded lately.")
    else:
        took = gettext("That takes about {time} where nobody else submits.")
        took = took.format(time=about(planned.seconds))
    return f"{_many(planned)} {took} {_left_out(planned.being_graded)}".strip()


def _many(planned: Plan) -> str:
    count, students = len(planned.submissions), planned.students
    of_them = ngettext("{count} student", "{count} students", students)
    said = ngettext(
        "{count} submission of {students} would be graded again.",
        "{count} submissions of {students} would be graded again.",
        count,
    )
    return said.format(count=f"{count:,}", students=of_them.format(count=f"{students:,}"))


def _left_out(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "{count} that is being graded now is left out.",
        "{count} that are being graded now are left out.",
        count,
    )
    return said.format(count=count)


def shown_rows(rows: Sequence[Row], now: datetime) -> list[ShownRow]:
    """With the marks of those whose marks do not change. At most six queries."""
    still = {row.enrolment.pk: row.enrolment for row in rows if row.turn is None}
    marks = student_marks(list(still.values()), now, for_staff=True) if still else {}
    kept = {pk: own.grades for pk, own in marks.items()}
    return [_shown(row, kept) for row in rows]


def _shown(row: Row, kept: Mapping[int, Mapping[int, Grade]]) -> ShownRow:
    old, new = row.old, row.new
    if row.turn is None:
        old = new = kept.get(row.enrolment.pk, {}).get(row.item.pk)
    changed = row.changed
    return ShownRow(
        person=visible(row.enrolment.user.shown_name),
        title=row.item.version.title,
        kind=row.kind,
        word=str(KINDS[row.kind]),
        old=_mark(old),
        new=_mark(new),
        is_override=row.turn is not None and row.turn.is_override,
        is_applied=row.is_applied,
        is_lower=row.kind is Kind.LOWERED,
        key=f"{row.enrolment.pk}-{row.item.pk}",
        changes=tuple(_change(one) for one in changed),
        causes=tuple(dict.fromkeys(_cause(one.why) for one in changed if one.why)),
        failures=tuple(dict.fromkeys(_failure(one) for one in row.results if _failure(one))),
        enrolment_id=row.enrolment.pk,
        item_id=row.item.pk,
        submissions=tuple((one.submission.pk, one.submission.attempt) for one in changed),
    )


def _change(result: Result) -> str:
    said = gettext("attempt {attempt}: {old} → {new}")
    return said.format(
        attempt=result.submission.attempt, old=_plain(result.old), new=points(result.new)
    )


def _cause(why: Why) -> str:
    parts, differs = ", ".join(why.parts), ", ".join(why.differs)
    word = str(_WORDS[why.cause])
    if why.cause is Cause.ENVIRONMENT:
        word = str(_OF_PARTS[why.cause]) if parts else gettext("Environment: {differs}")
    elif parts:
        word = str(_OF_PARTS.get(why.cause, word))
    return visible(word.format(parts=parts, differs=differs))


def _failure(result: Result) -> str:
    return gettext("Not graded: the run was stopped") if result.is_open else visible(result.failure)


def _mark(grade: Grade | None) -> str:
    return gettext("none") if grade is None else points(grade.points)


def _plain(value: Decimal | None) -> str:
    return gettext("none") if value is None else points(value)


def marks_table(run: Run, now: datetime) -> Iterable[Sequence[str]]:
    """For a file: the preview of an open run, else what was applied."""
    if not run.is_open:
        return [_HEAD_APPLIED, *_applied_lines(run)]
    rows = preview(run, now).rows
    shown = shown_rows(rows, now)
    return [_HEAD, *(_line(row, one) for row, one in zip(rows, shown, strict=True))]


def _line(row: Row, shown: ShownRow) -> list[str]:
    return [
        *_who(row.enrolment),
        guarded(row.item.assignment.title),
        guarded(shown.title),
        shown.old,
        shown.new,
        shown.word,
        "yes" if shown.is_applied else "no",
        "yes" if shown.is_override else "no",
        guarded(", ".join(shown.changes)),
        guarded(" | ".join(shown.causes)),
        guarded(" | ".join(shown.failures)),
    ]


def _who(enrolment: Enrolment) -> list[str]:
    user = enrolment.user
    return [guarded(visible(user.shown_name)), guarded(user.username), guarded(enrolment.id_number)]


def _applied_lines(run: Run) -> Iterable[list[str]]:
    for one in applied(run):
        if one.event is not None:
            yield [
                *_who(one.event.enrolment),
                guarded(one.event.item.version.title),
                str(one.submission.attempt),
                _plain(one.event.old_points),
                _plain(one.event.points),
            ]
