"""Whether a busy host changes marks: the same submissions, timed again and again.

    python -m benchmarks.noise [--repeats 100] [--busy 3] [--exercise ID …] [--no-cheats]

Two or three submissions of each exercise, none near a threshold: naive, good and best. Each is
graded `--repeats` times on an idle host and as often beside `--busy` endless loops, in turns, so
that drift meets all alike. Then each cheat against the clock beside the honest file, in pairs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.noise_cases.cheats import CHEATS
from benchmarks.sandbox_overhead import host, percentiles
from grader.contracts import Op, VerdictLine
from grader.exercise.bank import find
from grader.exercise.load import load
from grader.exercise.manifest import Manifest
from grader.job.alone import Adopted, LastCore, adopt, do
from grader.job.backend import HostBackend, open_backend
from grader.verdict import PerformanceResult, Verdict, from_json

ROOT = Path(__file__).resolve().parents[1]
CASES = {  # files of the exercise's folder, or of noise_cases/ID/
    "conv2d-fast": {
        "naive": "wrong/slow_loops.py",
        "good": "good.py",
        "best": "solution.py",
    },
    # thresholds a factor of two apart: nothing between them is far from both
    "iou-matrix": {"naive": "wrong/slow_rows.py", "best": "solution.py"},
    "logistic-vectorised": {"naive": "wrong/loop_over_samples.py", "best": "solution.py"},
}
CHEAT_ROUNDS = 20


@dataclass
class Series:
    """What one submission got, over all repeats."""

    points: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    slot_seconds: list[float] = field(default_factory=list)
    failed: int = 0  # a correctness check did not pass

    def add(self, verdict: Verdict, slot_seconds: float) -> None:
        self.points.append(verdict.points)
        self.slot_seconds.append(slot_seconds)
        value = ratio_of(verdict)
        if value is None:
            self.failed += 1
        else:
            self.ratios.append(value)

    def summary(self) -> dict[str, Any]:
        usual, same = Counter(self.points).most_common(1)[0]
        found: dict[str, Any] = {
            "points": usual,
            "same_points": f"{same} of {len(self.points)}",
            "slot_seconds": percentiles(self.slot_seconds),
        }
        if self.ratios:
            found["ratio"] = round(statistics.median(self.ratios), 2)
            found["spread_percent"] = round(100 * spread(self.ratios), 1)
        if self.failed:
            found["not_timed"] = self.failed
        return found


def ratio_of(verdict: Verdict) -> float | None:
    measured: tuple[PerformanceResult, ...] = verdict.performance
    return measured[0].value if measured else None


def spread(values: list[float]) -> float:
    """Half the distance between the quartiles, as a share of the median."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--busy", type=int, default=3, help="endless loops beside it")
    parser.add_argument("--exercise", action="append", choices=sorted(CASES))
    parser.add_argument("--no-cheats", action="store_true")
    chosen = parser.parse_args()
    names = chosen.exercise or list(CASES)
    print(json.dumps(run(names, chosen.repeats, chosen.busy, not chosen.no_cheats), indent=1))


def run(
    names: list[str] | None = None, repeats: int = 100, busy: int = 3, cheats: bool = True
) -> dict[str, Any]:
    """Return the points and ratios of each case, idle and busy, and what each cheat gained."""
    results: dict[str, Any] = {"host": host(), "busy_loops": busy}
    with tempfile.TemporaryDirectory() as name:
        versions = Path(name)
        versions.chmod(0o755)
        backend = open_backend("bubblewrap", versions)
        try:
            for exercise_id in names or list(CASES):
                bench = Bench.of(exercise_id, backend, versions)
                found: dict[str, Any] = {"thresholds": bench.thresholds()}
                found["idle"], found["busy"] = bench.both(repeats, busy)
                if cheats:
                    found["cheats"] = bench.cheats(min(repeats, CHEAT_ROUNDS))
                results[exercise_id] = found
        finally:
            backend.stop()
    return results


class Slot(LastCore):
    """The timing slot of one job, and how long it was held."""

    seconds = 0.0

    @contextmanager
    def timing(self, cancelled: Callable[[], bool]) -> Iterator[int | None]:
        started = time.perf_counter()
        with super().timing(cancelled) as core:
            yield core
        self.seconds += time.perf_counter() - started


@dataclass
class Bench:
    """One exercise, its three submissions and where they are graded."""

    backend: HostBackend
    exercise: Adopted
    manifest: Manifest
    files: dict[str, bytes]

    @classmethod
    def of(cls, exercise_id: str, backend: HostBackend, versions: Path) -> Bench:
        folder = find(ROOT / "exercises", exercise_id)
        own = ROOT / "benchmarks" / "noise_cases" / exercise_id
        files = {
            case: next(p for p in (own / file, folder / file) if p.is_file()).read_bytes()
            for case, file in CASES[exercise_id].items()
        }
        return cls(backend, adopt(folder, versions), load(folder).manifest, files)

    def thresholds(self) -> list[tuple[float, float]]:
        return [tuple(pair) for pair in self.part().thresholds]

    def part(self) -> Any:
        return next(iter(self.manifest.performance.values()))

    def both(self, repeats: int, busy: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Grade every case so many times, idle and busy in turns of ten."""
        idle = {case: Series() for case in self.files}
        loaded = {case: Series() for case in self.files}
        for start in range(0, repeats, 10):
            count = min(10, repeats - start)
            self.grade_all(idle, count)
            with endless_loops(busy):
                self.grade_all(loaded, count)
        return (
            {case: series.summary() for case, series in idle.items()},
            {case: series.summary() for case, series in loaded.items()},
        )

    def grade_all(self, series: dict[str, Series], count: int) -> None:
        for _ in range(count):
            for case, source in self.files.items():
                series[case].add(*self.grade(source))
        print(".", end="", file=sys.stderr, flush=True)

    def grade(self, source: bytes) -> tuple[Verdict, float]:
        slot = Slot()
        line = do(self.backend, self.exercise, Op.GRADE, {"solution.py": source}, timing=slot)
        if not isinstance(line, VerdictLine):
            raise SystemExit(f"no verdict: {line}")
        return from_json(line.verdict), slot.seconds

    def cheats(self, rounds: int) -> dict[str, Any]:
        """Grade each cheat beside the honest file, in turns; return what it gained."""
        honest = self.files["best"]
        return {name: self.gain(honest, text, rounds) for name, text in CHEATS.items()}

    def gain(self, honest: bytes, cheat: str, rounds: int) -> dict[str, Any]:
        source = honest + cheat.format(f=self.part().function).encode()
        pair = {"honest": Series(), "cheat": Series()}
        for _ in range(rounds):
            pair["honest"].add(*self.grade(honest))
            verdict, seconds = self.grade(source)
            pair["cheat"].add(verdict, seconds)
            if ratio_of(verdict) is None:
                return {"refused": first_message(verdict), "points": verdict.points}
        gains = statistics.median(pair["cheat"].ratios) / statistics.median(pair["honest"].ratios)
        return {"gain_percent": round(100 * (gains - 1), 1), "points": verdict.points}


def first_message(verdict: Verdict) -> str:
    told = [check.message for check in verdict.checks if check.status == "failed"]
    return (told or [verdict.message])[0].splitlines()[0][:160]


@contextmanager
def endless_loops(count: int) -> Iterator[None]:
    """Keep so many processes busy, on whichever core the host gives them."""
    command = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


if __name__ == "__main__":
    main()
