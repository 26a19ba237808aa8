"""A bank of exercises: `<root>/<unit>/<id>/exercise.toml`, and concepts.toml beside the units."""

from __future__ import annotations

from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise.load import MANIFEST, Exercise, load
from grader.exercise.manifest import Concept, parse_concepts


def folders(root: Path) -> list[Path]:
    """The exercise folders of a bank, sorted by unit and id."""
    return sorted(path.parent for path in root.glob(f"*/*/{MANIFEST}"))


def find(root: Path, id_or_path: str) -> Path:
    """The folder of an exercise, named by its path or by its id in the bank.

    Raises: ExerciseError if there is none, or more than one of that id.
    """
    path = Path(id_or_path)
    if (path / MANIFEST).is_file():
        return path.resolve()
    found = [folder for folder in folders(root) if folder.name == id_or_path]
    if len(found) == 1:
        return found[0].resolve()
    if found:
        raise ExerciseError(f"{id_or_path} is there twice: {found[0]} and {found[1]}.")
    raise ExerciseError(
        f"{id_or_path} is neither a folder with {MANIFEST} nor an id in {root}/.",
    )


def load_in_bank(folder: Path) -> Exercise:
    """Load an exercise that lies in a bank, where its folder has its id.

    Raises: ExerciseError.
    """
    exercise = load(folder)
    if folder.resolve().name != exercise.manifest.id:
        raise ExerciseError(f"id: {exercise.manifest.id!r} is not the folder's name.", MANIFEST)
    return exercise


def concepts(root: Path) -> dict[str, Concept]:
    """What a course must cover, by key. Raises: ExerciseError with file and line."""
    path = root / "concepts.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"The file cannot be read: {error}.", str(path)) from error
    return parse_concepts(text, str(path))
