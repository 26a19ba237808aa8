"""From a student's HTTP submit to the verdict, on a fresh installation with one worker.

Beside it, in the same run and in turns, what a grader without warm shells pays before the first
line of a student's code runs: a new Python that imports the flavour.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.sandbox_overhead import COLD_EVERY, FLAVOURS, cold_import, percentiles, timed
from grader.exercise.bank import find
from grader.exercise.load import Exercise, load
from grader.sandbox.flavours import standard_flavours

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = {"numpy": "softmax-cross-entropy", "torch": "lenet5", "by-hand": "logistic-by-hand"}
ROUNDS = 40
READY_SECONDS = 120.0

sys.path.insert(0, str(ROOT / "platform"))

from gradus.ops.smoke.attempts import attempts  # noqa: E402
from gradus.ops.smoke.site import Site  # noqa: E402


def run() -> dict[str, Any]:
    """Return milliseconds per kind, the memory at rest, and the cold imports."""
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        command = [sys.executable, str(ROOT / "manage.py"), "run", "--port", str(port)]
        environment = {**os.environ, "MAX_PER_MINUTE": "100000"}
        server = subprocess.Popen(
            [*command, "--data", data], env=environment, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        try:
            wait_until_ready(port)
            resident = resident_mib(server.pid)
            return {
                "unit": "ms",
                "resident_mib_at_rest": resident,
                **measure(port, Path(data)),
            }
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(10)


def measure(port: int, data: Path) -> dict[str, Any]:
    logins = json.loads((data / "demo-logins.json").read_text())
    student = next(person for person in logins["people"] if person["role"] == "student")
    site = Site(f"http://127.0.0.1:{port}/", student["token"])
    results: dict[str, Any] = {}
    items = {item["exercise"]: item["id"] for item in site.items()}
    for kind, exercise_id in EXERCISES.items():
        exercise: Exercise = load(find(ROOT / "exercises", exercise_id))
        item = items[exercise_id]
        right = next(iter(attempts(exercise, site.exercise(item)["numbers"], ROOT)))
        seconds, cold = [], []
        for number in range(ROUNDS):
            seconds.append(1e3 * site.grade(item, right.parts)[1])
            if kind in FLAVOURS and number % COLD_EVERY == 0:
                cold.append(cold_import_milliseconds(kind))
        results[kind] = {"exercise": exercise_id, "submit_to_verdict": percentiles(seconds)}
        if cold:
            results[kind]["cold_import_median"] = round(statistics.median(cold), 1)
    return results


def cold_import_milliseconds(flavour: str) -> float:
    python = standard_flavours()[flavour].environment / "bin" / "python"
    return timed(lambda: cold_import(str(python), flavour))


def wait_until_ready(port: int, path: str = "/readyz") -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise SystemExit(f"not ready after {READY_SECONDS:g} s")


def resident_mib(pid: int) -> int:
    """Proportional set size of a process and all its descendants, in MiB."""
    total = 0
    for process in [pid, *descendants(pid)]:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


def descendants(pid: int) -> list[int]:
    """Return what lives below a process; threads and processes may end meanwhile."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in map(int, task.read_text().split()):
                found += [child, *descendants(child)]
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
