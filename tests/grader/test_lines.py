"""Lines and payloads over a socket, with hostile writers and readers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from grader import lines as lines_module
from grader.contracts import LINE_BYTES, Alive, Artifact, Check, LineError, Refused
from grader.lines import LineClosed, Lines, LineTimeout


@pytest.fixture
def pair() -> Iterator[tuple[Lines, socket.socket]]:
    ours, theirs = socket.socketpair()
    lines = Lines(ours)
    yield lines, theirs
    lines.close()
    theirs.close()


def soon(seconds: float = 10.0) -> float:
    return time.monotonic() + seconds


def test_lines_and_payload_in_one_packet_are_told_apart(pair: tuple[Lines, socket.socket]) -> None:
    lines, theirs = pair
    theirs.sendall(b'{"a": 1}\nxyz{"b": 2}\n')
    assert lines.read_line(soon()) == b'{"a": 1}'
    assert lines.read_bytes(3, soon()) == b"xyz"
    assert lines.read_line(soon()) == b'{"b": 2}'


def test_a_line_in_pieces_is_put_together(pair: tuple[Lines, socket.socket]) -> None:
    lines, theirs = pair

    def write() -> None:
        for piece in (b'{"a"', b": ", b"1}\n"):
            theirs.sendall(piece)

    thread = threading.Thread(target=write)
    thread.start()
    assert lines.read_line(soon()) == b'{"a": 1}'
    thread.join()


def test_a_line_without_an_end_is_refused_before_it_fills_memory(
    pair: tuple[Lines, socket.socket],
) -> None:
    lines, theirs = pair
    thread = threading.Thread(target=lambda: theirs.sendall(b"x" * (LINE_BYTES + 70000)))
    thread.start()
    with pytest.raises(LineError, match="more than"):
        lines.read_line(soon())
    lines.close()
    theirs.close()
    thread.join()


def test_half_a_line_runs_into_the_deadline(pair: tuple[Lines, socket.socket]) -> None:
    lines, theirs = pair
    theirs.sendall(b'{"op":')
    with pytest.raises(LineTimeout):
        lines.read_line(soon(0.05))


def test_half_a_payload_and_then_end_of_file_is_closed(pair: tuple[Lines, socket.socket]) -> None:
    lines, theirs = pair
    theirs.sendall(b"12345")
    theirs.close()
    with pytest.raises(LineClosed):
        lines.read_bytes(10, soon())


def test_a_reader_that_does_not_read_is_given_up(
    pair: tuple[Lines, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, _ = pair
    monkeypatch.setattr(lines_module, "SEND_SECONDS", 0.1)
    artifact = Artifact(sha256="0" * 64, name="x", media="application/json", bytes=1)
    with pytest.raises(LineTimeout):
        lines.send(artifact, b"x" * (8 << 20))


def test_writing_to_a_closed_connection_is_closed_not_a_signal(
    pair: tuple[Lines, socket.socket],
) -> None:
    lines, theirs = pair
    theirs.close()
    with pytest.raises(LineClosed):
        lines.send(Alive())


def test_lines_of_several_threads_do_not_mix(pair: tuple[Lines, socket.socket]) -> None:
    lines, theirs = pair
    reader = Lines(theirs)
    threads = [
        threading.Thread(target=lambda letter=letter: lines.send(Refused(why=letter * 4000)))
        for letter in "abcdefgh"
    ]
    for thread in threads:
        thread.start()
    got = {reader.read_line(soon()) for _ in threads}
    for thread in threads:
        thread.join()
    assert got == {Refused(why=letter * 4000).model_dump_json().encode() for letter in "abcdefgh"}


def test_a_line_that_is_followed_goes_together_with_the_next(
    pair: tuple[Lines, socket.socket],
) -> None:
    lines, theirs = pair
    lines.send(Check(id="first", status="passed"))
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(1, socket.MSG_PEEK)
    lines.send(Check(id="second", status="running"))
    reader = Lines(theirs)
    deadline = time.monotonic() + 5
    assert b'"first"' in reader.read_line(deadline)
    assert b'"second"' in reader.read_line(deadline)
