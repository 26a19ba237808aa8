"""Row 36: strided and overlapping arrays scrambled on the way. Success: honest values lost."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Attack


@pytest.mark.parametrize(
    "value",
    [
        "np.asfortranarray(np.stack([y, y]))[0]",
        "np.stack([y, 0 * y], axis=1)[:, 0]",
        "y[::-1].copy()[::-1]",
        "np.broadcast_to(y, (4, 3))[2]",
        "np.frombuffer(b'\\0' + y.tobytes(), dtype='f8', offset=1)",
        "y.astype('>f8')",
    ],
)
def test_a_right_value_in_any_layout_passes(attack: Attack, value: str) -> None:
    graded = attack(f"y = 2 * x\nreturn {value}", top="import numpy as np")
    assert graded.verdict.points == 4.0, graded["attacked"]
