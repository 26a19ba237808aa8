"""Every gate of every exercise with a hundred draws, once, and recorded.

    python -m benchmarks.hundred_seeds [--seeds 100] [--minutes 60] [--slots 1] [ID …]

`grader verify` proves an exercise with five draws on every change. This does it with a hundred,
speed left out, for each exercise whose version is not in the record yet, the cheapest first, until
the time is over; it goes on where it was stopped. The record is `benchmarks/records/seeds.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.commands.bench import bench
from grader.contracts import Gate
from grader.daemon.host import timing_cores
from grader.daemon.queue import Slots
from grader.exercise import bank
from grader.exercise.load import load
from grader.verify.run import Options, Workshop, verify_folders

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "benchmarks" / "records" / "seeds.json"
MOST_NAMED = 20  # red gates in the record


@dataclass
class Proof:
    """What a hundred draws of one version of an exercise said."""

    version: str
    seeds: int
    gates: int = 0
    gradings: dict[str, int] = field(default_factory=dict)  # by gate
    red: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, gate: Gate) -> None:
        self.gates += 1
        self.seconds = round(self.seconds + gate.seconds, 3)
        if gate.seed:
            self.gradings[gate.gate] = self.gradings.get(gate.gate, 0) + 1
        if not gate.passed and len(self.red) < MOST_NAMED:
            self.red.append(f"{gate.gate} {gate.subject} seed {gate.seed}: {gate.message}"[:300])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--slots", type=int, default=len(os.sched_getaffinity(0)))
    chosen = parser.parse_args()
    record = read()
    until = time.monotonic() + 60 * chosen.minutes
    for folder in open_cases(record, chosen.seeds, chosen.ids):
        if time.monotonic() > until:
            break
        proof = prove(folder, chosen.seeds, chosen.slots)
        record[folder.name] = asdict(proof)
        write(record)
        found = f"{len(proof.red)} red" if proof.red else "green"
        print(f"{folder.name}: {proof.gates} gates, {found}, {proof.seconds:.0f} s", flush=True)
    left = len(open_cases(record, chosen.seeds, chosen.ids))
    print(f"{left} exercises left" if left else "all exercises are in the record")
    return 1 if any(proof["red"] for proof in record.values()) else 0


def open_cases(record: dict[str, dict[str, object]], seeds: int, ids: list[str]) -> list[Path]:
    """Return the exercises whose version was not proven with so many draws, the cheap first."""
    found = [
        folder
        for folder in bank.folders(ROOT / "exercises")
        if (not ids or folder.name in ids) and not proven(record.get(folder.name), folder, seeds)
    ]
    return sorted(found, key=lambda folder: (len(list(folder.glob("wrong/*.py"))), folder.name))


def proven(proof: dict[str, object] | None, folder: Path, seeds: int) -> bool:
    if proof is None or not isinstance(proof["seeds"], int):
        return False
    return proof["version"] == load(folder).version and proof["seeds"] >= seeds


def prove(folder: Path, seeds: int, slots: int) -> Proof:
    """Run all gates of one exercise; timing belongs to `grader verify`."""
    proof = Proof(load(folder).version, seeds)
    with bench("bubblewrap") as at:
        workshop = Workshop(at.backend, at.versions, Slots(slots, timing_cores()), slots)
        verify_folders(workshop, [folder], Options(seeds, timing=False), proof.add)
    return proof


def read() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return found


def write(record: dict[str, dict[str, object]]) -> None:
    RECORD.parent.mkdir(exist_ok=True)
    new = RECORD.with_suffix(".new")
    new.write_text(json.dumps(dict(sorted(record.items())), indent=1) + "\n")
    new.replace(RECORD)


if __name__ == "__main__":
    sys.exit(main())
