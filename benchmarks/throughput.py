"""How many submissions a grader takes per second, and whether anything grows meanwhile.

    python -m benchmarks.throughput [--seconds 60] [--clients 6] [--exercise softmax-cross-entropy]

A daemon of its own, one slot per core, asked over its socket as the worker does. First one at a
time (p50, p95 of a submission alone), then by several clients at once. Before, during and after:
memory, descriptors, processes, mounts and control groups of the daemon and all below it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--exercise", default=EXERCISE)
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.seconds, chosen.clients, chosen.exercise), indent=1))


def run(seconds: float = 60.0, clients: int = 6, exercise: str = EXERCISE) -> dict[str, Any]:
    """Return the latency alone, the throughput together, and what the daemon held."""
    with tempfile.TemporaryDirectory() as folder, daemon(Path(folder)) as (pid, socket):
        work = Work.of(exercise, socket)
        work.grade("warm")
        alone = [1e3 * work.timed("alone") for _ in range(ALONE)]
        samples = [held(pid)]
        began = cpu_seconds(pid)
        load = Load(work, seconds)
        load.start(clients)
        for _ in range(SAMPLES):
            time.sleep(seconds / SAMPLES)
            samples.append(held(pid))
        load.join()
        spent = cpu_seconds(pid) - began
        time.sleep(1.0)  # the last sessions end
        return {
            "host": host(),
            "exercise": exercise,
            "alone_ms": percentiles(alone),
            "together": load.summary(),
            "cpu_ms_each": round(1e3 * spent / load.count, 1),
            "held": [samples[0], *samples[1::3], held(pid)],
        }


@contextmanager
def daemon(folder: Path, flavours: Collection[str] = ("numpy",)) -> Iterator[tuple[int, str]]:
    """Run a grader with a cache of its own, until the flavours are warm."""
    socket = str(folder / "grader.sock")
    command = [sys.executable, "-m", "grader", "serve", "--socket", socket]
    folder.chmod(0o755)
    with (folder / "log").open("w") as log:
        command += ["--cache", str(folder / "cache")]
        process = subprocess.Popen(command, cwd=ROOT, stderr=log)
    try:
        wait_for(socket, {"checker", *flavours})
        yield process.pid, socket
    finally:
        process.terminate()
        process.wait(20)


def wait_for(socket: str, wanted: set[str]) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            if wanted <= set(hello(socket).warm):
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
    """Clients that send one submission after the other until the time is over."""

    work: Work
    seconds: float
    latencies: list[list[float]] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    took: float = 0.0
    began: float = 0.0

    def start(self, clients: int) -> None:
        self.began = time.perf_counter()
        for number in range(clients):
            mine: list[float] = []
            self.latencies.append(mine)
            self.threads.append(threading.Thread(target=self.client, args=(f"{number}", mine)))
        for thread in self.threads:
            thread.start()

    def client(self, student: str, latencies: list[float]) -> None:
        while time.perf_counter() - self.began < self.seconds:
            latencies.append(self.work.timed(student))

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
            "clients": len(counts),
            "seconds": round(self.took, 1),
            "submissions": self.count,
            "per_second": round(self.count / self.took, 1),
            "latency_ms": percentiles([1e3 * one for mine in self.latencies for one in mine]),
            "fewest_and_most_of_a_client": [min(counts), max(counts)],
        }


def held(pid: int) -> dict[str, int]:
    """What a daemon and all below it hold."""
    family = [pid, *descendants(pid)]
    return {
        "processes": len(family),
        "pss_mib": resident_mib(pid),
        "descriptors": sum(entries(f"/proc/{one}/fd") for one in family[:1]),
        "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        "control_groups": control_groups(pid),
    }


def control_groups(pid: int) -> int:
    """How many groups of sessions there are; they come and go while one looks."""
    walk = os.walk("/sys/fs/cgroup")
    return sum(len(inner) for folder, inner, _ in walk if f"/gradus-{pid}-" in folder)


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
