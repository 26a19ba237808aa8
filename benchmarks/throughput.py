"""How many submissions a grader takes per second, who gets them, and whether anything grows.

    python -m benchmarks.throughput [--seconds 60 | --minutes 10] [--exercise softmax-cross-entropy]

A daemon of its own, one slot per core, asked over its socket as the worker does. First one at a
time (p50, p95 of a submission alone), then by several students at once, the first of them greedy:
several submissions of theirs wait at any time, those of the others come one by one. What the daemon
and all below it hold is read at rest before and after, and at the busiest in between.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.sandbox_overhead import host, percentiles
from benchmarks.submit_to_verdict import ROOT, descendants, resident_mib
from grader import contracts
from grader.exercise.bank import find
from grader.exercise.bundle import pack
from grader.exercise.digest import version_of

sys.path.insert(0, str(ROOT / "platform"))

from gradus.submissions.client import ask, hello
from gradus.submissions.errors import GraderUnreachable

EXERCISE = "softmax-cross-entropy"
ALONE = 100
READY_SECONDS = 120.0
SAMPLES = 10
REST_SECONDS = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float, help="instead of --seconds")
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--greedy", type=int, default=3, help="submissions at once of the first")
    parser.add_argument("--exercise", default=EXERCISE)
    chosen = parser.parse_args()
    seconds = chosen.seconds if chosen.minutes is None else 60.0 * chosen.minutes
    found = run(seconds, chosen.students, chosen.greedy, chosen.exercise)
    print(json.dumps(found, indent=1))


def soak() -> dict[str, Any]:
    """Return what `run` finds in ten minutes."""
    return run(600.0)


def run(
    seconds: float = 60.0, students: int = 4, greedy: int = 3, exercise: str = EXERCISE
) -> dict[str, Any]:
    """Return the latency alone, the throughput together, and what the daemon held."""
    with tempfile.TemporaryDirectory() as folder, daemon(Path(folder)) as (pid, socket):
        work = Work.of(exercise, socket)
        work.grade("warm")
        alone = [1e3 * work.timed("alone") for _ in range(ALONE)]
        time.sleep(REST_SECONDS)
        before = {**held(pid), **counted()}
        began = cpu_seconds(pid)
        load = Load(work, seconds)
        load.start([greedy, *[1] * (students - 1)])
        busy = []
        for _ in range(SAMPLES):
            time.sleep(seconds / SAMPLES)
            busy.append(held(pid))
        load.join()
        spent = cpu_seconds(pid) - began
        time.sleep(REST_SECONDS)  # the last sessions end
        after = {**held(pid), **counted()}
        return {
            "host": host(),
            "exercise": exercise,
            "alone_ms": percentiles(alone),
            "together": load.summary(),
            "cpu_ms_each": round(1e3 * spent / load.count, 1),
            "at_rest": {name: [value, after[name]] for name, value in before.items()},
            "busiest": {name: max(sample[name] for sample in busy) for name in busy[0]},
        }


@contextmanager
def daemon(folder: Path) -> Iterator[tuple[int, str]]:
    """Run a grader with a cache of its own; it starts when all of its flavours are warm."""
    socket = str(folder / "grader.sock")
    command = [sys.executable, "-m", "grader", "serve", "--socket", socket]
    folder.chmod(0o755)
    with (folder / "log").open("w") as log:
        command += ["--cache", str(folder / "cache")]
        process = subprocess.Popen(command, cwd=ROOT, stderr=log)
    try:
        wait_for(socket)
        yield process.pid, socket
    finally:
        process.terminate()
        process.wait(20)


def wait_for(socket: str) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            said = hello(socket)
            if {"checker", *said.flavours} <= set(said.warm):
                return
        except GraderUnreachable:
            pass
        time.sleep(0.1)
    raise SystemExit(f"the grader is not warm after {READY_SECONDS:g} s")


@dataclass(frozen=True)
class Work:
    """The right answer to one exercise."""

    socket: str
    version: str
    bundle: bytes
    source: bytes

    @classmethod
    def of(cls, exercise: str, socket: str) -> Work:
        folder = find(ROOT / "exercises", exercise)
        source = (folder / "solution.py").read_bytes()
        return cls(socket, version_of(folder), pack(folder), source)

    def grade(self, student: str) -> None:
        """Grade once. Raises: SystemExit where the verdict is not full marks."""
        request = contracts.Request(
            op=contracts.Op.GRADE,
            job=f"bench-{student}",
            fair_key=student,
            seed=secrets.token_hex(8),
            version=self.version,
            bytes={"solution.py": len(self.source)},
        )
        last = None
        for heard in ask(
            self.socket, request, {"solution.py": self.source}, lambda version: self.bundle
        ):
            last = heard.line
        if not isinstance(last, contracts.VerdictLine) or last.verdict["status"] != "passed":
            raise SystemExit(f"not full marks: {last}")

    def timed(self, student: str) -> float:
        started = time.perf_counter()
        self.grade(student)
        return time.perf_counter() - started


@dataclass
class Load:
    """Students who send one submission after the other until the time is over."""

    work: Work
    seconds: float
    latencies: list[list[float]] = field(default_factory=list)  # by student
    threads: list[threading.Thread] = field(default_factory=list)
    took: float = 0.0
    began: float = 0.0

    def start(self, at_once: list[int]) -> None:
        """Let each student keep so many submissions waiting or running."""
        self.began = time.perf_counter()
        for number, count in enumerate(at_once):
            self.latencies.append([])
            for _ in range(count):
                self.threads.append(threading.Thread(target=self.client, args=(number,)))
        for thread in self.threads:
            thread.start()

    def client(self, student: int) -> None:
        while time.perf_counter() - self.began < self.seconds:
            self.latencies[student].append(self.work.timed(f"{student}"))

    def join(self) -> None:
        for thread in self.threads:
            thread.join()
        self.took = time.perf_counter() - self.began

    @property
    def count(self) -> int:
        return sum(map(len, self.latencies))

    def summary(self) -> dict[str, Any]:
        counts = [len(mine) for mine in self.latencies]
        return {
            "clients": len(self.threads),
            "seconds": round(self.took, 1),
            "submissions": self.count,
            "per_second": round(self.count / self.took, 1),
            "latency_ms": percentiles([1e3 * one for mine in self.latencies for one in mine]),
            "greedy_student": counts[0],
            "fewest_and_most_of_the_others": [min(counts[1:]), max(counts[1:])],
        }


def held(pid: int) -> dict[str, int]:
    """What a daemon and all below it hold now."""
    family = [pid, *descendants(pid)]
    return {
        "processes": len(family),
        "threads": entries(f"/proc/{pid}/task"),
        "pss_mib": resident_mib(pid),
        "descriptors": sum(entries(f"/proc/{one}/fd") for one in family),
    }


def counted() -> dict[str, int]:
    """What sessions may leave behind in the kernel, on all of this host."""
    groups = [line.split() for line in Path("/proc/cgroups").read_text().splitlines()]
    return {
        "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        "groups_of_sessions": sum(
            len(inner) for folder, inner, _ in os.walk("/sys/fs/cgroup") if "/gradus-" in folder
        ),
        "memory_groups": sum(int(row[2]) for row in groups if row[0] == "memory"),
    }


def cpu_seconds(pid: int) -> float:
    """CPU time of a daemon and all below it, those that ended included."""
    ticks = 0
    for one in [pid, *descendants(pid)]:
        try:
            stat = Path(f"/proc/{one}/stat").read_text()
        except OSError:
            continue
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def entries(folder: str) -> int:
    try:
        return sum(1 for _ in Path(folder).iterdir())
    except OSError:
        return 0


if __name__ == "__main__":
    main()
