"""Paired timing on a GPU, against parties whose device and clock are simulated."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from grader.timing.device import FLOOR, OnDevice, Rules, Turn, compared, measure
from grader.timing.pairs import Args

TAKING = 0.02
THRESHOLDS = [(0.5, 0.5), (2.0, 1.0)]


class Room:
    """One device and one clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.busy_until = 0.0  # the device, with what somebody left behind
        self.awake: set[str] = set()
        self.order: list[str] = []


class Simulated:
    """A party whose calls take `seconds` of the device."""

    def __init__(self, name: str, room: Room, seconds: float, noise: float = 0.0) -> None:
        self.name, self.room, self.seconds, self.noise = name, room, seconds, noise
        self.rng = random.Random(name)
        self.ahead = 0.0  # seconds of work begun as soon as the inputs are there
        self.left_behind = 0.0  # seconds of work on the device after the answer
        self.seen: list[Args] = []

    def keep(self, args: Args) -> Args:
        self.room.order.append(self.name)
        assert self.room.awake == {self.name}
        self.room.now += TAKING
        self.room.busy_until = max(self.room.now, self.room.busy_until) + self.ahead
        return args

    def call(self, args: Args) -> tuple[Any, float]:
        self.seen.append(args)
        begin = max(self.room.now, self.room.busy_until)
        work = self.seconds * self.rng.lognormvariate(0, self.noise)
        self.room.now = begin + work
        self.room.busy_until = self.room.now + self.left_behind
        return args[0] * 2, 0.0

    def forget(self, args: Args) -> None:
        pass

    def freeze(self) -> None:
        self.room.awake.discard(self.name)

    def thaw(self) -> None:
        self.room.awake.add(self.name)
        self.room.now += 1e-4  # shorter than work that was left behind


def simulate(
    own: float,
    theirs: float,
    verify: Callable[[Args, Any, Any], None] = lambda args, own, theirs: None,
    noise: float = 0.0,
    **student: float,
) -> tuple[OnDevice, Room]:
    room = Room()
    baseline = Simulated("baseline", room, theirs, noise)
    numbers = iter(range(10_000))

    @contextmanager
    def opened() -> Iterator[Simulated]:
        party = Simulated("student", room, own, noise)
        for name, value in student.items():
            setattr(party, name, value)
        yield party
        room.busy_until = room.now  # its work ends with its process

    found = measure(
        opened(),
        baseline,
        lambda: (next(numbers),),
        verify,
        Rules(thresholds=THRESHOLDS, seconds=600, clock=lambda: room.now),
    )
    return found, room


@pytest.mark.parametrize("ratio", [0.2, 1.0, 5.0, 40.0])
def test_the_ratio_is_that_of_the_calls(ratio: float) -> None:
    found, _ = simulate(0.01, 0.01 * ratio)
    assert found.measured.value == pytest.approx(ratio)
    assert found.measured.pairs == 5
    assert not found.slowed


def test_the_baseline_is_alone_before_and_after_the_students_session() -> None:
    _, room = simulate(0.01, 0.05)
    assert set(room.order[:8]) == set(room.order[-5:]) == {"baseline"}
    assert room.order[8:11] == ["student"] * 3
    assert room.order[11:15] == ["student", "baseline", "baseline", "student"]
    assert room.awake == set()


def test_work_begun_while_inputs_arrive_gains_nothing() -> None:
    honest, _ = simulate(0.01, 0.01)
    ahead, _ = simulate(1e-6, 0.01, ahead=0.01)
    assert ahead.measured.value == pytest.approx(honest.measured.value, rel=0.01)


def test_work_left_behind_on_the_device_gains_nothing_and_is_told() -> None:
    found, _ = simulate(0.01, 0.01, left_behind=0.5)
    assert found.slowed
    assert found.measured.value <= 1.1 + 1e-9


def test_noise_does_not_look_like_work_left_behind() -> None:
    found, _ = simulate(0.01, 0.05, noise=0.02)
    assert not found.slowed
    assert found.measured.value == pytest.approx(5, rel=0.05)


def test_a_result_near_a_threshold_takes_all_pairs() -> None:
    found, _ = simulate(0.01, 0.02, noise=0.05)
    assert found.measured.pairs == 31


def test_every_output_of_the_student_is_verified_beside_the_baselines() -> None:
    seen: list[tuple[Args, Any, Any]] = []
    simulate(0.01, 0.05, verify=lambda *outputs: seen.append(outputs))
    assert [theirs for _, _, theirs in seen[:3]] == [None] * 3
    assert len(seen) == 3 + 5
    assert all(own == args[0] * 2 for args, own, _ in seen)
    assert all(theirs == own for _, own, theirs in seen[3:])


def test_a_wrong_output_ends_it_all() -> None:
    def verify(args: Args, own: Any, theirs: Any) -> None:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        simulate(0.01, 0.05, verify=verify)


def test_what_is_taken_off_leaves_half_of_a_call() -> None:
    quick, slow = Turn(0.0, 0.01, None), Turn(0.5, 0.01, None)
    assert quick.seconds(0.5) == pytest.approx(FLOOR * 0.01)
    assert slow.seconds(0.5) == pytest.approx(0.01)


def test_a_baseline_counts_no_slower_than_alone() -> None:
    alone = [Turn(0.0, 0.01, None)] * 5
    assert compared([Turn(0.0, 0.01, None)], [Turn(0.0, 9.0, None)], alone) == pytest.approx([1.1])
