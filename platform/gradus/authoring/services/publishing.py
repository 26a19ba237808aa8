"""Make the files of a working copy the newest version, when exactly they have been verified."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grader.errors import ExerciseError
from grader.exercise import bundle, derived
from grader.exercise.bank import load_in_bank
from gradus.accounts.models import User
from gradus.audit.actions import Action
from gradus.audit.services import record
from gradus.authoring import files as rules
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import AuthorJob, Publication, WorkingCopy
from gradus.authoring.services.copies import files_of, locked_copy
from gradus.catalog import services as catalog
from gradus.catalog.models import Version
from gradus.courses.models import Item
from gradus.submissions import services as submissions
from gradus.submissions.models import Submission

log = structlog.get_logger(__name__)


def why_not(copy: WorkingCopy, last: AuthorJob | None) -> str:
    """Why these files cannot be published now; empty: they can. `last`: its last verification."""
    if copy.fault:
        return _("The files are no exercise yet. {why}").format(why=copy.fault)
    if last is None:
        return _("These files have not been verified.")
    if last.is_open:
        return _("The verification is under way.")
    if last.digest != copy.digest:
        return _("The files have changed since they were verified. Verify them again.")
    if last.state != AuthorJob.State.DONE:
        return _("The last verification did not come to its end. Verify again.")
    return "" if last.is_green else _red(last.red_count)


def _red(count: int) -> str:
    said = ngettext("{count} gate does not hold.", "{count} gates do not hold.", count)
    return said.format(count=count)


@transaction.atomic
def publish(*, copy: WorkingCopy, actor: User, now: datetime) -> Publication:
    """Store the verified files with what was measured of them; items stay at their versions.

    Raises: AuthoringRefused, unless the last verification is green and of exactly these files.
    """
    copy = locked_copy(copy)
    last = copy.jobs.filter(op=AuthorJob.Op.VERIFY).order_by("-pk").first()
    refused = why_not(copy, last)
    if refused or last is None:
        raise AuthoringRefused(refused)
    if is_newest(copy):
        raise AuthoringRefused(_("These files are the newest version already."))
    files = files_of(copy)
    if rules.digest_of(files) != last.digest:
        raise AuthoringRefused(_("The files are others than those that were verified."))
    digest = _add_version(copy, files, last)
    made = Publication.objects.create(
        exercise=copy.exercise, version=Version.objects.get(digest=digest), verified=last.digest,
        gate_count=last.gate_count, seeds=last.seeds, published_by=actor, published_at=now,
    )  # fmt: skip
    record(
        Action.EXERCISE_PUBLISHED, course_id=copy.course_id, about=copy.title,
        new={"exercise": copy.exercise.slug, "version": digest, "draws": last.seeds},
    )  # fmt: skip
    log.info("exercise published", copy_id=copy.pk, version_id=made.version_id, user_id=actor.pk)
    return made


def is_newest(copy: WorkingCopy) -> bool:
    """Whether the newest version was made of exactly these files."""
    newest = copy.exercise.newest_id
    made = Publication.objects.filter(exercise=copy.exercise, version=newest)
    return made.filter(verified=copy.digest).exists()


@transaction.atomic
def move_to_newest(*, item: Item) -> None:
    """Pin an item to its exercise's newest version; points that somebody chose stay.

    Students' numbers stay too; what their pages show of them is prepared anew.

    Raises: AuthoringRefused, where somebody has submitted: marks change by a regrade alone.
    """
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if Submission.objects.graded().filter(item=item).exists():
        raise AuthoringRefused(
            _(
                "Students have submitted for the older version. A regrade moves their work to the"
                " newest one, and shows every mark that would change first."
            )
        )
    if not submissions.move_to_newest(item=item):
        raise AuthoringRefused(_("It uses the newest version already."))


def _add_version(copy: WorkingCopy, files: dict[str, bytes], last: AuthorJob) -> str:
    measured = last.measured or {}
    try:
        with rules.folder_of(copy.exercise.slug, files) as folder:
            if measured.get("tolerances") or measured.get("ratios"):
                derived.write(folder, tolerances=measured["tolerances"], ratios=measured["ratios"])
            loaded = load_in_bank(folder)
            catalog.add_version(loaded, bundle.pack(folder), course_id=copy.course_id)
    except ExerciseError as error:
        raise AuthoringRefused(
            _("The files cannot be published. {why}").format(why=error)
        ) from error
    return loaded.version
