"""What a sandbox costs: open a session, load a file, one small call, close; beside a cold start.

    python -m benchmarks.sandbox_overhead [--rounds 60] [--backend docker …] > overhead.json

Times are wall milliseconds of this process, one session at a time, shells warm. The baselines are
taken in turns in the same run: what a process per submission would pay for its imports alone and,
where a container engine answers, what a hardened container per submission would pay for them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.exercise.limits import Limits
from grader.frames import Call, Kind, Load, Op, Stream
from grader.job.backend import BACKENDS, HostBackend, open_backend
from grader.sandbox.flavours import interpreter_of, standard_flavours

SOURCE = "import numpy as np\n\ndef double(a):\n    return 2 * a\n"
DEADLINE_SECONDS = 30.0
FLAVOURS = ("numpy", "torch")
COLD_EVERY = 10  # cold starts are slow: one for so many sessions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--flavour", action="append", choices=FLAVOURS)
    parser.add_argument("--backend", action="append", choices=BACKENDS, help="default: all here")
    arguments = parser.parse_args()
    results = run(arguments.rounds, arguments.flavour or FLAVOURS, arguments.backend or BACKENDS)
    print(json.dumps(results, indent=1))


def run(
    rounds: int = 60, flavours: Sequence[str] = FLAVOURS, backends: Sequence[str] = BACKENDS
) -> dict[str, Any]:
    """Return the percentiles of each backend and flavour, and the guarantees that held meanwhile.

    A backend that this host does not have says what is in its way instead.
    """
    results: dict[str, Any] = {"host": host(), "unit": "ms"}
    with tempfile.TemporaryDirectory() as versions:
        for name in backends:
            backend = open_backend(name, Path(versions))
            try:
                results[name] = run_on(backend, flavours, rounds)
            finally:
                backend.stop()
    return results


def run_on(backend: HostBackend, flavours: Sequence[str], rounds: int) -> dict[str, Any]:
    """Measure one backend."""
    if why := backend.obstacle():
        return {"absent": why}
    results: dict[str, Any] = {one: measure(backend, one, rounds) for one in flavours}
    results["guarantees"] = sorted(k for k, v in backend.guarantees().items() if v)
    return results


def measure(backend: HostBackend, flavour: str, rounds: int) -> dict[str, Any]:
    """Return the percentiles of each phase and of the cold start."""
    started = time.perf_counter()
    backend.warm(flavour)
    warming = 1e3 * (time.perf_counter() - started)
    one_session(backend, flavour)
    phases: list[dict[str, float]] = []
    cold: list[float] = []
    name, cold_start = cold_way(backend, flavour)
    for number in range(rounds):
        phases.append(one_session(backend, flavour))
        if number % COLD_EVERY == 0:
            cold.append(timed(cold_start))
    return {
        "warming_once": round(warming, 1),
        "rounds": rounds,
        **{name: percentiles([phase[name] for phase in phases]) for name in phases[0]},
        name: percentiles(cold),
    }


def cold_way(backend: HostBackend, flavour: str) -> tuple[str, Callable[[], None]]:
    """Return what the same work would cost without a warm sandbox, with its name."""
    if backend.name == "docker":
        # not on hosts without an engine
        from benchmarks.cold_container import cold_container

        return f"cold: docker run, import {flavour}", cold_container(flavour)
    python = standard_flavours()[flavour].environment / "bin" / "python"
    interpreter = interpreter_of(standard_flavours()[flavour].environment).name
    return (
        f"cold: {interpreter} -c 'import {flavour}'",
        lambda: cold_import(str(python), flavour),
    )


def one_session(backend: HostBackend, flavour: str) -> dict[str, float]:
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
