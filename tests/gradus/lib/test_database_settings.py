"""What the settings make of the database's variables; each case is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHOW = "import json; from gradus import settings; print(json.dumps(settings.DATABASES['default']))"
SERVER = "postgres://gradus:word@127.0.0.1/gradus"


def database(data: Path, **variables: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "GRADUS_DATA": str(data)}
    answer = subprocess.check_output([sys.executable, "-c", SHOW], env=environment | variables)
    found: dict[str, Any] = json.loads(answer)
    return found


def test_connections_are_pooled_only_where_that_was_asked_for(tmp_path: Path) -> None:
    assert "pool" not in database(tmp_path, DATABASE_URL=SERVER).get("OPTIONS", {})


@pytest.mark.parametrize("query", ["", "?sslmode=require"])
def test_a_pool_leaves_the_options_of_the_address(tmp_path: Path, query: str) -> None:
    found = database(tmp_path, DATABASE_URL=SERVER + query, DATABASE_POOL="5")
    assert found["OPTIONS"]["pool"]["max_size"] == 5
    assert found["OPTIONS"].get("sslmode") == ("require" if query else None)


def test_sqlite_has_no_pool(tmp_path: Path) -> None:
    assert "pool" not in database(tmp_path, DATABASE_POOL="5")["OPTIONS"]
