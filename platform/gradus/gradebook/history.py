"""How one mark came about: its submissions, its events, and which of them count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gradus.courses.models import Assignment, Enrolment, Item
from gradus.courses.selectors import extended_to
from gradus.gradebook.grades import Event, Grade, grade_of, override_of
from gradus.gradebook.marks import raw_of, student_marks
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.reading import events_of
from gradus.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Result:
    """A submission with its grade; none where it was not graded."""

    submission: Submission
    grade: Grade | None
    counts: bool


@dataclass(frozen=True, slots=True)
class History:
    assignment: Assignment
    rows: tuple[Event, ...]  # what counts of the events, oldest first
    events: tuple[GradeEvent, ...]  # newest first
    submissions: tuple[Submission, ...]  # newest first
    late_days: int  # of the student's, that are spent on the assignment
    is_excused: bool  # the mark counts nowhere
    has_human: bool = False  # people mark a part of it

    @property
    def seen(self) -> int:
        """The last event; what a change of the mark must name."""
        return self.rows[-1].id if self.rows else 0

    @property
    def grade(self) -> Grade | None:
        return self._grade(self.rows)

    @property
    def override(self) -> GradeEvent | None:
        """The one in force."""
        found = override_of(self.rows)
        return next((event for event in self.events if found and event.pk == found.id), None)

    @property
    def by_submissions(self) -> Grade | None:
        """The mark by its submissions alone: without overrides and what people marked."""
        return self._automatic([row for row in self.rows if row.submission_id is not None])

    @property
    def with_people(self) -> Grade | None:
        """The mark without overrides."""
        return self._grade([row for row in self.rows if row.submission_id is not None])

    def without(self, event: GradeEvent) -> Grade | None:
        return self._grade([row for row in self.rows if row.id != event.pk])

    @property
    def results(self) -> list[Result]:
        """Each submission with its own grade; newest first."""
        counts = self.by_submissions
        return [self._result(submission, counts) for submission in self.submissions]

    def _result(self, submission: Submission, counts: Grade | None) -> Result:
        own = self._automatic([row for row in self.rows if row.submission_id == submission.pk])
        if own is None or counts is None:
            return Result(submission, own, counts=False)
        return Result(submission, own, counts=counts.submission_id in (None, submission.pk))

    def _automatic(self, rows: Sequence[Event]) -> Grade | None:
        rule = self.assignment
        return grade_of(rows, rule.counting, rule.late_policy, self.late_days)

    def _grade(self, rows: Sequence[Event]) -> Grade | None:
        rule = self.assignment
        return grade_of(
            rows, rule.counting, rule.late_policy, self.late_days, has_human=self.has_human
        )


def history_of(student: Enrolment, item: Item, now: datetime) -> History:
    """At most ten queries; `item.assignment.course` must be loaded."""
    assignment = item.assignment
    events = list(
        GradeEvent.objects.filter(enrolment=student, item=item)
        .select_related("actor", "submission", "undoes", "human_mark", "regrading")
        .order_by("pk")
    )
    found = Submission.objects.graded().filter(enrolment=student, item=item).order_by("-pk")
    marks = student_marks([student], now, for_staff=True)[student.pk]
    assignment.extended_to = extended_to(student, assignment)
    return History(
        assignment=assignment,
        rows=tuple(
            events_of(map(raw_of, events), assignment.window, item.points, item.human_points)
        ),
        events=tuple(reversed(events)),
        submissions=tuple(found),
        late_days=marks.late_days.get(assignment.pk, 0),
        is_excused=item.pk in marks.excused,
        has_human=bool(item.human_points),
    )
