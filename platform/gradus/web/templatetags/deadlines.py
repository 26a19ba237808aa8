"""How a page says until when an assignment takes work."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gradus.courses.models import Assignment
from gradus.web.templatetags.gradus import moment

register = template.Library()


@register.filter
def deadline(assignment: Assignment, form: str = "") -> SafeString:
    """Due Tue 24 Nov, 23:59; after that, until when late work is accepted, or that it is closed."""
    window, now = assignment.window, timezone.now()
    if window.due_at is None or window.closes_at is None:
        return format_html("No deadline")
    if not window.is_past_due(now):
        return format_html("Due {}", moment(window.due_at))
    if window.has_closed(now):
        return format_html("Closed {}", moment(window.closes_at))
    if not window.takes_late:  # in the grace
        return format_html("Due {}", moment(window.due_at))
    if form == "short":
        return format_html("Late until {}", moment(window.closes_at))
    return format_html("Was due {}, late until {}", moment(window.due_at), moment(window.closes_at))


@register.filter
def late_rule(assignment: Assignment) -> str:
    """What late work costs, and the grace; empty where there is neither."""
    return " ".join(sentence for sentence in (_grace(assignment), _cost(assignment)) if sentence)


def _grace(assignment: Assignment) -> str:
    minutes = int(assignment.window.grace.total_seconds() // 60)
    if not minutes or assignment.due_at is None:
        return ""
    verb = "minute after the deadline is" if minutes == 1 else "minutes after the deadline are"
    return f"{minutes} {verb} still in time."


def _cost(assignment: Assignment) -> str:
    rule = assignment.late_policy
    if not assignment.window.takes_late:
        return ""
    if not rule.percent_per_day:
        return "Late work counts in full."
    most = "" if rule.most_percent >= 100 else f", at most {rule.most_percent.normalize():f} %"
    covered = " that no late day covers" if rule.most_late_days else ""
    return (
        f"Each day begun after the deadline{covered} takes"
        f" {rule.percent_per_day.normalize():f} % of the points{most}."
    )


@register.filter
def shows_solutions(assignment: Assignment) -> bool:
    """Whether the reference solution may be read now, by whom the assignment was loaded for."""
    return assignment.window.shows_solutions(timezone.now())
