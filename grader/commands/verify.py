"""`python -m grader verify` and `coverage`."""

from __future__ import annotations

import json
import os
import time
from argparse import Namespace
from collections import defaultdict
from pathlib import Path

from grader.commands.bench import BANK, CommandError, bench
from grader.contracts import Gate
from grader.coverage import catalogue
from grader.coverage import coverage as covered
from grader.daemon.host import timing_cores
from grader.daemon.queue import Slots
from grader.exercise import bank
from grader.exercise.load import MANIFEST
from grader.verify.run import Options, Workshop, verify_folders
from grader.verify.table import rows, summary

RED = 1


def verify(options: Namespace) -> int:
    """Run the gates of exercises. Return 1 where one is red."""
    folders = _folders(options.path)
    began = time.monotonic()
    gates: dict[str, list[Gate]] = defaultdict(list)

    def tell(gate: Gate) -> None:
        if options.json:
            print(gate.model_dump_json(), flush=True)  # noqa: T201
        else:
            gates[gate.exercise].append(gate)

    slots = options.slots or len(os.sched_getaffinity(0))
    chosen = Options(options.seeds, options.timing, options.write)
    with bench(options.backend) as at:
        workshop = Workshop(at.backend, at.versions, Slots(slots, timing_cores()), slots)
        verified = verify_folders(workshop, folders, chosen, tell)
    if options.json:
        print(verified.model_dump_json(exclude_none=True))  # noqa: T201
    else:
        for folder in folders:
            print("\n".join(rows(gates[folder.name])))  # noqa: T201
        print(summary(verified, time.monotonic() - began))  # noqa: T201
    return RED if verified.red else 0


def coverage(options: Namespace) -> int:
    """Print which exercises cover which concept. Return 1 where one has none."""
    found = covered(Path(options.bank))
    missing = sorted(concept for concept, exercises in found.items() if not exercises)
    if options.markdown:
        print(catalogue(Path(options.bank)), end="")  # noqa: T201
    elif options.json:
        print(json.dumps(found, ensure_ascii=False))  # noqa: T201
    else:
        for concept, exercises in found.items():
            print(f"{concept:32} {', '.join(exercises) or '-'}")  # noqa: T201
        print(f"{len(found) - len(missing)} of {len(found)} concepts covered")  # noqa: T201
    return RED if missing else 0


def _folders(paths: list[str]) -> list[Path]:
    """Return the exercise folders below some paths, or named by id. Raises: ExerciseError."""
    if not paths:
        paths = [str(BANK)]
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir() and not (path / MANIFEST).is_file():
            inside = sorted(manifest.parent for manifest in path.rglob(MANIFEST))
            if not inside:
                raise CommandError(f"{name}: no {MANIFEST} below this folder.")
            found += [folder.resolve() for folder in inside]
        else:
            found.append(bank.find(BANK, name))
    return list(dict.fromkeys(found))
