"""What graders do for authors: asked for, handed out under a lease, stopped, stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from grader.contracts import Gate, Measured, Prepared
from gradus.accounts.models import User
from gradus.authoring import files as rules
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.authoring.services.copies import files_of, locked_copy
from gradus.lib import blobs, queue
from gradus.lib.storable import storable
from gradus.submissions.errors import StaleToken

log = structlog.get_logger(__name__)

WORK = "authoring.work"
LANES = {AuthorJob.Op.VERIFY.value: "cpu", AuthorJob.Op.PREPARE.value: "light"}
SEEDS = (5, 20, 100)
MOST_GATES = 3000
MOST_MESSAGE = 600  # characters of a gate's message
MOST_PREVIEWS = 20  # of a person in a minute
Numbers = dict[str, Any]


@transaction.atomic
def verify(*, copy: WorkingCopy, seeds: int, actor: User, now: datetime) -> AuthorJob:
    """Ask for all gates of the files as they are now.

    Raises: AuthoringRefused: files that are no exercise, or a verification under way.
    """
    if seeds not in SEEDS:
        raise AuthoringRefused(_("Choose how many draws are tried."))
    copy, fields = _ready(copy, actor, now)
    try:
        with transaction.atomic():
            job = AuthorJob.objects.create(copy=copy, op=AuthorJob.Op.VERIFY, seeds=seeds, **fields)
    except IntegrityError as error:
        raise AuthoringRefused(
            _("A verification is under way. Wait for it, or stop it.")
        ) from error
    _wake(job.op)
    return job


@transaction.atomic
def preview(
    *, copy: WorkingCopy, actor: User, now: datetime, numbers: Numbers | None = None
) -> AuthorJob:
    """Ask for what a student's page would need: with a student's numbers, or freshly drawn ones.

    Raises: AuthoringRefused: files that are no exercise, or too many at once.
    """
    lately = AuthorJob.objects.filter(op=AuthorJob.Op.PREPARE, created_by=actor)
    if lately.filter(created_at__gt=now - timedelta(minutes=1)).count() >= MOST_PREVIEWS:
        raise AuthoringRefused(
            _("{most} previews in a minute are enough. Wait a little.").format(most=MOST_PREVIEWS)
        )
    copy, fields = _ready(copy, actor, now)
    seed = "" if numbers is not None else token_hex(32)
    job = AuthorJob.objects.create(
        copy=copy, op=AuthorJob.Op.PREPARE, numbers=numbers, student_seed=seed, **fields
    )
    _wake(job.op)
    return job


def stop(*, job: AuthorJob, now: datetime) -> bool:
    """End an open job; the grader notices within seconds. False: it had ended by itself."""
    still_open = AuthorJob.objects.filter(pk=job.pk, state__in=["queued", "running"])
    changed = still_open.update(
        state=AuthorJob.State.STOPPED, token=None, lease_until=None, ended_at=now
    )
    return changed == 1


def claimable(now: datetime) -> Q:
    return Q(state=AuthorJob.State.QUEUED, not_before__lte=now) | Q(
        state=AuthorJob.State.RUNNING, lease_until__lt=now
    )


def claim_next(op: str, *, now: datetime) -> AuthorJob | None:
    """Take the oldest job of a kind; one that has used all its tries ends as `error` instead."""
    waiting = AuthorJob.objects.filter(claimable(now), op=op).order_by("created_at", "pk")
    for job in waiting.defer("gates", "prepared")[:8]:
        mine = AuthorJob.objects.filter(claimable(now), pk=job.pk, tries=job.tries)
        if job.tries >= settings.MAX_TRIES:
            why = f"Stopped after {job.tries} tries: {job.fault or 'the worker died'}."
            mine.update(
                state=AuthorJob.State.ERROR, token=None, lease_until=None, ended_at=now,
                fault=why[:4000],
            )  # fmt: skip
            continue
        changed = mine.update(
            state=AuthorJob.State.RUNNING, tries=F("tries") + 1, token=uuid4(),
            lease_until=now + settings.LEASE, started_at=now, gates=[], gate_count=0, red_count=0,
        )  # fmt: skip
        if changed == 1:
            return AuthorJob.objects.select_related("copy__exercise").get(pk=job.pk)
    return None


def report(job: AuthorJob, gates: Sequence[Gate], *, now: datetime) -> bool:
    """Show how far it is, and keep the lease; False when it was stopped, or is another's."""
    return _held(job).update(lease_until=now + settings.LEASE, **_columns(gates)) == 1


