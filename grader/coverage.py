"""Which exercises cover which concept."""

from __future__ import annotations

from pathlib import Path

from grader.exercise import bank


def coverage(root: Path) -> dict[str, list[str]]:
    """Return the ids of the exercises of each concept of concepts.toml, in the bank's order.

    Raises: ExerciseError with file and line.
    """
    found: dict[str, list[str]] = {key: [] for key in bank.concepts(root)}
    for folder in bank.folders(root):
        exercise = bank.load_in_bank(folder)
        used = {*exercise.manifest.concepts, *(item.concept for item in exercise.items)}
        for concept in sorted(used & found.keys()):
            found[concept].append(exercise.manifest.id)
    return found
