"""`python -m grader gpu`: the devices of this host, and the end of a quarantine."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import asdict

from grader.gpu.driver import DriverError
from grader.gpu.host import devices
from grader.gpu.places import from_environment

NONE = 1


def gpu(options: Namespace) -> int:
    """List the devices, or release one. Return 1 where there is none, or none to release."""
    if options.action == "release":
        return _release(options.uuid)
    try:
        states = devices().states()
    except DriverError as error:
        print(f"no GPU: {error}", file=sys.stderr)  # noqa: T201
        return NONE
    if options.json:
        print(json.dumps([asdict(state) for state in states]))  # noqa: T201
    else:
        for state in states:
            mark = "✓" if state.usable else "✗"
            print(f"{mark} {state.uuid} {state.name}: {state.detail}")  # noqa: T201
    return 0 if states else NONE


def _release(uuid: str) -> int:
    """Raises: HostError, for what is no device."""
    if from_environment().release(uuid):
        print(f"{uuid} is out of quarantine.")  # noqa: T201
        return 0
    print(f"{uuid} is not in quarantine.", file=sys.stderr)  # noqa: T201
    return NONE
