"""How the numbers of a workbook were made, for whoever reads it years later."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gradus.courses.models import Course


def policy_notes(course: Course, now: datetime) -> list[tuple[str, ...]]:
    """A heading, a line for each published assignment, then the rules that hold for all."""
    lines: list[tuple[str, ...]] = [("Assignment", "Due", "Weight", "Which submission counts")]
    for assignment in course.assignments.filter(is_published=True).order_by("due_at", "pk"):
        due = assignment.due_at
        lines.append(
            (
                assignment.title,
                f"{timezone.localtime(due):%Y-%m-%d %H:%M %Z}" if due else "no deadline",
                f"{assignment.weight:f}",
                assignment.counting,
            )
        )
    made = f"{timezone.localtime(now):%Y-%m-%d %H:%M %Z}"
    return [
        *lines,
        ("",),
        (f"{course.title}, {course.term}".strip(", "),),
        (f"Made on {made}. Marks are rounded once, half up, to two decimals.",),
        ("An empty cell is no mark. So far: over what is graded or past due. Of all: what is not"
         " graded is 0.",),
    ]  # fmt: skip
