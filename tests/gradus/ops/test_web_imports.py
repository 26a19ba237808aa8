"""The web process is light: pages and API work without numpy and torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# A finder that refuses them shows the import; looking at sys.modules afterwards would as well.
REQUESTS = """
import sys

class Heavy:
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "torch"):
            raise AssertionError(f"{name} is imported")

sys.meta_path.insert(0, Heavy())
import gradus.asgi
from django.core.management import call_command
from django.test import Client

call_command("migrate", verbosity=0)
client = Client(headers={"host": "localhost"})
for path in ("/healthz", "/accounts/login/", "/api/v1/openapi.json", "/api/v1/docs"):
    assert client.get(path).status_code == 200, path
import gradus.submissions.client, gradus.submissions.grading
print(sorted({"numpy", "torch"} & set(sys.modules)))
"""


def test_the_web_process_imports_neither_numpy_nor_torch(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "GRADUS_DATA": str(tmp_path),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    ended = subprocess.run(
        [sys.executable, "-c", REQUESTS],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"
