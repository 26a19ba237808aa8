"""Submissions that were really graded, with all that came of them; kept in a file beside this one.

`manage.py demo_samples` writes it. The work in a demo is made of these, so that pages show what a
grader says and not what somebody thought it might say.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("samples.json.gz")
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """Figure data that a verdict names by its hash."""

    sha256: str
    name: str
    media: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one student's page needs, as the grader drew it."""

    numbers: dict[str, Any] | None
    form: dict[str, Any] | None
    figure: dict[str, Any] | None
    starter: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One graded submission. `drawing`: for which of the exercise's drawings; none where it draws
    nothing."""

    exercise: str
    name: str
    drawing: int | None
    parts: dict[str, str]
    verdict: dict[str, Any]
    pictures: tuple[Picture, ...] = ()

    @property
    def share(self) -> float:
        """Of full marks."""
        most = float(self.verdict["max_points"])
        return float(self.verdict["points"]) / most if most else 0.0


@dataclass(frozen=True, slots=True)
class Samples:
    """By exercise id."""

    drawings: dict[str, list[Drawing]] = field(default_factory=lambda: defaultdict(list))
    graded: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def of(self, exercise: str, drawing: int | None) -> list[Sample]:
        graded = self.graded.get(exercise, [])  # to ask adds nothing: what was read is kept
        return [sample for sample in graded if sample.drawing == drawing]


def write(samples: Samples, file: Path = FILE) -> None:
    """The same samples make the same bytes."""
    graded = [sample for of in samples.graded.values() for sample in of]
    pictures = {one.sha256: asdict(one) for sample in graded for one in sample.pictures}
    data = {
        "schema": _SCHEMA,
        "drawings": {slug: [asdict(one) for one in of] for slug, of in samples.drawings.items()},
        "samples": [
            {**asdict(sample), "pictures": [one.sha256 for one in sample.pictures]}
            for sample in graded
        ],
        "pictures": [pictures[sha256] for sha256 in sorted(pictures)],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


@cache
def read(file: Path = FILE) -> Samples:
    """Raises: ValueError, where the file is of another schema."""
    data = json.loads(gzip.decompress(file.read_bytes()))
    if data["schema"] != _SCHEMA:
        raise ValueError(f"{file} has schema {data['schema']}; run manage.py demo_samples again")
    pictures = {one["sha256"]: Picture(**one) for one in data["pictures"]}
    found = Samples()
    for slug, of in data["drawings"].items():
        found.drawings[slug].extend(Drawing(**one) for one in of)
    for one in data["samples"]:
        shown = tuple(pictures[sha256] for sha256 in one.pop("pictures"))
        found.graded[one["exercise"]].append(Sample(**one, pictures=shown))
    return found
