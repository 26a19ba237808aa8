"""Row 3: walk stack frames and tracebacks. Success would be an expected value or a seed in one."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen

SECRET = '("expected", "reference", "seed", "draw", "checks", "solution")'


def test_no_frame_holds_anything_of_the_check(attack: Attack) -> None:
    code = f"""
import sys
found = []
for frame in [sys._getframe(), *sys._current_frames().values()]:
    while frame is not None:
        found += [name for name in frame.f_locals if name in {SECRET}]
        frame = frame.f_back
"""
    assert seen(attack, code) == "[]"


def test_no_traceback_leads_into_the_checker(attack: Attack) -> None:
    code = """
import sys
try:
    1 / 0
except ZeroDivisionError as error:
    files, frame = set(), error.__traceback__.tb_frame
    while frame is not None:
        files.add(frame.f_code.co_filename)
        frame = frame.f_back
found = sorted(f for f in files if "check" in f or "authoring" in f or "judge" in f)
"""
    assert seen(attack, code) == "[]"
