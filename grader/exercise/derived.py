"""derived.json: what `verify --write` measured, stamped with the digest of the other files."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from grader.errors import ExerciseError
from grader.exercise.digest import version_of
from grader.exercise.strict_toml import Strict

NAME = "derived.json"
MAX_BYTES = 256 * 1024


class Derived(Strict):
    """Measured numbers of one exercise."""

    format: int = Field(default=1, ge=1, le=1, alias="schema")
    stamp: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    tolerances: dict[str, float] = {}  # step -> absolute tolerance
    ratios: dict[str, float] = {}  # performance check -> the reference's ratio


def stamp_of(folder: Path) -> str:
    """The digest of all files but derived.json itself. Raises: ExerciseError."""
    return version_of(folder, without=frozenset({NAME}))


def read(folder: Path) -> Derived | None:
    """The measured numbers, or None where there are none; see `is_current`.

    Raises: ExerciseError if the file is no such JSON.
    """
    path = folder / NAME
    if not path.exists():
        return None
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise ExerciseError(f"The file has more than {MAX_BYTES} bytes.", NAME)
    try:
        return Derived.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ExerciseError(
            f"{where}: {first['msg']}. Write it anew with verify --write.", NAME
        ) from error


def is_current(derived: Derived, folder: Path) -> bool:
    """Whether the numbers belong to the other files as they are now."""
    return derived.stamp == stamp_of(folder)


def write(folder: Path, *, tolerances: dict[str, float], ratios: dict[str, float]) -> Derived:
    """Write derived.json with the stamp of the other files. Raises: ExerciseError."""
    derived = Derived(stamp=stamp_of(folder), tolerances=tolerances, ratios=ratios)
    text = derived.model_dump_json(indent=2, by_alias=True) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")
    return derived
