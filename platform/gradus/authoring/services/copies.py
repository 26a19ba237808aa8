"""Working copies and their files. Each change looks at once whether the files are an exercise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grader.errors import ExerciseError
from grader.exercise.load import MANIFEST
from grader.exercise.manifest import parse_manifest
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.authoring import files as rules
from gradus.authoring.errors import AuthoringRefused, ChangedMeanwhile, FilesRefused
from gradus.authoring.models import CopyFile, WorkingCopy
from gradus.catalog import services as catalog
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Course

log = structlog.get_logger(__name__)

MOST_COPIES = 300  # of a course
MOST_GONE_FILES = 300  # states that can be brought back, of a working copy
MOST_GONE_BYTES = 16 << 20
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@transaction.atomic
def create(
    *, course: Course, slug: str, files: Mapping[str, bytes], actor: User, now: datetime
) -> WorkingCopy:
    """Make an own exercise of a course out of some files; its id is taken from now on.

    Raises: AuthoringRefused: no id, one that is taken, too many; FilesRefused.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise AuthoringRefused(
            _(
                "An id has lower-case letters, digits and single hyphens, begins with a letter,"
                " and is at most 60 long, such as my-first-exercise."
            )
        )
    rules.refuse_unusable({path: len(data) for path, data in files.items()})
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    if WorkingCopy.objects.filter(course=course).count() >= MOST_COPIES:
        raise AuthoringRefused(
            _("A course can have at most {most} exercises of its own.").format(most=MOST_COPIES)
        )
    try:
        with transaction.atomic():
            exercise = Exercise.objects.create(
                slug=slug, unit=catalog.unit_of(rules.UNIT), title=slug, kind="", course=course
            )
    except IntegrityError as error:
        raise AuthoringRefused(_taken(slug, course)) from error
    copy = WorkingCopy.objects.create(
        course=course, exercise=exercise, title=slug, kind="", digest="", changed_by=actor,
        changed_at=now, created_at=now,
    )  # fmt: skip
    for path, data in files.items():
        _store(copy, path, data, actor, now)
    _changed(copy, actor, now)
    log.info("exercise begun", copy_id=copy.pk, course_id=course.pk, user_id=actor.pk)
    return copy


def copy_of_exercise(course: Course, exercise_id: int, slug: str) -> dict[str, bytes]:
    """The files of a usable exercise's newest version under another id. Raises: FilesRefused."""
    found = usable_exercises(course.pk).filter(pk=exercise_id).first()
    if found is None or found.newest is None:
        raise FilesRefused(_("Choose an exercise of the list."))
    files = catalog.files_of(found.newest.digest)
    files.pop("derived.json", None)
    return with_id(files, slug)


def with_id(files: Mapping[str, bytes], slug: str) -> dict[str, bytes]:
    """The same files with this id in exercise.toml, where it has a line for one."""
    line = re.compile(rb"^id\s*=.*$", re.MULTILINE)
    manifest = line.sub(f'id = "{slug}"'.encode(), files.get(MANIFEST, b""), count=1)
    return {**files, MANIFEST: manifest} if manifest else dict(files)


@transaction.atomic
def save_file(
    *, copy: WorkingCopy, path: str, data: bytes, base: str, actor: User, now: datetime
) -> WorkingCopy:
    """Store one file. `base`: sha256 of what the author had before them; empty: a new file.

    Raises: FilesRefused; ChangedMeanwhile, where something else is there by now.
    """
    rules.refuse_path(path)
    copy = locked_copy(copy)
    there = copy.files.filter(path=path, gone_at=None).select_related("changed_by").first()
    sha256 = rules.sha256_of(data)
    if there is not None and there.sha256 == sha256:
        return copy
    if (there.sha256 if there else "") != base:
        raise _meanwhile(copy, path, there)
    sizes = _sizes(copy) | {path: len(data)}
    rules.refuse_unusable(sizes)
    if there is not None:
        _forget(there, now)
    _store(copy, path, data, actor, now)
    return _changed(copy, actor, now)


@transaction.atomic
def replace_all(
    *, copy: WorkingCopy, files: Mapping[str, bytes], actor: User, now: datetime
) -> WorkingCopy:
    """Make these the files; what was there before can be brought back. Raises: FilesRefused."""
    copy = locked_copy(copy)
    rules.refuse_unusable({path: len(data) for path, data in files.items()})
    same = set()
    for there in copy.files.filter(gone_at=None).defer("data"):
        data = files.get(there.path)
        if data is not None and rules.sha256_of(data) == there.sha256:
            same.add(there.path)
        else:
            _forget(there, now)
    for path, data in files.items():
        if path not in same:
            _store(copy, path, data, actor, now)
    return _changed(copy, actor, now)


@transaction.atomic
def delete_file(*, copy: WorkingCopy, file_id: int, actor: User, now: datetime) -> CopyFile:
    """Take a file away; it can be brought back. Raises: AuthoringRefused, when it is gone."""
    copy = locked_copy(copy)
    there = copy.files.filter(pk=file_id, gone_at=None).first()
    if there is None:
        raise AuthoringRefused(_("This file is gone already, or was changed meanwhile."))
    _forget(there, now)
    _changed(copy, actor, now)
    return there


