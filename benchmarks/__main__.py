"""Run benchmarks, one after the other, and write var/bench.json; without names the short ones.

python -m benchmarks [NAME …]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import (
    against_others,
    noise,
    replays,
    sandbox_overhead,
    submit_to_verdict,
    throughput,
)

OUTPUT = Path(__file__).resolve().parents[1] / "var" / "bench.json"
BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "sandbox_overhead": sandbox_overhead.run,
    "submit_to_verdict": submit_to_verdict.run,
    "throughput": throughput.run,
    "soak": throughput.soak,  # takes ten minutes
    "against_others": against_others.run,  # installs two other graders, takes minutes
    "replays": replays.run,  # takes tens of minutes
    "noise": noise.run,  # takes an hour
}
USUAL = ("sandbox_overhead", "submit_to_verdict", "throughput")


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    results: dict[str, Any] = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}
    for name in names or USUAL:
        print(f"{name} …", flush=True)
        started = time.monotonic()
        results[name] = BENCHMARKS[name]()
        print(json.dumps(results[name], indent=1))
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=1) + "\n")
    print(f"written to {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
