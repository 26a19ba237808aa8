"""Waiting for what the site is doing, with the checks as they are decided."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gradus_cli.errors import NotLoggedIn, Refused, Unreachable
from gradus_cli.show import check_line, phase
from gradus_cli.site import Site

FIRST_SECONDS = 0.1
MOST_SECONDS = 2.0
GROWTH = 1.3
EXAMPLES_SECONDS = 20.0
TRIES = 5  # questions in a row that the site may leave unanswered
DECIDED = frozenset({"passed", "failed", "skipped", "error"})

Say = Callable[[str], None]


def until_final(site: Site, submission: int, say: Say) -> tuple[dict[str, Any], frozenset[str]]:
    """Follow a submission to its end, or to where speed waits for a GPU.

    Returns the submission, and the ids of the checks that `say` was told. Raises: Refused,
    Unreachable, when the site stays away.
    """
    told: dict[str, str] = {}
    wait, lost, last = FIRST_SECONDS, 0, ""
    while True:
        try:
            found = site.get(f"/submissions/{submission}")
            lost = 0
        except Unreachable:
            lost += 1
            if lost == TRIES:
                raise
            time.sleep(MOST_SECONDS)
            continue
        if found["is_final"] or found["phase"] == "waiting-for-gpu":
            return found, frozenset(told)
        where = phase(found)
        if where != last and found["phase"] == "queued":
            say(f"  {where}")
        last = where
        for check in (found["progress"] or {}).get("checks", []):
            if check["status"] in DECIDED and check["id"] not in told:
                told[check["id"]] = check["status"]
                say(check_line(check))
                wait = FIRST_SECONDS
        time.sleep(wait)
        wait = min(MOST_SECONDS, wait * GROWTH)


def examples(site: Site, item: int, say: Say) -> list[dict[str, Any]] | None:
    """Return what the visible checks ask; None where the site has none, or not soon.

    Raises: NotLoggedIn, Unreachable.
    """
    wait, until = FIRST_SECONDS, time.monotonic() + EXAMPLES_SECONDS
    while True:
        try:
            found = site.get(f"/items/{item}/examples")
        except NotLoggedIn:
            raise
        except Refused:  # a site from before there were examples
            return None
        if found["state"] != "waiting":
            return found["checks"] if found["state"] == "done" else None
        if time.monotonic() >= until:
            return None
        if wait == FIRST_SECONDS:
            say("  examples are being recorded")
        time.sleep(wait)
        wait = min(MOST_SECONDS, wait * GROWTH)


def prepared(site: Site, item: int, say: Say) -> dict[str, Any]:
    """Return an item once its numbers are drawn. Raises: Refused, Unreachable."""
    wait = FIRST_SECONDS
    while True:
        found: dict[str, Any] = site.get(f"/items/{item}")
        if found["is_prepared"]:
            return found
        if wait == FIRST_SECONDS:
            say("  your numbers are being drawn")
        time.sleep(wait)
        wait = min(MOST_SECONDS, wait * GROWTH)
