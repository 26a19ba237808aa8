"""The rehearsal before the first fork: it works, and leaves nothing that a session could see."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.checker import rehearse as of_checkers
from grader.runner import rehearse, zygote
from grader.runner.processes import thread_count


def test_a_rehearsal_leaves_no_module_and_no_source() -> None:
    threads, settings = thread_count(), np.geterr()
    rehearse.rehearse()
    of_checkers.rehearse()
    assert "solution" not in sys.modules
    assert not [name for name in linecache.cache if name in ("solution.py", rehearse.FILENAME)]
    assert np.geterr() == settings
    assert thread_count() == threads


def test_a_rehearsal_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for file in of_checkers.FOLDER.iterdir():
        if file.is_file():
            text = file.read_text().replace("rows, 3), draw", "rows, 3), 0.5 + draw")
            (tmp_path / file.name).write_text(text.replace("y[:, None]", "y"))
    monkeypatch.setattr(of_checkers, "FOLDER", tmp_path)
    with pytest.raises(RuntimeError, match="the rehearsal failed"):
        of_checkers.rehearse()


@pytest.mark.parametrize("entry", ["raw_entry:run", "grader.frames:run", "nowhere.at_all:run"])
def test_an_entry_without_a_rehearsal_has_none(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote, "require_one_thread", lambda: None)  # pytest may have others
    if entry.startswith("nowhere"):
        with pytest.raises(ModuleNotFoundError):
            zygote.rehearse(entry)
    else:
        zygote.rehearse(entry)
