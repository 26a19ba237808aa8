"""All submissions of an assignment as one archive, with names that stay the same.

`ada-17/doubling/001/solution.py`: user name and number of the enrolment, exercise, attempt. The
last file is `index.csv`, with a line for each submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.courses.models import Assignment, Enrolment
from gradus.lib.spreadsheets import csv_bytes, guarded
from gradus.records.zips import File, zip_chunks
from gradus.submissions.models import Submission, SubmissionQuerySet
from gradus.submissions.selectors import standing

ROWS_AT_ONCE = 50
HEADER = (
    *("submission", "folder", "username", "name", "id number", "section", "exercise", "attempt"),
    *("received at", "given back", "status", "points", "sha256"),
)


def take_submissions(
    *, assignment: Assignment, viewer: Enrolment, now: datetime
) -> Iterator[bytes]:
    """Record the download, then give the archive in pieces; the database is read as it is sent."""
    count = _all(assignment).count()
    with transaction.atomic():
        record(
            Action.SUBMISSIONS_TAKEN,
            course_id=assignment.course_id,
            about=assignment.title,
            new={"submissions": count},
        )
    return zip_chunks(_files(assignment, viewer, now))


def folder_of(submission: Submission) -> str:
    user = submission.enrolment.user
    slug, attempt = submission.item.exercise.slug, submission.attempt or 0
    return f"{user.username}-{submission.enrolment_id}/{slug}/{attempt:03d}"


def batches(rows: SubmissionQuerySet) -> Iterator[Submission]:
    """Rows in the order of their numbers, a few at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE]):
        yield from found
        last = found[-1].pk


def _all(assignment: Assignment) -> SubmissionQuerySet:
    return Submission.objects.graded().filter(item__assignment=assignment)


def _files(assignment: Assignment, viewer: Enrolment, now: datetime) -> Iterator[File]:
    lines: list[tuple[str, ...]] = [HEADER]
    rows = _all(assignment).with_standing().select_related("enrolment__section")
    for submission in batches(rows):
        folder = folder_of(submission)
        for name, text in submission.parts.items():
            yield f"{folder}/{name}", text, submission.received_at
        lines.append(_line(submission, folder, viewer, now))
    yield "index.csv", csv_bytes(lines, for_excel=True), now


def _line(submission: Submission, folder: str, viewer: Enrolment, now: datetime) -> tuple[str, ...]:
    enrolment, state = submission.enrolment, standing(submission, viewer, now)
    user, section = enrolment.user, enrolment.section
    status = state.verdict["status"] if state.verdict else state.phase.value
    return (
        str(submission.pk),
        *map(guarded, (folder, user.username, user.shown_name, enrolment.id_number)),
        guarded(section.name) if section else "",
        submission.item.exercise.slug,
        str(submission.attempt),
        submission.received_at.isoformat(),
        "yes" if submission.given_back else "",
        status,
        "" if state.points is None else str(state.points),
        submission.sha256,
    )
