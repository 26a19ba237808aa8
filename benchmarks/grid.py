"""How the gradebook of 1,000 students by 100 exercises feels in Chromium.

    python -m benchmarks.grid --data FOLDER [--record]

The folder is as in `benchmarks.pages`. A web server of its own serves the owner's gradebook; first
paint is what the browser says, and tasks above 50 ms are counted by its own observer, apart for the
time until the page stands and for the time in which it is scrolled down, right, and back.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.pages import ROOT, owner, site
from benchmarks.sandbox_overhead import host
from benchmarks.submit_to_verdict import free_port, wait_until_ready
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP

RECORD = ROOT / "benchmarks" / "records" / "grid.json"
ROUNDS = 3
_OBSERVE = """
window.tasks = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.tasks.push([one.startTime, one.duration]);
}).observe({ type: "longtask", buffered: true });
"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_ANSWERED = "performance.getEntriesByType('navigation')[0].responseStart"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    found = run(chosen.data.resolve())
    print(json.dumps(found, indent=1))
    if chosen.record:
        RECORD.write_text(json.dumps(found, indent=1) + "\n")


def run(data: Path) -> dict[str, Any]:
    """Return milliseconds of paint and long tasks, each of some rounds."""
    from playwright.sync_api import sync_playwright

    site(data)
    course, client = owner()
    at, cookie = f"/courses/{course.pk}/gradebook/", client.cookies["sessionid"].value
    with _server(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        rounds = []
        for _ in range(ROUNDS + 1):  # the first one warms the server
            context = browser.new_context(base_url=address, viewport=DESKTOP)
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
            rounds.append(_round(context.new_page(), at))
            context.close()
        browser.close()
    return {"host": host(), "rounds": rounds[1:]}


def _round(page: Any, at: str) -> dict[str, Any]:
    page.add_init_script(_OBSERVE)
    page.goto(at)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    loaded = page.evaluate("performance.now()")
    box = page.locator(".gb").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for right, down in ((0, 400), (0, 2_000), (300, 0), (-300, 0), (0, -2_000)):
        for _ in range(30):
            page.mouse.wheel(right, down)
            page.wait_for_timeout(30)
    page.wait_for_timeout(300)
    tasks = page.evaluate("window.tasks")
    scrolled = sorted(round(length) for start, length in tasks if start > loaded)
    return {
        "first_byte_ms": round(page.evaluate(_ANSWERED)),
        "first_paint_ms": round(page.evaluate(_PAINT)),
        "tasks_above_50_ms_loading": sorted(round(d) for start, d in tasks if start <= loaded),
        "tasks_above_50_ms_scrolling": scrolled,
        "rows_scrolled_to": page.evaluate("document.querySelector('.gb').scrollHeight"),
    }


@contextmanager
def _server(data: Path) -> Iterator[str]:
    port = free_port()
    environment = {
        **os.environ, "GRADUS_DATA": str(data), "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "gradus.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "uvicorn", "gradus.asgi:application", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=environment)
    try:
        wait_until_ready(port, "/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


if __name__ == "__main__":
    main()
