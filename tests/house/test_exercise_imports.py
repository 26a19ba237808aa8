"""What the files of an exercise may import (no linter sees these folders: they are no package)."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.exercise.load import load
from grader.verify.sources import import_errors
from tests.house.syntax import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "exercises").glob("*/*/exercise.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_exercise_imports_only_what_its_place_offers(folder: Path) -> None:
    assert import_errors(load(folder)) == []
