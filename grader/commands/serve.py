"""`python -m grader serve` and `doctor`."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from grader.commands.bench import bench
from grader.daemon.bundles import Bundles
from grader.daemon.host import Host
from grader.daemon.server import Server
from grader.daemon.tend import tend, wait_until_usable
from grader.errors import HostError
from grader.gpu.host import devices, examine
from grader.job.backend import open_backend
from grader.sandbox.device import CUDA

log = logging.getLogger(__name__)
NOT_HELD = 1


def serve(options: Namespace) -> int:
    """Serve until SIGTERM or SIGINT; what was being graded then is given back."""
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    versions = Path(options.cache) / "versions"
    versions.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    bundles = Bundles(versions)
    backend = open_backend(options.backend, versions)
    try:
        if not wait_until_usable(backend, stop):
            return 0
        backend.guarantees()  # a host that cannot isolate does not start
        slots = options.slots or len(os.sched_getaffinity(0))
        flavours = set(backend.flavours) - {"checker"}
        found = devices() if CUDA in flavours else None
        host = Host.make(backend, bundles, slots, flavours, found)
        if found is not None:
            log.info("gpu: %s", examine(found).detail)
        server = Server(Path(options.socket), host, options.allow_uid)
        threading.Thread(target=server.serve, name="accept", daemon=True).start()
        threading.Thread(target=_warm, args=(host, stop), name="warm", daemon=True).start()
        threading.Thread(target=tend, args=(host, stop), name="tend", daemon=True).start()
        log.info("serving at %s with %d slots", options.socket, slots)
        stop.wait()
        log.info("stopping")
        server.stop()
    finally:
        backend.stop()
    return 0


def doctor(options: Namespace) -> int:
    """Print each guarantee. Return 1 where a mandatory one does not hold."""
    with bench(options.backend) as at:
        findings = [*at.backend.findings(), examine(devices())]
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings]))  # noqa: T201
    else:
        for finding in findings:
            mark = "✓" if finding.held else ("✗" if finding.mandatory else "·")
            print(f"{mark} {finding.name:20} {finding.detail}")  # noqa: T201
            if not finding.held and finding.remedy:
                print(f"    remedy: {finding.remedy}")  # noqa: T201
    return NOT_HELD if any(f.mandatory and not f.held for f in findings) else 0


def _warm(host: Host, stop: threading.Event) -> None:
    """Start the shell of each flavour, the checker's first; `hello` tells how far it got."""
    for flavour in ("checker", *sorted(host.flavours)):
        if stop.is_set():
            return
        try:
            host.backend.warm(flavour)
        except HostError:
            log.exception("flavour %s cannot be used", flavour)
            host.flavours.discard(flavour)
        else:
            host.warm.add(flavour)
