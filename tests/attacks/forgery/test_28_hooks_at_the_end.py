"""Row 28: `atexit`, `__del__`, finalizers, shutdown hooks. Success: a result changed afterwards."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack
from tests.attacks.forgery.stream import STREAM

FORGE = "lambda *a: stream().send(Kind.RESULT, 2, (2 * kept[0], None))"


@pytest.mark.parametrize(
    "hook",
    [
        f"import atexit; atexit.register({FORGE})",
        f"import weakref; weakref.finalize(kept[0], {FORGE})",
        f"threading._register_atexit({FORGE})",
        f"global T\nT = type('T', (), {{'__del__': {FORGE}}})()",
        f"import gc; gc.callbacks.append({FORGE})",
    ],
)
def test_a_hook_at_the_end_changes_no_result(attack: Attack, hook: str) -> None:
    graded = attack(f"kept.append(x)\n{hook}\nreturn 0 * x", top=f"{STREAM}\nkept = []\n")
    assert graded["attacked"].points == 0
    assert graded["honest"].status in ("passed", "failed")  # a late frame is one's own loss
