"""`gradus test --offline`: the student's file against the examples that `pull` brought."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus_cli.errors import CliError
from gradus_cli.folder import EXAMPLES
from gradus_cli.show import clean, indented

SECONDS = 120.0
MOST_BYTES = 4 << 20
PROGRAM = Path(__file__).with_name("replay.py")
NOTE = (
    "These are recorded examples on your own computer, not the grader: no time or memory limit, no"
    " hidden check, no points. Before you submit: gradus test"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one check."""

    id: str
    title: str
    compared: int
    differs: str  # the first value that is not as recorded
    left_out: str  # why some or all of it cannot be compared here
    steps: int

    @property
    def state(self) -> str:
        if self.differs:
            return "differs"
        return "agrees" if self.compared else "not compared"


def examples(folder: Path) -> list[dict[str, Any]]:
    """Read what `pull` wrote. Raises: CliError."""
    path = folder / EXAMPLES
    try:
        found = json.loads(path.read_text())
        checks: list[dict[str, Any]] = found["checks"]
        for check in checks:
            check["id"], check["title"], check["left_out"], list(check["steps"])
    except FileNotFoundError as error:
        raise CliError(
            "There are no examples in this folder. Run `gradus pull` again, or `gradus test`."
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CliError(f"{path} cannot be read. Pull the exercise again.") from error
    return checks


def run(folder: Path, checks: list[dict[str, Any]], python: str) -> list[Outcome]:
    """Make the recorded calls in a process of its own. Raises: CliError."""
    asked = [check for check in checks if check["steps"]]
    answered = {one["id"]: one for one in _answers(folder, asked, python)} if asked else {}
    return [_outcome(check, answered.get(check["id"])) for check in checks]


def python_of(name: str | None) -> str:
    """Return the Python that runs the file: the one named, this one, or the shell's.

    Raises: CliError where none of them has numpy.
    """
    known = [name] if name else [sys.executable, shutil.which("python3") or ""]
    for one in filter(None, known):
        command = [one, "-c", "import numpy"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return one
    where = " and ".join(filter(None, known))
    raise CliError(f"{where} cannot import numpy. Name one that can with --python PATH.")


def lines(outcomes: list[Outcome]) -> Iterator[str]:
    """What a person reads."""
    marks = {"agrees": "✓", "differs": "✗", "not compared": "·"}
    for one in outcomes:
        values = "1 value" if one.compared == 1 else f"{one.compared} values"
        how = {"agrees": f"{values} agree", "differs": "differs"}.get(one.state, "not compared")
        yield f"  {marks[one.state]} {clean(one.title)} ({how})"
        if one.differs:
            yield indented(one.differs, 6)
        if one.left_out:
            part = "Some of it" if one.compared or one.differs else "It"
            yield indented(f"{part} cannot be compared here: the check {one.left_out}.", 6)
    if not outcomes:
        yield "  No check of this exercise could be recorded."
    yield NOTE


def _answers(folder: Path, checks: list[dict[str, Any]], python: str) -> list[dict[str, Any]]:
    command = [python, str(PROGRAM)]
    body = json.dumps(checks).encode()
    try:
        done = subprocess.run(  # noqa: S603 -- one's own file, on one's own computer
            command, cwd=folder, input=body, stdout=subprocess.PIPE, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise CliError(f"Your file did not end within {SECONDS:g} s.") from late
    except OSError as error:
        raise CliError(f"{python} cannot be started: {error.strerror}.") from error
    found = [_answer(line) for line in done.stdout[:MOST_BYTES].splitlines()]
    if found and "unusable" in found[0]:
        raise CliError(f"Your file cannot be imported: {found[0]['unusable']}")
    if found and "refused" in found[-1]:
        raise CliError(f"The examples ask for {found[-1]['refused']!r}, which no check does.")
    if len(found) < len(checks):
        check = checks[len(found)]
        found.append({"id": check["id"], "compared": 0, "differs": "Your file ended the process."})
    return found


def _answer(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise CliError("Your file wrote to where only the comparison writes.") from error
    if not isinstance(found, dict):
        raise CliError("Your file wrote to where only the comparison writes.")
    return found


def _outcome(check: dict[str, Any], answer: dict[str, Any] | None) -> Outcome:
    left_out = str(check["left_out"])
    if answer is None and check["steps"]:
        left_out = "was not run, because your file ended the process"
    answer = answer or {"compared": 0, "differs": ""}
    if not left_out and not answer["compared"] and not answer["differs"]:
        left_out = "looks at more than values that can be written down"
    return Outcome(
        str(check["id"]),
        str(check["title"]),
        int(answer["compared"]),
        str(answer["differs"]),
        left_out,
        len(check["steps"]),
    )
