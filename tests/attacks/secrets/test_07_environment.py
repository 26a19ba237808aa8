"""Row 7: seed, job or tokens in the environment. Success: a variable beyond the constant."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.attacks.conftest import Attack, seen


def test_the_environment_and_arguments_tell_nothing(attack: Attack, versions: Path) -> None:
    code = """
import os, sys
found = [dict(os.environ), sys.orig_argv, os.uname().nodename, os.getpid(), os.getuid()]
"""
    environment, arguments, host, pid, uid = ast.literal_eval(seen(attack, code))
    threads = {"MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    allocator = {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"}
    assert set(environment) == {"HOME", "LANG", "PATH", "PWD"} | threads | allocator
    assert arguments[1:5] == ["-I", "-S", "-B", "-c"]
    assert not any(str(versions) in one or "attacked" in one for one in arguments)
    assert (host, pid, uid) == ("gradus", 1, 1000)
