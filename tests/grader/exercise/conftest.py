"""A small exercise folder to change and break."""

from __future__ import annotations

from pathlib import Path

import pytest

MANIFEST = """\
id = "tiny"
title = "Tiny"
kind = "code"
points = 5
flavour = "numpy"
concepts = ["losses"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`<tmp>/losses/tiny`, an exercise with code."""
    folder = tmp_path / "losses" / "tiny"
    for name, text in {
        "exercise.toml": MANIFEST,
        "statement.md": "Say **one**.\n",
        "starter.py": "def one():\n    ...\n",
        "checks.py": "raise SystemExit('never executed')\n",
        "solution.py": "def one():\n    return 1\n",
        "right/lambda_.py": "one = lambda: 1\n",
        "wrong/two.py": '"""Two.\n\nCount again."""\n',
        "given/data/words.csv": "a,b\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
