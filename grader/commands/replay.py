"""`python -m grader replay`."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from grader.commands.bench import CommandError, bench, find
from grader.commands.grade import regraded
from grader.exercise.digest import version_of
from grader.replay import differences, read_record

DIFFERENT = 1


def replay(options: Namespace) -> int:
    """Grade a record again. Return 1 where the verdict differs."""
    record = read_record(Path(options.record))
    folder = find(options.exercise or record.exercise)
    if version_of(folder) != record.version:
        raise CommandError(
            f"{folder} is not the version of the record, {record.version}; "
            "name the folder of that version with --exercise."
        )
    with bench(options.backend) as at:
        again = regraded(at, record, at.adopt(folder))
    found = differences(record.verdict, again.verdict)
    if options.json:
        print(  # noqa: T201
            json.dumps(
                {
                    "same": not found,
                    "differences": [asdict(one) for one in found],
                    "engines": [one.verdict["environment"]["engine"] for one in (record, again)],
                },
                ensure_ascii=False,
            )
        )
    else:
        for one in found:
            print(f"{one.path}:\n  - {one.then}\n  + {one.now}")  # noqa: T201
        print("different" if found else "the same verdict")  # noqa: T201
    return DIFFERENT if found else 0