def extend_lease(job: AuthorJob, *, now: datetime) -> bool:
    return _held(job).update(lease_until=now + settings.LEASE) == 1


def store_verified(
    job: AuthorJob, gates: Sequence[Gate], measured: Measured, *, now: datetime
) -> None:
    """Raises: StaleToken."""
    _end(job, now, measured=storable(measured.model_dump()), **_columns(gates))


def store_prepared(job: AuthorJob, prepared: Prepared, *, now: datetime) -> None:
    """Raises: StaleToken."""
    _end(job, now, prepared=storable(prepared.model_dump(exclude={"event"})))


def refuse(job: AuthorJob, why: str, *, now: datetime) -> None:
    """End a job whose files are at fault. Raises: StaleToken."""
    _end(job, now, state=AuthorJob.State.ERROR, fault=storable(why[:4000]))


def give_back(job: AuthorJob, *, why: str, now: datetime, counts: bool = True) -> None:
    """Return it to the queue, after a pause where a try failed. Raises: StaleToken."""
    wait = settings.RETRY_PAUSE * (job.tries if counts else 1)
    changed = _held(job).update(
        state=AuthorJob.State.QUEUED, token=None, lease_until=None, not_before=now + wait,
        tries=F("tries") if counts else F("tries") - 1, fault=storable(why[:4000]),
    )  # fmt: skip
    if changed != 1:
        raise StaleToken(f"author job {job.pk}")


def _ready(copy: WorkingCopy, actor: User, now: datetime) -> tuple[WorkingCopy, dict[str, Any]]:
    """The files as a bundle that graders can ask for, under their digest."""
    copy = locked_copy(copy)
    if copy.fault:
        raise AuthoringRefused(_("These files are no exercise yet. {why}").format(why=copy.fault))
    packed = rules.packed(copy.exercise.slug, files_of(copy))
    blobs.put(blobs.BUNDLES, copy.digest.removeprefix("sha256:"), packed)
    return copy, {
        "digest": copy.digest, "created_by": actor, "created_at": now, "not_before": now,
    }  # fmt: skip


def _wake(op: str) -> None:
    transaction.on_commit(lambda: queue.send(WORK, [str(op)], lane=LANES[op]))


def _columns(gates: Sequence[Gate]) -> dict[str, Any]:
    return {
        "gates": [_as_json(gate) for gate in gates[:MOST_GATES]],
        "gate_count": len(gates),
        "red_count": sum(not gate.passed for gate in gates),
    }


def _as_json(gate: Gate) -> dict[str, Any]:
    data = gate.model_dump(mode="json", exclude={"event", "exercise", "seconds"})
    return dict(storable(data | {"message": gate.message[:MOST_MESSAGE]}))


def _held(job: AuthorJob) -> QuerySet[AuthorJob]:
    return AuthorJob.objects.filter(pk=job.pk, token=job.token, state=AuthorJob.State.RUNNING)


def _end(job: AuthorJob, now: datetime, **columns: Any) -> None:
    values = {"state": AuthorJob.State.DONE, "fault": ""} | columns
    changed = _held(job).update(token=None, lease_until=None, ended_at=now, **values)
    if changed != 1:
        raise StaleToken(f"author job {job.pk}")
    log.info("author job ended", job_id=job.pk, state=values["state"])
