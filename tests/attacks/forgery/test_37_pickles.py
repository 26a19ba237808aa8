"""Row 37: values that run code where they are read. Success: the marker file exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.conftest import Attack

TOP = """
import os
import numpy as np

class Reduced:
    def __reduce__(self):
        return os.system, ("touch MARKER",)
"""


@pytest.mark.parametrize(
    "value",
    ["Reduced()", "np.array([Reduced()] * 3)", "{'a': Reduced()}", "type('T', (), {})", "np.load"],
)
def test_nothing_that_is_returned_runs_code_here(
    attack: Attack, tmp_path: Path, value: str
) -> None:
    marker = tmp_path / "marker"
    attack(f"return {value}", top=TOP.replace("MARKER", str(marker))).lost_only_its_check()
    assert not marker.exists()
