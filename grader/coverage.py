"""Which exercises cover which concept, and the page of all exercises."""

from __future__ import annotations

from pathlib import Path

from grader.exercise import bank
from grader.exercise.load import Exercise

COMMAND = "python -m grader coverage --markdown > docs/catalogue.md"
MOST_CONCEPTS = 6  # of one exercise; more are counted
_HEAD = """\
| | Exercise | Kind | Difficulty | Points | After | Concepts |
|---|---|---|---|---|---|---|"""


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


def catalogue(root: Path) -> str:
    """Return the page of a bank that lies beside the folder of the page.

    Raises: ExerciseError with file and line.
    """
    units = _units(root)
    exercises = [exercise for found in units.values() for exercise in found]
    points = sum(exercise.manifest.points for exercise in exercises)
    lines = [
        "# The catalogue",
        "",
        f"{len(exercises)} exercises in {len(units)} units, {points:g} points. Within a unit they",
        "stand in the order in which they are meant to be done; *after* names exercises to do",
        "before. Difficulty goes from 1 to 5.",
        "",
        f"Written by `{COMMAND}`; a test compares it with the exercises.",
    ]
    for unit, found in units.items():
        lines += ["", f"## {heading(unit)}", "", _HEAD]
        lines += [_row(root, unit, exercise) for exercise in found]
    return "\n".join([*lines, "", *_by_concept(root), ""])


def heading(unit: str) -> str:
    """Return a unit's name as a heading."""
    return "GPU" if unit == "gpu" else unit.replace("-", " ").capitalize()


def _units(root: Path) -> dict[str, list[Exercise]]:
    """Return the exercises of each unit in their order; units in the order of concepts.toml."""
    found: dict[str, list[Exercise]] = {c.unit: [] for c in bank.concepts(root).values()}
    for folder in bank.folders(root):
        found.setdefault(folder.parent.name, []).append(bank.load_in_bank(folder))
    for exercises in found.values():
        exercises.sort(key=lambda exercise: (exercise.manifest.order, exercise.manifest.id))
    return {unit: exercises for unit, exercises in found.items() if exercises}


def _row(root: Path, unit: str, exercise: Exercise) -> str:
    manifest = exercise.manifest
    concepts = dict.fromkeys([*manifest.concepts, *(item.concept for item in exercise.items)])
    link = f"[{_cell(manifest.title)}](../{root.name}/{unit}/{manifest.id}/statement.md)"
    few = len(concepts) <= MOST_CONCEPTS
    cells = [
        f"{manifest.order}",
        f"{link} `{manifest.id}`",
        manifest.kind,
        f"{manifest.difficulty}",
        f"{manifest.points:g}",
        ", ".join(f"`{before}`" for before in manifest.prerequisites) or "-",
        ", ".join(concepts) if few else f"{len(concepts)} concepts",
    ]
    return f"| {' | '.join(cells)} |"


def _by_concept(root: Path) -> list[str]:
    """Return a table of the concepts and the exercises that cover them."""
    covered = coverage(root)
    rows = [
        f"| {_cell(concept.title)} `{key}` | {', '.join(f'`{e}`' for e in covered[key]) or '-'} |"
        for key, concept in bank.concepts(root).items()
    ]
    return ["## By concept", "", "| Concept | Exercises |", "|---|---|", *rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