@transaction.atomic
def restore_file(*, copy: WorkingCopy, file_id: int, actor: User, now: datetime) -> CopyFile:
    """Bring an earlier state of a file back; what is there now takes its place among the gone.

    Raises: AuthoringRefused, when it is no longer kept; FilesRefused.
    """
    copy = locked_copy(copy)
    gone = copy.files.filter(pk=file_id, gone_at__isnull=False).first()
    if gone is None:
        raise AuthoringRefused(_("This state of the file is no longer kept."))
    rules.refuse_unusable(_sizes(copy) | {gone.path: gone.size_bytes})
    there = copy.files.filter(path=gone.path, gone_at=None).first()
    if there is not None:
        _forget(there, now)
    gone.gone_at, gone.changed_by, gone.changed_at = None, actor, now
    gone.save(update_fields=["gone_at", "changed_by", "changed_at"])
    _changed(copy, actor, now)
    return gone


def delete(*, copy: WorkingCopy, now: datetime) -> None:
    """Put a working copy away. Published versions, and the items made of them, stay."""
    WorkingCopy.objects.filter(pk=copy.pk, deleted_at=None).update(deleted_at=now)


def restore(*, copy: WorkingCopy) -> None:
    WorkingCopy.objects.filter(pk=copy.pk).update(deleted_at=None)


def files_of(copy: WorkingCopy) -> dict[str, bytes]:
    """What the working copy holds now, by path."""
    rows = copy.files.filter(gone_at=None).order_by("path").values_list("path", "data")
    return {path: bytes(data) for path, data in rows}


@transaction.atomic
def take_files(*, copy: WorkingCopy) -> dict[str, bytes]:
    """The same, to be taken away: hidden checks and solutions are among them."""
    files = files_of(copy)
    new = {"exercise": copy.exercise.slug, "files": len(files)}
    record(Action.EXERCISE_TAKEN, course_id=copy.course_id, about=copy.title, new=new)
    return files


def locked_copy(copy: WorkingCopy) -> WorkingCopy:
    """Raises: AuthoringRefused, when it is deleted."""
    locked = WorkingCopy.objects.select_for_update(of=("self",)).select_related("exercise")
    found = locked.get(pk=copy.pk)
    if found.deleted_at is not None:
        raise AuthoringRefused(_("This exercise was deleted. Bring it back first."))
    return found


def _store(copy: WorkingCopy, path: str, data: bytes, actor: User, now: datetime) -> None:
    CopyFile.objects.create(
        copy=copy, path=path, data=data, sha256=rules.sha256_of(data), size_bytes=len(data),
        changed_by=actor, changed_at=now,
    )  # fmt: skip


def _forget(file: CopyFile, now: datetime) -> None:
    CopyFile.objects.filter(pk=file.pk).update(gone_at=now)


def _sizes(copy: WorkingCopy) -> dict[str, int]:
    return dict(copy.files.filter(gone_at=None).values_list("path", "size_bytes"))


def _changed(copy: WorkingCopy, actor: User, now: datetime) -> WorkingCopy:
    """Look at all the files anew: digest, title, and whether they are an exercise."""
    files = files_of(copy)
    copy.digest = rules.digest_of(files)
    copy.fault = rules.fault_of(copy.exercise.slug, files)[:4000]
    copy.changed_by, copy.changed_at = actor, now
    _read_title(copy, files.get(MANIFEST, b""))
    copy.save(update_fields=["digest", "fault", "title", "kind", "changed_by", "changed_at"])
    _prune(copy)
    return copy


def _read_title(copy: WorkingCopy, manifest: bytes) -> None:
    """For lists; the last title that could be read stays."""
    try:
        read = parse_manifest(manifest.decode("utf-8"))
    except (ExerciseError, UnicodeDecodeError):
        return
    copy.title, copy.kind = read.title, read.kind
    unpublished = Exercise.objects.filter(pk=copy.exercise_id, newest__isnull=True)
    unpublished.update(title=read.title, kind=read.kind, difficulty=read.difficulty)


def _prune(copy: WorkingCopy) -> None:
    """Keep the latest of the states that are gone."""
    gone = copy.files.filter(gone_at__isnull=False).order_by("-gone_at", "-pk")
    total, old = 0, []
    for place, (pk, size) in enumerate(gone.values_list("pk", "size_bytes")):
        total += size
        if place >= MOST_GONE_FILES or total > MOST_GONE_BYTES:
            old.append(pk)
    CopyFile.objects.filter(pk__in=old).delete()


def _meanwhile(copy: WorkingCopy, path: str, there: CopyFile | None) -> ChangedMeanwhile:
    if there is not None:
        who = there.changed_by.shown_name
        return ChangedMeanwhile(path, who, bytes(there.data), there.sha256)
    return ChangedMeanwhile(path, copy.changed_by.shown_name, None, "")


def _taken(slug: str, course: Course) -> str:
    mine = WorkingCopy.objects.filter(exercise__slug=slug, course=course).first()
    if mine is not None and mine.deleted_at is not None:
        said = _("The id {id} belongs to an exercise that was deleted here. Bring that one back.")
        return said.format(id=slug)
    said = _("The id {id} is taken: ids are unique on this site. Choose another one.")
    return said.format(id=slug)
