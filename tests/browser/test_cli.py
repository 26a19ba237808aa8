"""From `gradus login` to a verdict: the command line, its page in a browser, a real worker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT / "exercises" / "activations-and-losses" / "softmax-cross-entropy"
Gradus = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ, "PYTHONPATH": str(ROOT / "cli"), "GRADUS_CLI_HOME": str(tmp_path / "config"),
    }  # fmt: skip


@pytest.fixture
def gradus(environment: dict[str, str], tmp_path: Path) -> Gradus:
    def run(*words: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gradus_cli.main", *words]
        return subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def logged_in(
    environment: dict[str, str], installation: Installation, open_as: Callable[..., Page]
) -> Page:
    """Ada at the command line: the code was shown, typed in her browser and allowed."""
    command = [sys.executable, "-m", "gradus_cli.main", "login", installation.address]
    asking = subprocess.Popen(
        [*command, "--no-browser"], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert asking.stderr is not None
    asking.stderr.readline()
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", asking.stderr.readline())
    assert code is not None
    page = open_as("ada")
    page.goto("/programs/allow/")
    page.get_by_label("Code").fill(code[0].lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="asks to act for you")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("may act for you")).to_be_visible()
    assert asking.wait(timeout=30) == 0
    return page


def test_pull_test_submit(logged_in: Page, gradus: Gradus, tmp_path: Path) -> None:
    assert gradus("pull", "softmax-cross-entropy").returncode == 0
    folder = tmp_path / "softmax-cross-entropy"
    starter = gradus("test", cwd=folder)
    assert starter.returncode == 1, starter.stderr
    assert "✗" in starter.stdout
    offline = gradus("test", "--offline", cwd=folder)
    assert offline.returncode == 1, offline.stderr
    assert "✗ The loss of a few small rows (differs)" in offline.stdout
    shutil.copy(EXERCISE / "solution.py", folder / "solution.py")
    offline = gradus("test", "--offline", cwd=folder)
    assert offline.returncode == 0, offline.stderr
    assert offline.stdout.count("✓") == 2  # the visible checks; no hidden one was recorded
    right = gradus("submit", cwd=folder)
    assert right.returncode == 0, right.stderr
    assert "passed, 20/20 points" in right.stdout
    shown = json.loads(gradus("status", "--json", cwd=folder).stdout)
    logged_in.goto(f"/submissions/{shown['id']}/")
    expect(logged_in.get_by_role("heading", level=1)).to_be_visible()


def test_ending_it_on_the_page_ends_it(logged_in: Page, gradus: Gradus) -> None:
    assert gradus("list").returncode == 0
    logged_in.goto("/programs/")
    logged_in.get_by_role("button", name="End gradus of").first.click()
    expect(logged_in.get_by_text("no longer works")).to_be_visible()
    assert gradus("list").returncode == 3
