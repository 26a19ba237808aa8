"""All that a course holds of one student, as one archive: for a request about one's own data.

Verdicts are in it as the student may read them now, so that it tells no hidden checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from gradus.audit.actions import Action
from gradus.audit.models import Entry
from gradus.audit.services import record
from gradus.courses.models import Allowance, Enrolment, ExamEntry
from gradus.gradebook.models import GradeEvent, HumanMark
from gradus.gradebook.rubrics import criteria
from gradus.gradebook.selectors import grades
from gradus.questions.models import Question
from gradus.records.submissions import batches
from gradus.records.zips import File, as_json, zip_chunks
from gradus.submissions.models import Draft, StudentItem, Submission
from gradus.submissions.selectors import standing

README = """Data of one student in one course.

person.json       account and enrolment
marks.json        marks now, every event that made them, and what people wrote who marked
submissions/      what was sent, with the verdict as the student may read it
drafts/           the last state of unsent work, and earlier states
numbers.json      numbers that were drawn for the student
extensions.json   extensions and excuses, of the student's section too
questions.json    what the student asked, and the answers
exams.json        when and from which address exams were entered
record.json       what staff changed, as the record of the course has it

What the site holds beyond this course (logins, preferences, mails, other courses)
is its operator's to give.
"""


def take_person(*, student: Enrolment, now: datetime) -> Iterator[bytes]:
    """Record the download, then give the archive in pieces."""
    with transaction.atomic():
        record(
            Action.PERSON_TAKEN,
            course_id=student.course_id,
            about=student.user.username,
            person=student.user,
        )
    return zip_chunks(_files(student, now))


def _files(student: Enrolment, now: datetime) -> Iterator[File]:
    yield "README.txt", README, now
    yield "person.json", as_json(_person(student)), now
    yield "marks.json", as_json(_marks(student, now)), now
    yield from _submissions(student, now)
    yield from _drafts(student)
    items = StudentItem.objects.filter(enrolment=student).select_related("item__exercise")
    yield "numbers.json", as_json(_rows(
        items, "item_id", "item__exercise__slug", "practice", "numbers", "starter", "created_at",
    )), now  # fmt: skip
    own = Q(enrolment=student)
    if student.section_id is not None:
        own |= Q(section=student.section_id)
    yield "extensions.json", as_json(_rows(
        Allowance.objects.filter(own), "assignment_id", "assignment__title", "kind", "item_id",
        "due_at", "undoes_id", "reason", "created_at",
    )), now  # fmt: skip
    questions = Question.objects.filter(submission__enrolment=student)
    yield "questions.json", as_json(_rows(
        questions, "submission_id", "kind", "check_id", "reason", "asked_at", "outcome", "answer",
        "answered_at",
    )), now  # fmt: skip
    entries = ExamEntry.objects.filter(enrolment=student)
    yield "exams.json", as_json(_rows(entries, "assignment_id", "address", "entered_at")), now
    about = Entry.objects.filter(course_id=student.course_id, person=student.user).exclude(
        action__startswith="mark."  # those are in marks.json, if released
    )
    yield "record.json", as_json(_rows(about, "at", "action", "about", "changes")), now


def _person(student: Enrolment) -> dict[str, Any]:
    user = student.user
    return {
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "course": student.course.title,
        "term": student.course.term,
        "role": student.role,
        "section": student.section.name if student.section else None,
        "id_number": student.id_number,
        "is_active": student.is_active,
        "enrolled_at": student.created_at,
        "invited_at": student.invited_at,
    }


def _marks(student: Enrolment, now: datetime) -> dict[str, Any]:
    """What the student is told now: events of what is held back come with the release."""
    shown = grades([student], now)
    events = GradeEvent.objects.filter(enrolment=student, item__in=list(shown))
    told = events.filter(human_mark__isnull=False).select_related("human_mark__rubric")
    return {
        "marks": [
            {"item": pk, "points": grade.points, "is_provisional": grade.is_provisional}
            for pk, grade in shown.items()
        ],
        "events": _rows(
            events, "item_id", "source", "submission_id", "points", "old_points", "max_points",
            "reason", "created_at",
        ),
        "by_people": [
            _by_people(event.human_mark) for event in told.order_by("pk") if event.human_mark
        ],
    }  # fmt: skip


def _by_people(mark: HumanMark) -> dict[str, Any]:
    """What was told of it; who marked stays the course's."""
    asked = criteria.from_json(mark.rubric.criteria)
    return {
        "item": mark.item_id,
        "submission": mark.submission_id,
        "points": mark.points,
        "criteria": [
            {"title": one.title, "level": one.levels[chosen].title}
            for one, chosen in zip(asked, mark.levels, strict=True)
        ],
        "comment": mark.comment,
    }


def _submissions(student: Enrolment, now: datetime) -> Iterator[File]:
    rows = Submission.objects.filter(enrolment=student).exclude(mode=Submission.Mode.CONSOLE)
    for submission in batches(rows.with_standing()):
        made_at = submission.received_at
        folder = f"submissions/{submission.pk}-{submission.item.exercise.slug}"
        for name, text in submission.parts.items():
            yield f"{folder}/{name}", text, made_at
        state = standing(submission, student, now)
        facts = {
            "id": submission.pk,
            "item": submission.item_id,
            "mode": submission.mode,
            "attempt": submission.attempt,
            "given_back": submission.given_back,
            "received_at": made_at,
            "sha256": submission.sha256,
            "phase": state.phase.value,
            "points": state.points,
            "verdict": state.verdict,
        }
        yield f"{folder}/submission.json", as_json(facts), made_at


def _drafts(student: Enrolment) -> Iterator[File]:
    drafts = Draft.objects.filter(enrolment=student).select_related("item__exercise")
    for draft in drafts.order_by("pk"):
        folder = f"drafts/{draft.item_id}-{draft.item.exercise.slug}"
        for name, text in draft.parts.items():
            yield f"{folder}/{name}", text, draft.saved_at
        for state in draft.states.order_by("pk").iterator(chunk_size=20):
            for name, text in state.parts.items():
                yield f"{folder}/earlier/{state.pk}/{name}", text, state.saved_at


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = rows.order_by("pk").values(*names)
    return list(found)
