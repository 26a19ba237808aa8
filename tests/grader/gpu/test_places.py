"""Locks and quarantine: the same for every daemon of a host, and for hostile files."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.gpu.health import Fault
from grader.gpu.places import Places, from_environment
from tests.grader.gpu.simulated import ONE, TWO

HOLDER = """
import sys
from pathlib import Path
from grader.gpu.places import Places
with Places(Path(sys.argv[1])).lock(sys.argv[2]) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "gpu", cool_off_seconds=60.0)


def test_one_device_is_held_once_and_others_are_free(places: Places) -> None:
    with places.lock(ONE) as first, places.lock(ONE) as again, places.lock(TWO) as other:
        assert (first, again, other) == (True, False, True)
    with places.lock(ONE) as later:
        assert later


def test_another_process_holds_it_until_it_is_killed(places: Places) -> None:
    command = [sys.executable, "-c", HOLDER, str(places.folder), ONE]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with places.lock(ONE) as held:
            assert not held
        holder.kill()
        holder.wait()
        with places.lock(ONE) as held:
            assert held


def test_a_device_cools_off(places: Places) -> None:
    places.quarantine(ONE, Fault("memory stayed"), now=1000.0)
    resting = places.quarantined(ONE, 1059.0)
    assert resting is not None
    assert (resting.reason, resting.until) == ("memory stayed", 1060.0)
    assert places.quarantined(ONE, 1060.0) is None
    assert places.quarantined(TWO, 1000.0) is None


def test_a_lasting_fault_ends_by_an_operator_only(places: Places) -> None:
    places.quarantine(ONE, Fault("Xid 79", lasting=True), now=0.0)
    resting = places.quarantined(ONE, 1e12)
    assert resting is not None
    assert resting.until == math.inf
    assert places.release(ONE)
    assert places.quarantined(ONE, 0.0) is None
    assert not places.release(ONE)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"reason": "x"}', b"\xff\xfe", b"[" * 4000,
     b'{"reason": "x", "until": "soon"}', b'{"reason": "x", "until": NaN}'],
)  # fmt: skip
def test_a_quarantine_that_cannot_be_read_still_holds(places: Places, content: bytes) -> None:
    places.folder.mkdir()
    (places.folder / f"{ONE}.quarantine").write_bytes(content)
    resting = places.quarantined(ONE, 1e12)
    assert resting is not None
    assert resting.until == math.inf


@pytest.mark.parametrize("name", ["", "GPU-1", "../../etc/passwd", f"{ONE}/x", ONE.lower(), "0"])
def test_what_is_no_device_touches_no_file(places: Places, name: str) -> None:
    with pytest.raises(HostError, match="no device"):
        places.release(name)
    with pytest.raises(HostError, match="no device"), places.lock(name):
        pass


def test_a_link_in_the_place_of_a_lock_is_refused(places: Places, tmp_path: Path) -> None:
    places.folder.mkdir()
    (tmp_path / "target").touch()
    (places.folder / f"{ONE}.lock").symlink_to(tmp_path / "target")
    with pytest.raises(HostError, match="GRADUS_GPU_FOLDER"), places.lock(ONE):
        pass


def test_a_folder_that_cannot_be_used_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    broken = Places(tmp_path / "file")
    with pytest.raises(HostError, match="GRADUS_GPU_FOLDER"), broken.lock(ONE):
        pass
    with pytest.raises(HostError, match="GRADUS_GPU_FOLDER"):
        broken.quarantine(ONE, Fault("x"), now=0.0)


def test_a_reason_is_kept_whole_and_short(places: Places) -> None:
    places.quarantine(ONE, Fault('a "quoted"\nline' + "x" * 5000), now=0.0)
    resting = places.quarantined(ONE, 1.0)
    assert resting is not None
    assert resting.reason.startswith('a "quoted"\nline')
    assert len(resting.reason) == 1000
    assert json.loads((places.folder / f"{ONE}.quarantine").read_text())["until"] == 60.0


@pytest.mark.parametrize("minutes", ["-1", "1.5", "soon", "٣", "999999"])
def test_a_cool_off_without_sense_is_named(minutes: str) -> None:
    with pytest.raises(HostError, match="GRADUS_GPU_COOL_OFF_MINUTES"):
        from_environment({"GRADUS_GPU_COOL_OFF_MINUTES": minutes})


def test_the_settings_have_defaults() -> None:
    assert from_environment({}) == Places(Path("/run/lock/gradus-gpu"), 1800.0)
    assert from_environment({"GRADUS_GPU_COOL_OFF_MINUTES": "0"}).cool_off_seconds == 0.0
