"""A real installation and a real browser. Any CSP violation or script error fails the test."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    ViewportSize,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Installation:
    address: str
    people: dict[str, dict[str, str]]  # by user name: password, token


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`manage.py run` with the demo course, in a folder of its own."""
    data = tmp_path_factory.mktemp("installation")
    address = f"http://127.0.0.1:{_free_port()}"
    command = [sys.executable, "manage.py", "run", "--data", str(data), "--port", address[-5:]]
    with (data / "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(address, process, data / "run.log")
        logins = json.loads((data / "demo-logins.json").read_text())
        yield Installation(address, {p["username"]: p for p in logins["people"]})
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Its driver keeps an event loop in this thread, beside which Django refuses to ask a database
    unless it is told that nothing else runs there.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sessions(browser: Browser, installation: Installation) -> dict[str, StorageState]:
    """Cookies of each person, from one log-in through the form."""
    found = {}
    for name, person in installation.people.items():
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{installation.address}/accounts/login/")
        page.get_by_label("User name or e-mail").fill(name)
        page.get_by_label("Password").fill(person["password"])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{installation.address}/")
        found[name] = context.storage_state()
        context.close()
    return found


@pytest.fixture
def open_as(
    browser: Browser, installation: Installation, sessions: dict[str, StorageState]
) -> Iterator[Callable[..., Page]]:
    """A page of one person. What the browser complains about fails the test at its end."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        who: str | None, *, phone: bool = False, scripts: bool = True, expected: str = "status of 4"
    ) -> Page:
        def hear(message: ConsoleMessage) -> None:
            known = "status of 4" in message.text or expected in message.text
            if message.type in ("error", "warning") and not known:
                complaints.append(message.text)

        context = browser.new_context(
            base_url=installation.address,
            storage_state=sessions[who] if who else None,
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if phone else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _free_port() -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port >= 10_000:
            return port


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    os.kill(process.pid, signal.SIGINT) if process.poll() is None else None
    pytest.fail(f"The installation did not start:\n{log.read_text()[-2000:]}")
