"""`python -m grader gpu`: what an operator sees and does, on a host whatever it has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from grader.cli import main
from grader.gpu.health import Fault
from grader.gpu.places import Places
from tests.grader.gpu.simulated import ONE

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_GPU_FOLDER", str(tmp_path))
    return tmp_path


def test_an_operator_ends_a_quarantine(folder: Path, capsys: Capture) -> None:
    places = Places(folder)
    places.quarantine(ONE, Fault("Xid 79", lasting=True), time.time())
    assert main(["gpu", "release", ONE]) == 0
    assert places.quarantined(ONE, time.time()) is None
    assert main(["gpu", "release", ONE]) == 1
    assert "not in quarantine" in capsys.readouterr().err


def test_what_is_no_device_is_refused(capsys: Capture) -> None:
    assert main(["gpu", "release", "../x"]) == 2
    assert "no device" in capsys.readouterr().err
