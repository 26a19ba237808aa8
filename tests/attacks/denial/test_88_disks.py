"""Row 88: fill disks, inodes and descriptors, dump core. Success: the host's disk has less."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.attacks.conftest import Attack, patient, seen

TOP = "import os\n"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("open('/w/x', 'wb').write(bytes(5 << 20))", "disk", "more than 4 MiB"),
        ("open('/dev/shm/x', 'wb').write(bytes(5 << 20))", "disk", "more than 4 MiB"),
        ("for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))", "disk", "more than 4"),
        ("for n in range(10**6): open(f'/tmp/{n}', 'w').close()", "disk", "more than 2000 files"),
        ("for n in range(10**6): os.mkdir(f'/tmp/{n}')", "disk", "more than 2000 files"),
        ("for n in range(10**6): os.symlink('x', f'/tmp/{n}')", "disk", "more than 2000 files"),
        ("held = [open('/dev/null') for _ in range(99)]", "files", "more than 32 files"),
        ("held = [os.pipe() for _ in range(99)]", "files", "more than 32 files"),
    ],
)
def test_a_limit_is_named(attack: Attack, body: str, outcome: str, words: str) -> None:
    assert words in attack(body, top=TOP, extra=patient()).lost_only_its_check(outcome).message


def test_a_crash_leaves_no_core_and_the_disk_as_it_was(attack: Attack) -> None:
    places = [Path.cwd(), Path("/tmp"), Path("/var/crash")]
    cores = {str(one) for place in places if place.is_dir() for one in place.glob("core*")}
    before = shutil.disk_usage("/").free
    body = "held = bytearray(64 << 20)\nos.abort()"
    attack(body, top=TOP).lost_only_its_check("died")
    assert {str(one) for place in places if place.is_dir() for one in place.glob("core*")} == cores
    assert shutil.disk_usage("/").free > before - (60 << 20)


def test_a_core_cannot_be_asked_for(attack: Attack) -> None:
    body = """
import resource
found = []
try:
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    found.append("raised")
except (OSError, ValueError):
    pass
"""
    assert seen(attack, body) == "[]"
