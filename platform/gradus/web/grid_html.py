"""The cells of the gradebook as HTML: tens of thousands, too many for a template.

Links are relative to the page. Only names and titles come from people, so they alone are escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from gradus.courses.models import Enrolment
from gradus.gradebook.grades import rounded
from gradus.gradebook.grid import Column, Mark, Row, State
from gradus.web.text import visible

_WITHOUT_POINTS = {
    State.OPEN: '<span class="sr">nothing yet</span>',
    State.MISSING: '<i>—</i><span class="sr">missing</span>',
    State.WAITING: '<i>…</i><span class="sr">being graded</span>',
    State.EXCUSED: '<abbr title="excused">EX</abbr>',
    State.FAULT: '<i>!</i><span class="sr">a fault of ours</span>',
}
_LATE = '<b class="f">L<span class="sr">late, with points off</span></b>'
_FLAGS = {
    State.GRADED: "",
    State.PROVISIONAL: '<b class="f">…<span class="sr">provisional</span></b>',
    State.CHANGED: '<b class="f">✎<span class="sr">changed by hand</span></b>',
}


def shown(points: Decimal) -> str:
    """At most two decimals, none where they are zero; as in every export but for the zeros."""
    text = str(rounded(points))
    return text.rstrip("0").rstrip(".") if "." in text else text


def head(columns: Sequence[Column], count: int, students: int) -> SafeString:
    """Widths and the two rows of heads: assignments over their items, then the totals."""
    everybody = f"{students} student{'' if students == 1 else 's'}"
    people = everybody if count == students else f"{count} of {everybody}"
    tops = "".join(
        f'<th scope="colgroup" colspan="{len(of)}">{_text(of[0].assignment.title)}'
        f'<span class="faint"> weight {shown(of[0].assignment.weight)}</span></th>'
        for of in _by_assignment(columns)
    )
    items = "".join(
        f'<th scope="col" class="n"><abbr title="{_text(column.title)}">{_text(column.title)}'
        f'</abbr><span class="faint">of {shown(column.points)}</span></th>'
        for column in columns
    )
    totals = (
        '<th scope="col" class="n">So far<br><span class="faint">in %</span></th>'
        '<th scope="col" class="n">Of all<br><span class="faint">in %</span></th>'
    )
    widths = (
        f'<colgroup><col class="c-name"><col class="c-mark" span="{len(columns)}">'
        '<col class="c-total" span="2"></colgroup>'
    )
    return mark_safe(  # noqa: S308 every title is escaped
        f'{widths}<thead><tr><th rowspan="2" scope="col">{people}</th>{tops}'
        f'<th scope="colgroup" colspan="2">Total</th></tr><tr>{items}{totals}</tr></thead>'
    )


def body(
    rows: Sequence[Row],
    columns: Sequence[Column],
    everybody: Sequence[Enrolment],
    *,
    after: str = "",
) -> SafeString:
    """One line for each student; equal names are told apart by the username.

    When a row in the middle comes into view, those below (`after`, a query) are asked for.
    """
    items = [column.item_id for column in columns]
    names = Counter(map(_name, everybody))
    lines = [_row(row, items, twice=names[_name(row.enrolment)] > 1) for row in rows]
    if after:
        middle = len(lines) // 2
        lines[middle] = lines[middle].replace("<tr>", _ASKS.format(escape(after)), 1)
    return mark_safe("\n".join(lines))  # noqa: S308 names are escaped


_ASKS = (
    '<tr hx-get="?{}&amp;part=rows" hx-trigger="intersect once root:.gb"'
    ' hx-target="#more" hx-swap="outerHTML">'
)


def _row(row: Row, items: Sequence[int], *, twice: bool) -> str:
    enrolment, name = row.enrolment, _text(_name(row.enrolment))
    if twice:
        name += f' <span class="faint">{_text(enrolment.user.username)}</span>'
    cells = "".join(
        f'<td><a href="{enrolment.pk}/{item_id}/">{_mark(mark)}</a></td>'
        for item_id, mark in zip(items, row.marks, strict=True)
    )
    both = (row.so_far, row.of_all)
    totals = "".join(f'<td class="n tot">{_percent(value)}</td>' for value in both)
    return f'<tr><th scope="row">{name}</th>{cells}{totals}</tr>'


def _mark(mark: Mark) -> str:
    if mark.points is None:
        return _WITHOUT_POINTS[mark.state]
    late = _LATE if mark.is_late else ""
    return f"{late}{_FLAGS[mark.state]}{shown(mark.points)}"


def _percent(value: Decimal | None) -> str:
    return '<span class="sr">none</span>' if value is None else str(value)


def _name(enrolment: Enrolment) -> str:
    user = enrolment.user
    both = ", ".join(part for part in (user.last_name, user.first_name) if part)
    return both or user.username


def _text(text: str) -> str:
    return escape(visible(text))


def _by_assignment(columns: Sequence[Column]) -> list[list[Column]]:
    groups: dict[int, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.assignment_id, []).append(column)
    return list(groups.values())
