"""The cells of the gradebook as HTML: tens of thousands, too many for a template.

Links are relative to the page. Only names and titles come from people, so they alone are escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.courses.models import Enrolment
from gradus.gradebook.grades import rounded
from gradus.gradebook.grid import Column, Mark, Row, State
from gradus.web.text import visible


@dataclass(frozen=True, slots=True)
class _Signs:
    """What cells say beside points, in the reader's language; looked up once for all of them."""

    alone: Mapping[State, str]  # where there are no points
    flags: Mapping[State, str]
    late: str
    no_percent: str


def _signs() -> _Signs:
    return _Signs(
        alone={
            State.OPEN: _silent(_("nothing yet")),
            State.MISSING: f"<i>—</i>{_silent(_('missing'))}",
            State.WAITING: f"<i>…</i>{_silent(_('being graded'))}",
            State.EXCUSED: f'<abbr title="{escape(_("excused"))}">{escape(_("EX"))}</abbr>',
            State.FAULT: f"<i>!</i>{_silent(_('a fault of ours'))}",
        },
        flags={
            State.GRADED: "",
            State.PROVISIONAL: f'<b class="f">…{_silent(_("provisional"))}</b>',
            State.CHANGED: f'<b class="f">✎{_silent(_("changed by hand"))}</b>',
        },
        late=f'<b class="f">{escape(_("L"))}{_silent(_("late, with points off"))}</b>',
        no_percent=_silent(_("none")),
    )


def _silent(text: str) -> str:
    return f'<span class="sr">{escape(text)}</span>'


def shown(points: Decimal) -> str:
    """At most two decimals, none where they are zero; as in every export but for the zeros."""
    text = str(rounded(points))
    return text.rstrip("0").rstrip(".") if "." in text else text


def head(columns: Sequence[Column], count: int, students: int) -> SafeString:
    """Widths and the two rows of heads: assignments over their items, then the totals."""
    everybody = ngettext("{count} student", "{count} students", students).format(count=students)
    some = _("{count} of {everybody}").format(count=count, everybody=everybody)
    people = escape(everybody if count == students else some)
    weight = _("weight {number}")
    tops = "".join(
        f'<th scope="colgroup" colspan="{len(of)}">{_text(of[0].assignment.title)}'
        f'<span class="faint"> {_labelled(weight, of[0].assignment.weight)}</span></th>'
        for of in _by_assignment(columns)
    )
    items = "".join(
        f'<th scope="col" class="n"><abbr title="{_text(column.title)}">{_text(column.title)}'
        f'</abbr><span class="faint">{_labelled(_("of {number}"), column.points)}</span></th>'
        for column in columns
    )
    totals = "".join(
        f'<th scope="col" class="n">{escape(title)}<br><span class="faint">{escape(_("in %"))}'
        "</span></th>"
        for title in (_("So far"), _("Of all"))
    )
    widths = (
        f'<colgroup><col class="c-name"><col class="c-mark" span="{len(columns)}">'
        '<col class="c-total" span="2"></colgroup>'
    )
    return mark_safe(  # noqa: S308 every title is escaped
        f'{widths}<thead><tr><th rowspan="2" scope="col">{people}</th>{tops}'
        f'<th scope="colgroup" colspan="2">{escape(_("Total"))}</th></tr>'
        f"<tr>{items}{totals}</tr></thead>"
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
    signs = _signs()
    lines = [_row(row, items, signs, twice=names[_name(row.enrolment)] > 1) for row in rows]
    if after:
        middle = len(lines) // 2
        lines[middle] = lines[middle].replace("<tr>", _ASKS.format(escape(after)), 1)
    return mark_safe("\n".join(lines))  # noqa: S308 names are escaped


_ASKS = (
    '<tr hx-get="?{}&amp;part=rows" hx-trigger="intersect once root:.gb"'
    ' hx-target="#more" hx-swap="outerHTML">'
)


def _row(row: Row, items: Sequence[int], signs: _Signs, *, twice: bool) -> str:
    enrolment, name = row.enrolment, _text(_name(row.enrolment))
    if twice:
        name += f' <span class="faint">{_text(enrolment.user.username)}</span>'
    cells = "".join(
        f'<td><a href="{enrolment.pk}/{item_id}/">{_mark(mark, signs)}</a></td>'
        for item_id, mark in zip(items, row.marks, strict=True)
    )
    both = (row.so_far, row.of_all)
    totals = "".join(
        f'<td class="n tot">{signs.no_percent if value is None else value}</td>' for value in both
    )
    return f'<tr><th scope="row">{name}</th>{cells}{totals}</tr>'


def _mark(mark: Mark, signs: _Signs) -> str:
    if mark.points is None:
        return signs.alone[mark.state]
    late = signs.late if mark.is_late else ""
    return f"{late}{signs.flags[mark.state]}{shown(mark.points)}"


def _labelled(text: str, number: Decimal) -> str:
    return escape(text.format(number=shown(number)))


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
