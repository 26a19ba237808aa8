"""What a sandbox costs: open a session, load a file, one small call, close; beside a cold import.

    python -m benchmarks.sandbox_overhead [--rounds 60] > overhead.json

Times are wall milliseconds of this process, one session at a time, shells warm. The baseline is
what a process per submission would pay for its imports alone, taken in turns in the same run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.exercise.limits import Limits
from grader.frames import Call, Kind, Load, Op, Stream
from grader.sandbox.bubblewrap import BubblewrapBackend
from grader.sandbox.flavours import interpreter_of, standard_flavours

SOURCE = "import numpy as np\n\ndef double(a):\n    return 2 * a\n"
DEADLINE_SECONDS = 30.0
FLAVOURS = ("numpy", "torch")
COLD_EVERY = 10  # cold starts are slow: one for so many sessions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--flavour", action="append", choices=FLAVOURS)
    arguments = parser.parse_args()
    print(json.dumps(run(arguments.rounds, arguments.flavour or FLAVOURS), indent=1))


def run(rounds: int = 60, flavours: Sequence[str] = FLAVOURS) -> dict[str, Any]:
    """Return the percentiles of each flavour, and the guarantees that held meanwhile."""
    results: dict[str, Any] = {"host": host(), "unit": "ms"}
    with BubblewrapBackend() as backend:
        for flavour in flavours:
            results[flavour] = measure(backend, flavour, rounds)
        results["guarantees"] = sorted(k for k, v in backend.guarantees().items() if v)
    return results


def measure(backend: BubblewrapBackend, flavour: str, rounds: int) -> dict[str, Any]:
    """Return the percentiles of each phase and of the cold import."""
    started = time.perf_counter()
    backend.warm(flavour)
    warming = 1e3 * (time.perf_counter() - started)
    one_session(backend, flavour)
    phases: list[dict[str, float]] = []
    cold: list[float] = []
    python = standard_flavours()[flavour].environment / "bin" / "python"
    for number in range(rounds):
        phases.append(one_session(backend, flavour))
        if number % COLD_EVERY == 0:
            cold.append(timed(lambda: cold_import(str(python), flavour)))
    return {
        "warming_once": round(warming, 1),
        "rounds": rounds,
        **{name: percentiles([phase[name] for phase in phases]) for name in phases[0]},
        f"cold: python -c 'import {flavour}'": percentiles(cold),
        "interpreter": str(interpreter_of(standard_flavours()[flavour].environment).name),
    }


def one_session(backend: BubblewrapBackend, flavour: str) -> dict[str, float]:
    """Open, load, call, close; return the milliseconds of each."""
    marks = [time.perf_counter()]
    session = backend.open(flavour, Limits())
    marks.append(time.perf_counter())
    stream = Stream(session.stream)
    deadline = time.monotonic() + DEADLINE_SECONDS
    stream.send(Kind.LOAD, 1, Load(SOURCE).body(), deadline)
    expect(stream, Kind.READY, deadline)
    marks.append(time.perf_counter())
    array = np.arange(12.0).reshape(3, 4)
    stream.send(Kind.CALL, 2, Call(Op.CALL, name="double", args=(array,)).body(), deadline)
    expect(stream, Kind.RESULT, deadline)
    marks.append(time.perf_counter())
    session.close()
    marks.append(time.perf_counter())
    names = ("open", "load", "call", "close")
    times = [1e3 * (after - before) for before, after in itertools.pairwise(marks)]
    return {**dict(zip(names, times, strict=True)), "all": sum(times)}


def expect(stream: Stream, kind: Kind, deadline: float) -> None:
    frame = stream.receive(deadline)
    if frame.kind is not kind:
        raise SystemExit(f"the session answered {frame.kind!r}: {frame.value!r}")


def cold_import(python: str, module: str) -> None:
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([python, "-c", f"import {module}"], check=True, env=environment)


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - started)


def percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 2),
    }


def host() -> dict[str, Any]:
    return {
        "kernel": platform.release(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "root": os.geteuid() == 0,
    }


if __name__ == "__main__":
    main()
