"""Row 63: bring another library or machine code. Success: it can be imported, mapped or built."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_the_numpy_flavour_has_no_other_library_and_no_compiler(attack: Attack) -> None:
    code = """
import importlib, shutil
found = []
for name in ("torch", "scipy", "numba", "cupy", "cython", "jax", "pandas", "cffi", "pythran"):
    try:
        importlib.import_module(name)
        found.append(name)
    except ImportError:
        pass
found += [one for one in ("cc", "gcc", "clang", "ld", "as", "tcc", "rustc") if shutil.which(one)]
"""
    assert seen(attack, code) == "[]"


def test_no_file_of_ones_own_can_be_loaded_as_machine_code(attack: Attack) -> None:
    code = """
import ctypes, glob, shutil
found = []
places = ("/usr/lib/*", "/lib/*", "/usr/lib64")
library = [one for place in places for one in glob.glob(place + "/libm.so.6")]
for place in ("/w", "/tmp", "/dev/shm"):
    try:
        shutil.copyfile(library[0], place + "/mine.so")
        ctypes.CDLL(place + "/mine.so")
        found.append(place)
    except OSError:
        pass
"""
    assert seen(attack, code) == "[]"


def test_no_program_can_be_started(attack: Attack) -> None:
    code = """
import os, subprocess, sys
found = []
for program in (sys.executable, "/bin/sh", "/usr/bin/cc", "/lib64/ld-linux-x86-64.so.2"):
    try:
        subprocess.run([program, "-c", "pass"])
        found.append(program)
    except OSError:
        pass
"""
    assert seen(attack, code) == "[]"
