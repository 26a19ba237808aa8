"""Own exercises as pages need them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from gradus.authoring.models import AuthorJob, CopyFile, Publication, WorkingCopy
from gradus.catalog.models import Exercise, Version
from gradus.courses.models import Course, Item
from gradus.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version with its ordinal, 1 = the first, and who published it."""

    ordinal: int
    version: Version
    publication: Publication | None  # the latest; none: it did not come from here


def copies_of(course: Course) -> QuerySet[WorkingCopy]:
    rows = WorkingCopy.objects.filter(course=course).select_related(
        "exercise__newest", "changed_by"
    )
    return rows.order_by("title", "pk")


def copy_of(course: Course, copy_id: int) -> WorkingCopy | None:
    rows = WorkingCopy.objects.filter(course=course, pk=copy_id)
    return rows.select_related("course", "exercise__newest", "changed_by").first()


def present_files(copy: WorkingCopy) -> QuerySet[CopyFile]:
    rows = copy.files.filter(gone_at=None).defer("data").select_related("changed_by")
    return rows.order_by("path")


def gone_files(copy: WorkingCopy, *, most: int = 50) -> QuerySet[CopyFile]:
    """States that can be brought back, the latest first."""
    rows = copy.files.filter(gone_at__isnull=False).defer("data").select_related("changed_by")
    return rows.order_by("-gone_at", "-pk")[:most]


def last_verification(copy: WorkingCopy) -> AuthorJob | None:
    """Its gates are read when they are asked for."""
    return copy.jobs.filter(op=AuthorJob.Op.VERIFY).order_by("-pk").defer("gates").first()


def last_verifications(course: Course) -> dict[int, AuthorJob]:
    """By working copy. One query."""
    verifications = AuthorJob.objects.filter(op=AuthorJob.Op.VERIFY)
    later = verifications.filter(copy=OuterRef("copy"), pk__gt=OuterRef("pk"))
    rows = verifications.filter(~Exists(later), copy__course=course)
    return {job.copy_id: job for job in rows.defer("gates", "measured")}


def published_digests(course: Course) -> dict[int, str]:
    """Of the files that the newest version of each own exercise was made of. One query."""
    rows = Publication.objects.filter(
        exercise__course=course, version=F("exercise__newest")
    ).order_by("pk")
    return dict(rows.values_list("exercise", "verified"))


def last_preview(copy: WorkingCopy, user_id: int) -> AuthorJob | None:
    mine = copy.jobs.filter(op=AuthorJob.Op.PREPARE, created_by=user_id)
    return mine.order_by("-pk").first()


def versions_of(exercise: Exercise) -> list[PublishedVersion]:
    """The latest first. Two queries."""
    who = {p.version_id: p for p in Publication.objects.filter(exercise=exercise).select_related(
        "published_by"
    ).order_by("pk")}  # fmt: skip
    rows = exercise.versions.order_by("created_at", "pk")
    numbered = [PublishedVersion(k, row, who.get(row.pk)) for k, row in enumerate(rows, start=1)]
    return numbered[::-1]


def items_of(exercise: Exercise, course: Course) -> QuerySet[Item]:
    """Where a course uses an exercise; `has_submissions` says whether somebody submitted."""
    submitted = Submission.objects.graded().filter(item=OuterRef("pk"))
    rows = Item.objects.filter(exercise=exercise, assignment__course=course)
    rows = rows.select_related("assignment", "version").annotate(has_submissions=Exists(submitted))
    return rows.order_by("assignment__order", "pk")
