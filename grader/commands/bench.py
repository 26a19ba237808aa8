"""What a command needs to grade without a daemon: a backend and a folder that its sandboxes see."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.contracts import Op, Prepared, Refused
from grader.errors import ExerciseError, GraderError, HostError
from grader.exercise import bank
from grader.exercise.load import Exercise, load
from grader.job.alone import Adopted, adopt, do
from grader.job.backend import HostBackend, open_backend

BANK = Path("exercises")
MAX_FILE_BYTES = 1 << 20


class CommandError(GraderError):
    """A command that cannot be done as it was given."""


@dataclass(frozen=True)
class Bench:
    """A warm backend and its folder of exercise versions."""

    backend: HostBackend
    versions: Path

    def adopt(self, folder: Path) -> Adopted:
        """Let sandboxes see an exercise. Raises: ExerciseError."""
        return adopt(folder, self.versions)


@contextmanager
def bench(backend: str) -> Iterator[Bench]:
    """Open a backend for the length of a command. Raises: HostError, with the remedy."""
    try:
        held = tempfile.TemporaryDirectory(prefix="gradus-")  # for its owner only
    except OSError as error:
        raise HostError(f"There is no room for temporary files: {error}. Set TMPDIR.") from error
    with held as folder:
        versions = Path(folder, "versions")
        versions.mkdir()
        versions.chmod(0o755)  # the sandboxes run as another user
        opened = open_backend(backend, versions)
        try:
            yield Bench(opened, versions)
        finally:
            opened.stop()


def find(name: str) -> Path:
    """Return the folder of an exercise, named by path or id. Raises: ExerciseError."""
    return bank.find(BANK, name)


def read_submission(exercise: Exercise, files: list[str]) -> dict[str, bytes]:
    """Read the parts of a submission. Raises: CommandError."""
    submission: dict[str, bytes] = {}
    for file in files:
        name = {".py": "solution.py", ".json": "answers.json"}.get(Path(file).suffix)
        if name not in exercise.parts:
            wanted = " and ".join(exercise.parts)
            raise CommandError(f"{file}: {exercise.manifest.id} takes {wanted}.")
        if name in submission:
            raise CommandError(f"{file}: there is a {Path(file).suffix} file already.")
        submission[name] = read_file(file)
    return submission


def read_file(file: str) -> bytes:
    """Read a file of at most 1 MiB. Raises: CommandError."""
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    if len(data) > MAX_FILE_BYTES:
        raise CommandError(f"{file}: more than {MAX_FILE_BYTES} bytes.")
    return data


def read_object(file: str) -> dict[str, Any]:
    """Read a JSON object. Raises: CommandError."""
    try:
        found = json.loads(read_file(file))
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file}: no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise CommandError(f"{file}: a JSON object is needed.")
    return found


def numbers_of(
    at: Bench, exercise: Adopted, student_seed: str, file: str | None
) -> dict[str, Any] | None:
    """Return one student's numbers: from a file, or drawn from a seed; None where it has none.

    Raises: CommandError, ExerciseError.
    """
    if file is not None:
        return read_object(file)
    loaded = load(exercise.folder)
    if not (loaded.has_problem or loaded.items):
        return None
    line = do(at.backend, exercise, Op.PREPARE, {}, student_seed=student_seed)
    if isinstance(line, Refused):
        raise ExerciseError(line.why)
    assert isinstance(line, Prepared)
    return line.numbers
