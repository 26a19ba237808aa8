"""Statistics of a class, for its staff. No page of them has a name on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from gradus.analytics import classes, policy
from gradus.analytics.estimates import LEAST, Five, five
from gradus.analytics.marks import ClassMarks, ItemLine, class_marks
from gradus.analytics.people import people_of
from gradus.courses.models import Enrolment
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.large import frame_first
from gradus.web.roster import around
from gradus.web.shares import percent, shown_discrimination, signed
from gradus.web.svg.distribution import Spot, bins, histogram, plane
from gradus.web.svg.inline import bar, box, interval

POOR = 0.2  # a discrimination below it says little about who is strong (Ebel 1954)


@dataclass(frozen=True, slots=True)
class ShownItem:
    number: int
    line: ItemLine
    effort: classes.ItemEffort | None
    bar: SafeString | None
    discrimination: str
    is_odd: bool


@login_required
@require_GET
def statistics(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = seer_or_404(request, course_id)
    frame = frame_first(request, viewer, heading=_("Statistics"), tab="statistics")
    if frame is not None:
        return frame
    now = timezone.now()
    people, sections = people_of(viewer.course, request.GET.get("section", "")[:20])
    marks = class_marks(people, now)
    effort = classes.effort(people)
    items = [_item(k, line, effort) for k, line in enumerate(marks.items(), start=1)]
    weeks = classes.weeks(people, effort.values())
    found = classes.mistakes(people)
    context = {
        **around(viewer),
        "tab": "statistics",
        "sections": sections,
        "chosen": people.section,
        "students": marks.students,
        "submissions": sum(one.submissions for one in effort.values()),
        "totals": _totals(marks),
        "sheets": [(line, _box(line.shares)) for line in marks.sheets()],
        "items": items,
        "plane": _plane(items),
        "odd": next((one for one in items if one.is_odd), None),
        "mistakes": [(one, bar(one.students / found[0].students)) for one in found],
        "weeks": _with_bars(weeks),
        "least": LEAST,
    }
    return render(request, "web/statistics.html", context)


def seer_or_404(request: SignedInRequest, course_id: int) -> Enrolment:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_see_statistics(viewer):
        raise Http404
    return viewer


def _item(number: int, line: ItemLine, effort: dict[int, classes.ItemEffort]) -> ShownItem:
    found = line.discrimination
    own = effort.get(line.column.item_id)
    shown = None
    if line.full is not None and line.full.is_firm:
        shown = interval(line.full.interval.low, line.full.value, line.full.interval.high)
    odd = found is not None and found.interval.high < POOR
    return ShownItem(number, line, own, shown, shown_discrimination(found), odd)


def _box(shares: Five | None) -> SafeString | None:
    return None if shares is None else box(*(min(1.0, value) for value in shares))


def _totals(marks: ClassMarks) -> dict[str, Any] | None:
    spread = five(marks.totals)
    if spread is None:
        return None
    counts = bins(marks.totals)
    said = ngettext(
        "{count} student: {median:.0f} %.",
        "{count} students. Half of them have {lower:.0f} to {upper:.0f} %,"
        " the middle is {median:.0f} %, from {least:.0f} to {most:.0f} %.",
        len(marks.totals),
    ).format(count=len(marks.totals), **spread._asdict())
    marked = [spread.lower, spread.median, spread.upper]
    rows = [
        (_("{low} to {high}").format(low=10 * k, high=10 * k + 10), count)
        for k, count in enumerate(counts)
    ]
    figure = histogram("totals", _("Totals so far"), said, counts, marked)
    return {"svg": figure, "said": said, "rows": rows, "five": spread}


def _plane(items: list[ShownItem]) -> SafeString | None:
    spots = [
        Spot(str(one.number), one.line.mean, d.r, d.interval.low, d.interval.high)
        for one in items
        if (d := one.line.discrimination) is not None and one.line.mean is not None
    ]
    if not spots:
        return None
    said = ngettext(
        "{count} exercise: mean share of the points from {least} to {most} %,"
        " discrimination from {low} to {high}. The table has every number.",
        "{count} exercises: mean share of the points from {least} to {most} %,"
        " discrimination from {low} to {high}. The table has every number.",
        len(spots),
    ).format(
        count=len(spots),
        least=percent(min(s.mean for s in spots)),
        most=percent(max(s.mean for s in spots)),
        low=signed(min(s.r for s in spots)),
        high=signed(max(s.r for s in spots)),
    )
    return plane("plane", _("Difficulty and discrimination"), said, spots)


def _with_bars(weeks: list[classes.Week]) -> list[tuple[classes.Week, SafeString]]:
    most = max((week.submissions for week in weeks), default=1) or 1
    return [(week, bar(week.submissions / most)) for week in weeks]
