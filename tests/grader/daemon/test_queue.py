"""Who gets a slot next."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.daemon import queue
from grader.daemon.queue import RECENT_SECONDS, FairOrder, Slots, Ticket
from grader.job.cancel import Interrupted

WAIT = 10.0  # seconds: a limit, never reached when all is well


def started(order: FairOrder, now: float = 0.0) -> list[str]:
    keys = []
    while ticket := order.start_next(now):
        keys.append(ticket.key)
    return keys


def test_oldest_goes_first_between_equals() -> None:
    order = FairOrder(slots=2)
    for key in ("ada", "ben", "cy"):
        order.join(key)
    assert started(order) == ["ada", "ben"]


def test_who_runs_nothing_goes_before_who_runs_something() -> None:
    order = FairOrder(slots=3)
    for key in ("ada", "ada", "ada", "ben"):
        order.join(key)
    assert started(order) == ["ada", "ben", "ada"]


def test_who_was_served_recently_waits_for_the_others() -> None:
    order = FairOrder(slots=1)
    first = order.join("ada")
    order.start_next(now=0.0)
    order.join("ada")
    order.join("ben")
    order.leave(first)
    assert order.start_next(now=1.0) is not None
    assert [ticket.key for ticket in order.order(now=1.0)] == ["ada"]


def test_an_old_start_no_longer_counts() -> None:
    order = FairOrder(slots=1)
    first = order.join("ada")
    order.start_next(now=0.0)
    order.leave(first)
    order.join("ada")
    order.join("ben")
    next_one = order.start_next(now=RECENT_SECONDS)
    assert next_one is not None
    assert next_one.key == "ada"


def test_jobs_without_a_key_do_not_count_against_each_other() -> None:
    order = FairOrder(slots=1)
    first, second = order.join(""), order.join("")
    assert order.start_next(0.0) is first
    order.join("ada")
    order.leave(first)
    assert order.start_next(0.0) is second


def test_leaving_twice_frees_one_slot_only() -> None:
    order = FairOrder(slots=1)
    first = order.join("ada")
    order.start_next(0.0)
    order.leave(first)
    order.leave(first)
    order.join("ben")
    order.join("cy")
    assert started(order) == ["ben"]


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30),
)
def test_announced_order_is_the_order_of_starts(slots: int, moves: list[tuple[str, bool]]) -> None:
    order = FairOrder(slots)
    running: list[Ticket] = []
    for key, end_one in moves:
        order.join(key)
        if end_one and running:
            order.leave(running.pop(0))
        if ticket := order.start_next(0.0):
            running.append(ticket)
    for ticket in running:
        order.leave(ticket)
    order.slots = 1000
    announced = order.order(0.0)
    assert [order.start_next(0.0) for _ in announced] == announced
    assert order.running == len(announced)


def never() -> bool:
    return False


def hold(
    slots: Slots, key: str, tell: Callable[[int], None]
) -> tuple[threading.Thread, threading.Event, threading.Event]:
    """Hold a slot in a thread; returns it, an event "holds it" and an event that ends it."""
    holds, end = threading.Event(), threading.Event()

    def body() -> None:
        with slots.take(key, tell, never):
            holds.set()
            end.wait(WAIT)

    thread = threading.Thread(target=body)
    thread.start()
    return thread, holds, end


def test_a_waiting_job_is_told_its_position_and_each_change() -> None:
    slots, told, at_two, at_one = Slots(1), [], threading.Event(), threading.Event()

    def tell(position: int) -> None:
        told.append(position)
        (at_two if position == 2 else at_one).set()

    nothing = lambda _: None  # noqa: E731
    first, holds, end_first = hold(slots, "ada", nothing)
    assert holds.wait(WAIT)
    queued = threading.Event()
    second, second_holds, end_second = hold(slots, "ben", lambda _: queued.set())
    assert queued.wait(WAIT)
    third, third_holds, end_third = hold(slots, "cy", tell)
    assert at_two.wait(WAIT)
    end_first.set()
    assert second_holds.wait(WAIT)
    assert at_one.wait(WAIT)
    end_second.set()
    assert third_holds.wait(WAIT)
    end_third.set()
    for thread in (first, second, third):
        thread.join(WAIT)
    assert told == [2, 1]
    assert slots.busy == (0, 0)


def test_a_cancelled_wait_leaves_the_queue() -> None:
    slots, gone = Slots(1), threading.Event()

    def leave(_: int) -> None:
        gone.set()

    with slots.take("ada", lambda _: None, never):
        with pytest.raises(Interrupted), slots.take("ben", leave, gone.is_set):
            pytest.fail("got a slot that is taken")
        assert slots.busy == (1, 0)


def test_a_timing_core_is_held_by_one_job_at_a_time() -> None:
    slots = Slots(4, timing_cores=(3,))
    inside, most, lock = [], [], threading.Lock()

    def body() -> None:
        with slots.timing(never) as core:
            with lock:
                inside.append(core)
                most.append(len(inside))
            with lock:
                inside.remove(core)

    threads = [threading.Thread(target=body) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert most == [1] * 8


def test_a_host_without_reserved_cores_does_not_wait() -> None:
    with Slots(1).timing(never) as core:
        assert core is None


def test_a_cancelled_wait_for_timing_leaves_the_line() -> None:
    slots = Slots(2, timing_cores=(0,))
    with slots.timing(never), pytest.raises(Interrupted), slots.timing(lambda: True):
        pytest.fail("got a core that is taken")
    with slots.timing(never) as core:
        assert core == 0


def test_a_held_queue_starts_nothing_and_goes_on_in_its_order() -> None:
    slots = Slots(1)
    slots.hold(True)
    positions: list[int] = []
    told, began = threading.Event(), threading.Event()

    def tell(position: int) -> None:
        positions.append(position)
        told.set()

    def wait() -> None:
        with slots.take("ada", tell, lambda: False):
            began.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert told.wait(WAIT)
    assert slots.busy == (0, 1)
    assert positions == [1]
    slots.hold(False)
    assert began.wait(WAIT)
    thread.join()


def test_a_job_that_waits_in_a_held_queue_can_be_cancelled() -> None:
    slots = Slots(1)
    slots.hold(True)
    cancelled = threading.Event()
    ended = threading.Event()
    told = threading.Event()

    def wait() -> None:
        with pytest.raises(Interrupted), slots.take("ada", lambda _: told.set(), cancelled.is_set):
            pass
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert told.wait(WAIT)
    cancelled.set()
    slots.wake()
    assert ended.wait(WAIT)
    thread.join()


def test_who_goes_on_waiting_is_not_woken_by_each_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a start costs as much as there are jobs that wait, and a rush grows with its square."""
    monkeypatch.setattr(queue, "TELL_SECONDS", WAIT)
    slots, looked, jobs = Slots(1), [0], 40
    told = threading.Semaphore(0)
    slots.hold(True)

    def never_but_counted() -> bool:
        looked[0] += 1
        return False

    def body(number: int) -> None:
        with slots.take(f"{number}", lambda _: told.release(), never_but_counted):
            pass

    threads = [threading.Thread(target=body, args=(number,)) for number in range(jobs)]
    for thread in threads:
        thread.start()
    assert all(told.acquire(timeout=WAIT) for _ in range(jobs))
    slots.hold(False)
    for thread in threads:
        thread.join(WAIT)
    assert slots.busy == (0, 0)
    assert looked[0] <= 5 * jobs
