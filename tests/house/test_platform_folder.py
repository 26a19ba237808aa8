"""The folder platform/ never shadows the standard library's module of the same name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_platform_folder_holds_only_gradus() -> None:
    entries = {path.name for path in (ROOT / "platform").iterdir()} - {"__pycache__"}
    assert entries == {"gradus"}


def test_the_standard_platform_module_stays_intact_from_the_root() -> None:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ".".join(map(str, sys.version_info[:3]))
