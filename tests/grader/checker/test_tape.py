from __future__ import annotations

import numpy as np
import pytest

from grader.checker.tape import OffTape, Tape
from grader.frames import Call, Op

ASK = Call(Op.CALL, None, "f")


def test_answers_come_back_in_order_and_unshared() -> None:
    tape = Tape()
    tape.record(ASK, "f", np.zeros(2), spoils=False)
    tape.record(ASK, "f", [np.ones(1)], spoils=False)
    for _ in range(2):
        tape.rewind()
        first = tape.play(ASK, "f")
        first += 7
        assert tape.play(ASK, "f") == [np.ones(1)]


@pytest.mark.parametrize(("call", "label"), [(ASK, "g"), (Call(Op.GET, None, "f"), "f")])
def test_another_question_leaves_the_tape(call: Call, label: str) -> None:
    tape = Tape()
    tape.record(ASK, "f", 1, spoils=False)
    tape.rewind()
    with pytest.raises(OffTape):
        tape.play(call, label)


def test_a_question_too_many_leaves_the_tape() -> None:
    tape = Tape()
    tape.rewind()
    with pytest.raises(OffTape):
        tape.play(ASK, "f")
