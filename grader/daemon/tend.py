"""What a daemon does about a host that cannot open sandboxes now: it waits, and so does the queue.

A container engine that is down or lacks an image is no fault of any submission. Nothing is started
until it is mended; nothing fails meanwhile.
"""

from __future__ import annotations

import logging
import threading

from grader.daemon.host import Host
from grader.job.backend import HostBackend

log = logging.getLogger(__name__)
LOOK_SECONDS = 5.0


def wait_until_usable(
    backend: HostBackend, stop: threading.Event, pause: float = LOOK_SECONDS
) -> bool:
    """Wait until nothing is in the way; False where the daemon is stopped before that."""
    told = ""
    while why := backend.obstacle():
        if why != told:
            log.error("waiting: %s", why)
            told = why
        if stop.wait(pause):
            return False
    return not stop.is_set()


def tend(host: Host, stop: threading.Event, pause: float = LOOK_SECONDS) -> None:
    """Hold the queue whenever something is in the way, until the daemon is stopped."""
    held = False
    while not stop.wait(pause):
        why = host.backend.obstacle()
        if bool(why) != held:
            held = bool(why)
            host.hold(held)
            log.error("the queue waits: %s", why) if held else log.info("the queue goes on")
