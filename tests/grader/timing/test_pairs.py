"""The protocol of paired timing, against parties with a simulated clock."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from grader.timing.pairs import Args, Measurement, measure, turn

NOP = 30e-6  # seconds of the way to and fro
THRESHOLDS = [(15.0, 0.6), (60.0, 1.0)]


class Room:
    """Knows who runs: two at once is the one thing that must never happen."""

    def __init__(self) -> None:
        self.awake: set[str] = set()
        self.turns: list[str] = []


class Simulated:
    """A party whose calls take `seconds`, with relative noise."""

    def __init__(
        self, name: str, room: Room, seconds: float, noise: float = 0.0, seed: int = 1
    ) -> None:
        self.name, self.room, self.seconds, self.noise = name, room, seconds, noise
        self.rng = random.Random(seed)
        self.kept: list[Args] = []
        self.seen: list[Args] = []
        self.forgotten: list[Args] = []
        self.cpu, self.keeping, self.between, self.held_up = 0.0, 1e-4, 0.0, 1.0
        room.awake.add(name)

    def keep(self, args: Args) -> Args:
        assert self.room.awake == {self.name}
        self.cpu += self.keeping
        self.kept.append(args)
        return args

    def call(self, args: Args) -> tuple[Any, float]:
        assert self.room.awake == {self.name}
        self.seen.append(args)
        seconds = NOP + self.seconds * self.rng.lognormvariate(0, self.noise)
        self.cpu += seconds + self.between
        return args[0] * 2, seconds * self.held_up

    def forget(self, args: Args) -> None:
        self.forgotten.append(args)

    def nop(self) -> float:
        self.cpu += NOP
        return NOP

    def cpu_seconds(self) -> float:
        assert self.name not in self.room.awake
        return self.cpu

    def freeze(self) -> None:
        self.room.awake.discard(self.name)

    def thaw(self) -> None:
        self.room.awake.add(self.name)
        self.room.turns.append(self.name)


class Inputs:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> tuple[int]:
        self.count += 1
        return (self.count,)


def simulate(
    student_seconds: float,
    baseline_seconds: float,
    noise: float = 0.0,
    verify: Callable[[Args, Any], None] = lambda args, output: None,
    **hidden: float,
) -> tuple[Measurement, Simulated, Simulated, Room]:
    room = Room()
    student = Simulated("student", room, student_seconds, noise, seed=1)
    baseline = Simulated("baseline", room, baseline_seconds, noise, seed=2)
    for name, seconds in hidden.items():
        setattr(student, name, seconds)
    found = measure(student, baseline, Inputs(), verify, THRESHOLDS, seconds=60)
    return found, student, baseline, room


@pytest.mark.parametrize("ratio", [2.0, 5.0, 30.0, 300.0])
def test_a_clear_ratio_needs_five_pairs(ratio: float) -> None:
    found, *_ = simulate(0.003, 0.003 * ratio)
    assert found.pairs == 5
    assert found.value == pytest.approx(ratio)


def test_a_ratio_near_a_threshold_takes_all_pairs() -> None:
    found, *_ = simulate(0.003, 0.003 * 60)
    assert found.pairs == 31


def test_a_clear_ratio_takes_more_pairs_while_it_is_inexact() -> None:
    found, *_ = simulate(0.003, 0.003 * 300, noise=0.2)
    assert found.clear
    assert found.pairs > 5
    low, high = found.band
    assert found.pairs == 31 or high - low <= 0.1 * found.value


def test_a_clear_ratio_is_exact_enough_when_the_time_for_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.timing.pairs.ENOUGH_SECONDS", 0.0)
    found, *_ = simulate(0.003, 0.003 * 1000, noise=0.2)
    assert found.pairs == 5


def test_the_way_to_and_fro_is_what_it_is_at_the_time_of_a_pair() -> None:
    class Slowing(Simulated):
        """From its fourth turn on, the way takes three times as long, as on a busy host."""

        def nop(self) -> float:
            self.cpu += self.way
            return self.way

        def call(self, args: Args) -> tuple[Any, float]:
            output, seconds = super().call(args)
            self.cpu += self.way - NOP
            return output, seconds + self.way - NOP

        @property
        def way(self) -> float:
            return 3 * NOP if self.room.turns.count("baseline") > 12 else NOP

    room = Room()
    student, baseline = (
        Slowing(name, room, s) for name, s in [("student", 9e-5), ("baseline", 9e-3)]
    )
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value == pytest.approx(100)


def test_noise_moves_the_median_little_and_is_said() -> None:
    found, *_ = simulate(0.003, 0.003 * 60, noise=0.2)
    assert found.noisy
    assert found.value == pytest.approx(60, rel=0.2)
    assert found.band[0] < 60 < found.band[1]


def test_nobody_ever_runs_beside_the_other_and_the_order_alternates() -> None:
    _, _, _, room = simulate(0.003, 0.006)
    assert room.awake == set()
    pairs = room.turns[12::2]  # after the warm-up; a turn thaws twice, and so does what follows it
    nothing = ["baseline"]
    assert pairs[:6] == ["student", "baseline", *nothing, "baseline", "student", *nothing]


def test_no_party_sees_an_input_twice_and_both_see_the_same_ones() -> None:
    _, student, baseline, _ = simulate(0.003, 0.006)
    for party in (student, baseline):
        assert len(set(party.seen)) == len(party.seen)
    assert set(student.seen[3:]) == set(baseline.seen[3:])


@pytest.mark.parametrize(("seconds", "inputs"), [(0.003, 1), (0.00108, 2), (0.0004, 5), (1e-9, 64)])
def test_a_turn_has_as_many_inputs_as_two_milliseconds_need(seconds: float, inputs: int) -> None:
    found, student, _, _ = simulate(seconds, 0.1)
    assert len(student.seen) == 1 + 2 * inputs + found.pairs * inputs  # the first are warm-up


def test_every_output_of_the_student_is_verified() -> None:
    seen: list[tuple[Args, Any]] = []
    _, student, _, _ = simulate(
        0.0004, 0.1, verify=lambda args, output: seen.append((args, output))
    )
    assert seen == [(args, args[0] * 2) for args in student.seen]


def test_a_wrong_timed_output_ends_it_all() -> None:
    def verify(args: Args, output: Any) -> None:
        if args[0] > 10:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        simulate(0.003, 0.006, verify=verify)


def test_a_party_is_frozen_even_where_its_call_fails() -> None:
    room = Room()
    party = Simulated("student", room, 0.003)
    party.freeze()
    with pytest.raises(TypeError):
        turn(party, [(None,)], 1)
    assert room.awake == set()


def test_time_running_out_stops_after_five_pairs() -> None:
    room = Room()
    student, baseline = Simulated("student", room, 0.003), Simulated("baseline", room, 0.18)
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=0)
    assert found.pairs == 5


def test_the_way_to_and_fro_is_taken_off_both() -> None:
    found, *_ = simulate(60e-6, 60e-6 * 30)
    assert found.value == pytest.approx(30)


@pytest.mark.parametrize(("where", "value"), [("keeping", 5.3), ("between", 10.0)])
def test_work_hidden_outside_the_window_is_charged(where: str, value: float) -> None:
    hidden: dict[str, Any] = {where: 0.009}
    found, *_ = simulate(0.001, 0.1, **hidden)
    assert found.value == pytest.approx(value, rel=0.05)


def test_work_done_ahead_for_the_few_inputs_that_are_called_is_charged_in_full() -> None:
    class Ahead(Simulated):
        """Slow while it is warmed up, so that it is called once; then it works ahead for that."""

        def keep(self, args: Args) -> Args:
            self.seconds = 0.003 if len(self.kept) < 3 else 10e-6
            self.cpu += 0.001 if len(self.kept) % 29 == 3 else 0.0  # the first of 29
            return super().keep(args)

    room = Room()
    student, baseline = Ahead("student", room, 0.003), Simulated("baseline", room, 40e-6)
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value < 40e-6 / 0.001


def test_both_parties_take_in_the_same_inputs() -> None:
    _, student, baseline, _ = simulate(0.0004, 0.1)
    both = [args for args in baseline.kept if args in student.kept]
    assert student.kept[1 + 2 * 5 :] == both


def test_taking_inputs_in_as_the_baseline_does_is_free() -> None:
    found, *_ = simulate(0.001, 0.1, keeping=1.2e-4)
    assert found.value == pytest.approx(100)


def test_memory_that_is_asked_for_once_is_not_charged() -> None:
    class Growing(Simulated):
        """Takes an input in slowly while more stand in its memory than ever before."""

        most = 0

        def keep(self, args: Args) -> Args:
            standing = len(self.kept) - len(self.forgotten) + 1
            self.cpu += 0.005 if standing > self.most else 0.0
            self.most = max(self.most, standing)
            return super().keep(args)

    room = Room()
    student, baseline = Growing("student", room, 0.0004), Simulated("baseline", room, 0.1)
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value == pytest.approx(250)
    assert found.pairs == 5


def test_inputs_are_forgotten_after_their_turn() -> None:
    _, student, *_ = simulate(0.001, 0.1)
    assert student.forgotten == student.kept


def test_letting_inputs_go_is_not_taken_for_the_way_to_and_fro() -> None:
    class Lazy(Simulated):
        """Lets go of inputs when it is next asked for something, as a session does."""

        dropped = 0

        def _drop(self) -> float:
            seconds = 0.0001 * (len(self.forgotten) - self.dropped)
            self.dropped = len(self.forgotten)
            self.cpu += seconds
            return seconds

        def keep(self, args: Args) -> Args:
            self._drop()
            return super().keep(args)

        def nop(self) -> float:
            return self._drop() + super().nop()

    room = Room()
    student, baseline = Lazy("student", room, 0.0004), Lazy("baseline", room, 0.04)
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value == pytest.approx(100, rel=0.01)


def test_who_is_slow_while_warmed_up_gains_nothing() -> None:
    class Late(Simulated):
        """One call a turn, so that what a session needs to wake up is not spread over many."""

        def call(self, args: Args) -> tuple[Any, float]:
            self.seconds = 0.003 if len(self.seen) < 3 else 0.0002
            return super().call(args)

    room = Room()
    student, baseline = Late("student", room, 0.003), Simulated("baseline", room, 0.02)
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value == pytest.approx(100, rel=0.01)


def test_a_slow_way_to_and_fro_on_a_busy_host_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.grader.timing.test_pairs.NOP", 0.002)
    found, *_ = simulate(0.001, 0.1)
    assert found.value < 40  # 102 ms against 3 ms: the host's noise counts for the baseline


def test_a_party_that_a_busy_host_held_up_is_judged_by_its_cpu_time() -> None:
    room = Room()
    student, baseline = Simulated("student", room, 0.003), Simulated("baseline", room, 0.09)
    student.held_up, baseline.held_up = 1.2, 4.0
    found = measure(student, baseline, Inputs(), lambda a, o: None, THRESHOLDS, seconds=60)
    assert found.value == pytest.approx(30)


@pytest.mark.parametrize(("seconds", "warm_up"), [(0.003, 3), (0.06, 2), (0.2, 1)])
def test_what_is_slow_is_warmed_up_with_fewer_calls(seconds: float, warm_up: int) -> None:
    found, student, _, _ = simulate(seconds, seconds * 5)
    assert found.pairs == 5
    assert len(student.seen) == warm_up + 5
