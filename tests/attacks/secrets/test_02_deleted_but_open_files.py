"""Row 2: read a deleted but open file, or cached source. Success would be text of the checks."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_descriptor_leads_out_but_the_stream_and_the_output(attack: Attack) -> None:
    code = """
import os, stat
found = []
for number in range(1024):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    kind = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device"}
    found.append((number, kind.get(stat.S_IFMT(mode), "other")))
"""
    expected = [(0, "device"), (1, "pipe"), (2, "pipe"), (3, "socket")]
    assert seen(attack, code) == str(expected)


def test_the_cache_of_source_lines_holds_no_check(attack: Attack) -> None:
    code = """
import linecache
found = [name for name, entry in linecache.cache.items() if "student" + ".f(" in str(entry)]
"""
    assert seen(attack, code) == "[]"
