"""How long each export of 1,000 students by 100 exercises takes, and how much memory.

    python -m benchmarks.exports --data FOLDER [--record]

The folder is as in `benchmarks.pages`. Each file is made in a process of its own, from the database
to its last byte; memory is the most that this process ever held beyond what it held before.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.pages import ROOT, owner, site
from benchmarks.sandbox_overhead import host

RECORD = ROOT / "benchmarks" / "records" / "exports.json"
FORMATS = ("plain", "xlsx", "canvas", "moodle", "moodle-xml", "brightspace")
GOAL_SECONDS = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    data = chosen.data.resolve()
    if chosen.one:
        print(json.dumps(one(data, chosen.one)))
        return
    found = run(data)
    print(json.dumps(found, indent=1))
    if chosen.record:
        RECORD.write_text(json.dumps(found, indent=1) + "\n")


def run(data: Path) -> dict[str, Any]:
    """Return seconds and MiB of each format."""
    site(data)
    command = [sys.executable, "-m", "benchmarks.exports", "--data", str(data), "--one"]
    found = {
        name: json.loads(subprocess.run([*command, name], cwd=ROOT, check=True,
                                        stdout=subprocess.PIPE).stdout)
        for name in FORMATS
    }  # fmt: skip
    return {"host": host(), "goal_seconds": GOAL_SECONDS, "formats": found}


def one(data: Path, name: str) -> dict[str, float]:
    """Download one file as the owner does."""
    site(data)
    course, client = owner()
    client.get("/preferences/")  # what is loaded once is loaded now
    held = _most_mib()
    began, cpu = time.perf_counter(), time.process_time()
    answer = client.get(f"/courses/{course.pk}/gradebook/export/file/", {"form": name})
    size = len(answer.getvalue())
    seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    if answer.status_code != 200:
        raise SystemExit(f"{name}: status {answer.status_code}")
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(busy, 2),
        "kilobytes": round(size / 1000),
        "mib": round(_most_mib() - held, 1),
    }


def _most_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
