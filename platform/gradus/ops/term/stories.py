"""What happens beside the work: extensions, excuses, marks set by hand, questions and answers.

All of it through the services that the pages use.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F

from gradus.accounts.models import User
from gradus.courses import services as courses
from gradus.courses.models import Assignment, Course, Enrolment, Role
from gradus.gradebook.history import history_of
from gradus.gradebook.models import GradeEvent
from gradus.gradebook.overrides import override
from gradus.questions import services as questions
from gradus.questions.errors import QuestionRefused
from gradus.questions.models import Question
from gradus.submissions.models import Submission

_EXTENDED, _EXCUSED, _CHANGED, _ASKED = 0.02, 0.012, 0.015, 0.03  # per student
_WHY_LATER = (
    "Ill, with a doctor's note.",
    "Accommodation by the disability office: a week more.",
    "Travels with the university team.",
    "The laptop broke; a replacement came on Monday.",
)
_WHY_EXCUSED = ("Joined the course late.", "Parental leave.", "Passed this part last year.")
_WHY_CHANGED = (
    "The derivation in the comments is right; only the sign of the last line is off.",
    "Explained the solution in the office hour.",
    "The statement was unclear about ties; both readings are accepted.",
)
_WHY_ASKED = (
    "My result differs only in the last digit. Is the tolerance right?",
    "The statement says the mean over the batch, and that is what I return.",
    "I get another value by hand; I attach the steps in the comments of my file.",
    "It ran in time on my laptop; was the machine busy?",
)
_ANSWERS = (
    (Question.Outcome.KEPT, "The reference sums over the channels too; see the third example."),
    (Question.Outcome.KEPT, "Line 12 changes the input in place, so the second call differs."),
    (Question.Outcome.CHANGED, "You are right, both readings are possible. I set the mark."),
    (Question.Outcome.FIXED, "Thank you: the statement now says which axis is meant."),
)


def tell(course: Course, rng: random.Random, now: datetime) -> None:
    """Add them to a course with work in it; nobody whom it happens to gets mail of it."""
    staff = [one.user for one in course.enrolments.filter(role=Role.ASSISTANT)]
    students = list(
        course.enrolments.filter(
            role=Role.STUDENT, is_active=True, user__wants_mail=False
        ).select_related("course", "user")
    )
    due = [one for one in course.assignments.all() if one.has_opened(now)]
    if not (staff and students and due):
        return
    _allow(students, due, staff, rng, now)
    _change(students, staff, rng, now)
    _ask(course, len(students), staff, rng, now)


def _allow(
    students: Sequence[Enrolment],
    due: Sequence[Assignment],
    staff: Sequence[User],
    rng: random.Random,
    now: datetime,
) -> None:
    for student in _some(students, _EXTENDED, rng):
        one = rng.choice(due)
        if one.due_at is not None:
            courses.extend(
                assignment=one, target=courses.Target(enrolment=student),
                due_at=one.due_at + timedelta(days=rng.choice((2, 4, 7))),
                reason=rng.choice(_WHY_LATER), actor=rng.choice(staff), now=now,
            )  # fmt: skip
    for student in _some(students, _EXCUSED, rng):
        courses.excuse(
            assignment=rng.choice(due), target=courses.Target(enrolment=student), item=None,
            reason=rng.choice(_WHY_EXCUSED), actor=rng.choice(staff), now=now,
        )  # fmt: skip


def _change(
    students: Sequence[Enrolment], staff: Sequence[User], rng: random.Random, now: datetime
) -> None:
    """Marks set by hand, a little above what was reached."""
    left = max(1, int(len(students) * _CHANGED))
    for student in rng.sample(list(students), len(students)):
        if not left:
            break
        events = GradeEvent.objects.filter(enrolment=student, points__lt=F("max_points"))
        event = events.select_related("item__assignment__course").order_by("-points").first()
        if event is None:
            continue  # everything was right
        known = history_of(student, event.item, now)
        got = known.grade.points if known.grade else Decimal(0)
        if got >= event.item.points:
            continue  # another try was right
        left -= 1
        more = min(event.item.points, got + event.item.points / 5)
        override(
            student=student, item=event.item,
            points=more.quantize(Decimal("0.5"), ROUND_HALF_UP).min(event.item.points),
            reason=rng.choice(_WHY_CHANGED), actor=rng.choice(staff), seen=known.seen, now=now,
        )  # fmt: skip


def _ask(
    course: Course, students: int, staff: Sequence[User], rng: random.Random, now: datetime
) -> None:
    """Questions about what was not solved; two of three are answered."""
    lost = Submission.objects.filter(
        enrolment__course=course, enrolment__is_active=True,
        enrolment__user__wants_mail=False, given_back=False,
        verdicts__status__in=["failed", "partial"],
    )  # fmt: skip
    keys = list(lost.order_by("pk").values_list("pk", flat=True))
    chosen = rng.sample(keys, min(len(keys), max(2, int(students * _ASKED))))
    known = Submission.objects.select_related("enrolment__user", "item__version")
    for submission in known.filter(pk__in=chosen).order_by("pk"):
        asked_at = min(now, submission.received_at + timedelta(hours=rng.uniform(1, 40)))
        kind = rng.choice((Question.Kind.REGRADE, Question.Kind.REGRADE, Question.Kind.BROKEN))
        try:
            question = questions.ask(
                submission=submission, kind=kind, check_id="", reason=rng.choice(_WHY_ASKED),
                now=asked_at,
            )  # fmt: skip
        except QuestionRefused:
            continue  # somebody with many questions already
        if rng.random() < 2 / 3:
            outcome, text = rng.choice(_ANSWERS)
            answered_at = min(now, asked_at + timedelta(hours=rng.uniform(1, 70)))
            questions.answer(
                question=question, actor=rng.choice(staff), outcome=outcome, text=text,
                now=answered_at,
            )  # fmt: skip


def _some(students: Sequence[Enrolment], share: float, rng: random.Random) -> list[Enrolment]:
    return rng.sample(list(students), max(1, int(len(students) * share)))
