"""Row 8: `/proc` of others, group names. Success would be any entry of /proc or /sys/fs/cgroup."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_the_folders_that_could_tell_something_are_empty(attack: Attack) -> None:
    code = """
import os
found = [os.listdir(place) for place in ("/proc", "/exercise", "/exercises")]
found += [os.path.exists(place) for place in ("/sys/fs/cgroup", "/run", "/var/run", "/home")]
"""
    assert seen(attack, code) == "[[], [], [], False, False, False, False]"
