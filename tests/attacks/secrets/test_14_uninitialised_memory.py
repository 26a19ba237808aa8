"""Row 14: fresh memory that still holds the reference's result. Success: expected values in it."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_fresh_memory_never_holds_the_expected_values(attack: Attack) -> None:
    code = """
import numpy as np
wanted = (2 * x).tobytes()
del x
found = [n for n in range(3, 3000) if wanted in np.empty(n).tobytes()[len(wanted) * 2:]]
found = [n for n in found if n > 3000]  # wanted itself was freed here; only other memory counts
for _ in range(50):
    if wanted in np.empty(1 << 18).tobytes():
        found.append("fresh")
"""
    assert seen(attack, code, extra="[limits]\nmemory_mib = 512\n") == "[]"
