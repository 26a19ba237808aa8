"""Row 51: compute while inputs arrive, answer from memory. Success: the work is not charged."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.conftest import Graded


def test_work_done_as_the_input_arrives_is_charged(
    gains_nothing: Callable[[str], Graded],
) -> None:
    gains_nothing("""
import gc
import numpy as np
import grader.frames.decoding as decoding
_honest, _memory = f, {}
def f(x):
    return _memory.pop(id(x), None) or _honest(x)
for _name, _one in list(vars(decoding.Decoder).items()):
    if callable(_one) and _name.startswith(("read", "take", "value", "array")):
        def _wrapped(self, *a, _one=_one, **k):
            value = _one(self, *a, **k)
            if type(value) is np.ndarray and value.size == 40_000:
                _memory[id(value)] = _honest(value)
            return value
        try:
            setattr(decoding.Decoder, _name, _wrapped)
        except (AttributeError, TypeError):
            pass
""")
