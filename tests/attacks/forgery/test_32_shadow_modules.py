"""Rows 32 and 73: shadow modules, poison packages. Success: one's own file is imported later."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen

WRITE = """
import os, sys, numpy
found = []
places = ["/w", "/tmp", "/", "/engine", "/engine/grader/runner", os.path.dirname(numpy.__file__)]
places += [place for place in sys.path if os.path.isdir(place)]
for place in places:
    for name in ("numpy.py", "sitecustomize.py", "usercustomize.py", "evil.pth", "json.py"):
        try:
            open(os.path.join(place, name), "w").write("raise SystemExit('shadowed')")
            if place not in ("/w", "/tmp"):
                found.append(place)
        except OSError:
            pass
"""


def test_nothing_but_the_own_folder_can_be_written(attack: Attack) -> None:
    assert seen(attack, WRITE) == "[]"


def test_files_in_the_own_folder_shadow_nothing(attack: Attack) -> None:
    graded = attack(f"{WRITE}\nfor name in ('json', 'decimal'): __import__(name)\nreturn 2 * x")
    assert graded.verdict.points == 4.0
    assert attack("return 2 * x").verdict.points == 4.0


def test_compiled_files_of_packages_cannot_be_changed(attack: Attack) -> None:
    code = """
import glob, os, numpy
found = []
folder = os.path.dirname(numpy.__file__)
for path in glob.glob(folder + "/**/*.py*", recursive=True)[:200]:
    changes = (lambda: open(path, "r+b"), lambda: os.unlink(path), lambda: os.chmod(path, 0o777))
    for change in changes:
        try:
            change()
            found.append(path)
        except OSError:
            pass
"""
    assert seen(attack, code) == "[]"
