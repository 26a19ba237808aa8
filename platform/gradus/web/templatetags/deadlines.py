"""How a page says until when an assignment takes work."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.courses.late import LatePolicy
from gradus.courses.models import Assignment
from gradus.web.templatetags.gradus import moment

register = template.Library()


@register.filter
def deadline(assignment: Assignment, form: str = "") -> SafeString:
    """Due Tue 24 Nov, 23:59; after that, until when late work is accepted, or that it is closed."""
    window, now = assignment.window, timezone.now()
    if window.due_at is None or window.closes_at is None:
        return escape(_("No deadline"))
    if not window.is_past_due(now):
        return format_html(_("Due {}"), moment(window.due_at))
    if window.has_closed(now):
        return format_html(_("Closed {}"), moment(window.closes_at))
    if not window.takes_late:  # in the grace
        return format_html(_("Due {}"), moment(window.due_at))
    if form == "short":
        return format_html(_("Late until {}"), moment(window.closes_at))
    said = _("Was due {due}, late until {closes}")
    return format_html(said, due=moment(window.due_at), closes=moment(window.closes_at))


@register.filter
def late_rule(assignment: Assignment) -> str:
    """What late work costs, and the grace; empty where there is neither."""
    return " ".join(sentence for sentence in (_grace(assignment), _cost(assignment)) if sentence)


def _grace(assignment: Assignment) -> str:
    minutes = int(assignment.window.grace.total_seconds() // 60)
    if not minutes or assignment.due_at is None:
        return ""
    said = ngettext(
        "%d minute after the deadline is still in time.",
        "%d minutes after the deadline are still in time.",
        minutes,
    )
    return said % minutes


def _cost(assignment: Assignment) -> str:
    rule = assignment.late_policy
    if not assignment.window.takes_late:
        return ""
    if not rule.percent_per_day:
        return _("Late work counts in full.")
    return _daily_cost(rule).format(
        percent=f"{rule.percent_per_day.normalize():f}", most=f"{rule.most_percent.normalize():f}"
    )


def _daily_cost(rule: LatePolicy) -> str:
    has_most = rule.most_percent < 100
    if rule.most_late_days and has_most:
        return _(
            # xgettext:no-python-format
            "Each day begun after the deadline that no late day covers takes {percent} % of the"
            " points, at most {most} %."
        )
    if rule.most_late_days:
        return _(
            # xgettext:no-python-format
            "Each day begun after the deadline that no late day covers takes {percent} % of the"
            " points."
        )
    if has_most:
        return _(
            # xgettext:no-python-format
            "Each day begun after the deadline takes {percent} % of the points, at most {most} %."
        )
    # xgettext:no-python-format
    return _("Each day begun after the deadline takes {percent} % of the points.")


@register.filter
def shows_solutions(assignment: Assignment) -> bool:
    """Whether the reference solution may be read now, by whom the assignment was loaded for."""
    return assignment.window.shows_solutions(timezone.now())
