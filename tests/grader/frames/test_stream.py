"""Two ends of a socket pair: whole frames, deadlines, watched pipes, silence."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.frames import Caps, FrameError, Kind, Stream, StreamClosed, StreamTimeout
from grader.frames.tags import HEADER, MAGIC, VERSION

Ends = tuple[Stream, Stream]


@pytest.fixture
def ends() -> Iterator[Ends]:
    one, two = socket.socketpair()
    with one, two:
        yield Stream(one), Stream(two)


def soon(seconds: float = 10.0) -> float:
    return time.monotonic() + seconds


def test_frames_keep_kind_call_id_and_order(ends: Ends) -> None:
    ends[0].send(Kind.CALL, 7, "a")
    ends[0].send(Kind.DROP, 8, [1])
    assert ends[1].receive(soon()) == (Kind.CALL, 7, "a")
    assert ends[1].receive(soon()) == (Kind.DROP, 8, [1])


@pytest.mark.parametrize("size", [0, 1, 4_000, 8_190, 60_000, 3_000_000])
def test_arrays_of_any_size_pass_both_ways(ends: Ends, size: int) -> None:
    array = np.arange(float(size))
    with ThreadPoolExecutor() as pool:
        pool.submit(ends[0].send, Kind.CALL, 1, [array, "x", array], soon())
        frame = ends[1].receive(soon())
    assert np.array_equal(frame.value[0], array)
    assert np.array_equal(frame.value[2], array)
    assert frame.value[0].flags.writeable


def test_many_large_arrays_pass_in_one_frame(ends: Ends) -> None:
    arrays = [np.full(5000, n) for n in range(1200)]
    with ThreadPoolExecutor() as pool:
        pool.submit(ends[0].send, Kind.CALL, 1, arrays, soon())
        back = ends[1].receive(soon()).value
    assert [array[-1] for array in back] == list(range(1200))


def test_a_frame_in_small_pieces_is_put_together(ends: Ends) -> None:
    spy, far = socket.socketpair()
    ends[0].send(Kind.CALL, 1, ["x" * 300, np.arange(50)])
    raw = ends[1].sock.recv(100_000)
    with spy, far, ThreadPoolExecutor() as pool:
        pool.submit(lambda: [spy.send(raw[n : n + 1]) for n in range(len(raw))])
        assert Stream(far).receive(soon()).value[0] == "x" * 300


def test_no_answer_before_the_deadline_is_a_timeout(ends: Ends) -> None:
    with pytest.raises(StreamTimeout):
        ends[0].receive(soon(0.01))


def test_half_a_frame_before_the_deadline_is_a_timeout(ends: Ends) -> None:
    ends[1].sock.send(HEADER.pack(MAGIC, VERSION, 17, 0, 1, 1000) + b"abc")
    with pytest.raises(StreamTimeout):
        ends[0].receive(soon(0.01))


def test_sending_to_an_end_that_does_not_read_is_a_timeout(ends: Ends) -> None:
    with pytest.raises(StreamTimeout):
        ends[0].send(Kind.CALL, 1, np.zeros(1_000_000), soon(0.05))


@pytest.mark.parametrize("sent", [b"", b"GR", HEADER.pack(MAGIC, VERSION, 17, 0, 1, 1000) + b"ab"])
def test_an_end_that_closes_is_told(ends: Ends, sent: bytes) -> None:
    ends[1].sock.send(sent)
    ends[1].close()
    with pytest.raises(StreamClosed):
        ends[0].receive(soon())


def test_sending_to_a_closed_end_is_told(ends: Ends) -> None:
    ends[1].close()
    with pytest.raises(StreamClosed):
        ends[0].send(Kind.CALL, 1, np.zeros(1_000_000), soon())


@pytest.mark.parametrize(
    "header",
    [
        HEADER.pack(b"HTTP", VERSION, 17, 0, 1, 1),
        HEADER.pack(MAGIC, 9, 17, 0, 1, 1),
        HEADER.pack(MAGIC, VERSION, 99, 0, 1, 1),
        HEADER.pack(MAGIC, VERSION, 17, 1, 1, 1),
        HEADER.pack(MAGIC, VERSION, 17, 0, 1, 2**63),
        HEADER.pack(MAGIC, VERSION, 17, 0, 1, 0),
    ],
    ids=["magic", "version", "kind", "zero", "size", "empty"],
)
def test_a_strange_header_is_refused(ends: Ends, header: bytes) -> None:
    ends[1].sock.send(header)
    with pytest.raises(FrameError):
        ends[0].receive(soon())


@given(st.binary(min_size=20, max_size=400))
def test_random_bytes_on_the_socket_end_in_a_named_error(raw: bytes) -> None:
    one, two = socket.socketpair()
    with one, two:
        two.send(raw)
        two.close()
        with pytest.raises((FrameError, StreamClosed)):
            Stream(one).receive(soon())


def test_a_value_that_cannot_cross_leaves_the_stream_sound(ends: Ends) -> None:
    with pytest.raises(FrameError):
        ends[0].send(Kind.CALL, 1, object())
    ends[0].send(Kind.CALL, 2, 5)
    assert ends[1].receive(soon()).value == 5


def test_a_frame_over_the_cap_is_refused_by_its_header(ends: Ends) -> None:
    small = Stream(ends[1].sock, Caps(frame_bytes=100))
    ends[0].send(Kind.CALL, 1, "x" * 200)
    with pytest.raises(FrameError, match="at most 100"):
        small.receive(soon())


def test_silence_is_checked_before_a_question(ends: Ends) -> None:
    ends[0].check_silence()
    ends[1].send(Kind.RESULT, 1, (1, None))
    with pytest.raises(FrameError, match="before its question"):
        ends[0].check_silence()


def test_a_second_answer_behind_the_first_breaks_the_silence(ends: Ends) -> None:
    ends[1].send(Kind.RESULT, 1, (1, None))
    ends[1].send(Kind.RESULT, 1, (2, None))
    ends[0].receive(soon())
    with pytest.raises(FrameError):
        ends[0].check_silence()


def test_a_closed_end_is_told_when_silence_is_checked(ends: Ends) -> None:
    ends[1].close()
    with pytest.raises(StreamClosed):
        ends[0].check_silence()


def test_a_watched_pipe_is_drained_while_waiting(ends: Ends) -> None:
    read_end, write_end = os.pipe()
    printed: list[bytes] = []
    ends[0].watch(read_end, printed.append)

    def flood_then_answer() -> None:
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(b"x" * 1_000_000)  # blocks unless somebody reads
        ends[1].send(Kind.RESULT, 1, "done")

    thread = threading.Thread(target=flood_then_answer)
    thread.start()
    frame = ends[0].receive(soon())
    thread.join()
    ends[0].drain()
    os.close(read_end)
    assert frame.value == "done"
    assert sum(map(len, printed)) == 1_000_000
    assert printed[-1] == b""


def test_a_pipe_that_floods_does_not_outlast_the_deadline(ends: Ends) -> None:
    read_end, write_end = os.pipe()

    def refill(data: bytes) -> None:
        os.write(write_end, b"x")

    ends[0].watch(read_end, refill)
    os.write(write_end, b"x")
    with pytest.raises(StreamTimeout):
        ends[0].receive(soon(0.05))
    os.close(read_end)
    os.close(write_end)


def test_times_of_sending_and_receiving_are_taken(ends: Ends) -> None:
    before = time.monotonic()
    ends[0].send(Kind.CALL, 1, None, soon())
    ends[1].receive(soon())
    assert before <= ends[0].sent_at <= ends[1].received_at <= time.monotonic()
