"""Take exercise versions into the catalogue."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from grader.errors import ExerciseError
from grader.exercise import bank, bundle
from grader.exercise.load import ANSWERS_PART, MANIFEST, SOLUTION_PART
from grader.exercise.load import Exercise as ExerciseFolder
from grader.exercise.manifest import Choice, parse_items
from gradus.catalog.models import Exercise, Unit, Version
from gradus.lib import blobs

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one option of a quiz item."""

    right: bool
    why: str


@dataclass(slots=True)
class SyncReport:
    """What a sync did. Ids of exercises; refused ones with the reason."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # folder -> file:line: message


def sync(root: Path) -> SyncReport:
    """Store the current version of each exercise of a bank. One bad folder stops no other one.

    Nothing of a folder is executed. Versions already known, and items pinned to them, stay.
    """
    report = SyncReport()
    for folder in bank.folders(root):
        try:
            exercise = bank.load_in_bank(folder)
            outcome = add_version(exercise, bundle.pack(folder))
        except ExerciseError as error:
            report.refused[f"{folder.parent.name}/{folder.name}"] = str(error)
            continue
        getattr(report, outcome).append(exercise.manifest.id)
    log.info(
        "exercises synced", new=len(report.new), changed=len(report.changed),
        unchanged=len(report.unchanged), refused=len(report.refused),
    )  # fmt: skip
    return report


def add_version(loaded: ExerciseFolder, packed: bytes, *, course_id: int | None = None) -> str:
    """Store one version and make it the newest of its exercise: `new`, `changed` or `unchanged`.

    `course_id`: whose own exercise it is. Raises: ExerciseError, where the id is another's.
    """
    _refuse_another_owner(loaded.manifest.id, course_id)
    blobs.put(blobs.BUNDLES, loaded.version.removeprefix("sha256:"), packed)
    with transaction.atomic():
        exercise, is_new = _exercise(loaded, course_id)
        version, _ = Version.objects.get_or_create(
            digest=loaded.version, defaults={"exercise": exercise, **_columns(loaded)}
        )
        if exercise.newest_id == version.pk:
            return "unchanged"
        exercise.newest = version
        exercise.save(update_fields=["newest"])
    return "new" if is_new else "changed"


def bundle_of(digest: str) -> bytes | None:
    """The bundle of a version, for a grader that lacks it."""
    return blobs.get(blobs.BUNDLES, digest.removeprefix("sha256:"))


@lru_cache(maxsize=64)
def quiz_explanations(digest: str) -> dict[str, dict[str, Explanation]]:
    """Why each option of a version's choices is right or wrong: by item id, then by its text.

    Empty for what has no quiz. The keys of the right answers are in here: mind who is told.
    """
    text = file_of(digest, "items.toml")
    if text is None:
        return {}
    items = parse_items(text.decode()).items
    return {
        item.id: {o.text.strip(): Explanation(o.right, o.why) for o in item.options}
        for item in items
        if isinstance(item, Choice)
    }


def given_files(digest: str) -> dict[str, bytes]:
    """What a version gives to students' code, by path below given/."""
    given = files_of(digest, below="given/")
    return {path.removeprefix("given/"): data for path, data in given.items()}


def reference_solution(digest: str) -> str | None:
    """The code of a version's reference solution, for those who may read it; None: it has none."""
    code = file_of(digest, SOLUTION_PART)
    return None if code is None else code.decode()


def file_of(digest: str, path: str) -> bytes | None:
    """One file of a version; None where it has none, or its bundle is gone."""
    return files_of(digest, below=path).get(path)


def files_of(digest: str, *, below: str = "") -> dict[str, bytes]:
    """The files of a version whose paths begin so, by path; none where its bundle is gone."""
    packed = bundle_of(digest)
    if packed is None:
        return {}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = [name for name in archive.namelist() if name.startswith(below)]
        return {name: archive.read(name) for name in names}


def unit_of(slug: str) -> Unit:
    """The unit of this name; a new one is put where a course expects it."""
    unit, _ = Unit.objects.get_or_create(
        slug=slug, defaults={"title": _title(slug), "order": UNIT_ORDER.get(slug, 99)}
    )
    return unit


def _refuse_another_owner(slug: str, course_id: int | None) -> None:
    known = Exercise.objects.filter(slug=slug).values_list("course_id", flat=True)
    for owner in known:
        if owner != course_id:
            whose = "the site" if owner is None else "a course"
            raise ExerciseError(f"id: {whose} has an exercise {slug!r} already.", MANIFEST)


def _exercise(loaded: ExerciseFolder, course_id: int | None) -> tuple[Exercise, bool]:
    manifest = loaded.manifest
    own: dict[str, Any] = {"slug": manifest.id, "course_id": course_id}
    return Exercise.objects.update_or_create(
        **own,
        defaults={
            "unit": unit_of(loaded.unit),
            "title": manifest.title,
            "kind": manifest.kind,
            "difficulty": manifest.difficulty,
            "order": manifest.order,
        },
    )


def _columns(loaded: ExerciseFolder) -> dict[str, object]:
    manifest = loaded.manifest
    return {
        "title": manifest.title,
        "kind": manifest.kind,
        "points": Decimal(repr(manifest.points)),
        "flavour": manifest.flavour,
        "manifest": manifest.model_dump(mode="json", by_alias=True),
        "statement": loaded.statement,
        "starter": loaded.starter or "",
        "has_code": SOLUTION_PART in loaded.parts,
        "has_answers": ANSWERS_PART in loaded.parts,
        "is_personal": loaded.has_problem or bool(loaded.items),
        "has_gpu_part": any(part.lane == "gpu" for part in manifest.performance.values()),
    }


def _title(slug: str) -> str:
    if slug in ACRONYMS:
        return slug.upper()
    return slug.replace("-", " ").capitalize()


ACRONYMS = frozenset({"gpu"})  # units whose name is one

# The order in which a course goes through the units of the bank; others come after them.
UNIT_ORDER = {
    slug: order
    for order, slug in enumerate(
        (
            "maths-and-data",
            "one-neuron",
            "activations-and-losses",
            "backpropagation",
            "optimisers",
            "training-practice",
            "convolution",
            "sequences-and-attention",
            "detection",
            "gpu",
            "concepts",
        )
    )
}
