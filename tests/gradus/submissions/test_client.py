"""The platform's end of the grader's socket, against a peer that keeps and breaks the protocol."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import contracts
from grader.contracts import Op, Request, encode_line, parse_request
from grader.verdict import Status, Verdict, to_dict
from gradus.submissions import client
from gradus.submissions.errors import GraderLost, GraderUnreachable

VERSION = "sha256:" + "a" * 64
PARTS = {"solution.py": b"x = 1\n"}
REQUEST = Request(op=Op.GRADE, job="1.1", version=VERSION, bytes={"solution.py": 6})
HELLO = contracts.Hello(engine="1", flavours=["numpy"], warm=["numpy"], slots=1)
VERDICT = contracts.VerdictLine(
    verdict=to_dict(
        Verdict(exercise="e", version=VERSION, status=Status.ERROR, points=0.0, max_points=1.0)
    )
)
Daemon = Callable[[socket.socket], None]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Daemon], str]]:
    path = str(tmp_path / "grader.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    threads: list[threading.Thread] = []

    def run(daemon: Daemon) -> None:
        peer, _ = listener.accept()
        with peer:
            daemon(peer)

    def start(daemon: Daemon) -> str:
        threads.append(threading.Thread(target=run, args=(daemon,), daemon=True))
        threads[-1].start()
        return path

    yield start
    listener.close()
    for thread in threads:
        thread.join(5)


def says(*lines: bytes) -> Daemon:
    """Say hello, read the request, then say these lines and hang up."""

    def daemon(peer: socket.socket) -> None:
        peer.sendall(encode_line(HELLO))
        peer.recv(65536)
        for line in lines:
            peer.sendall(line)

    return daemon


def ask(path: str) -> list[client.Heard]:
    return list(client.ask(path, REQUEST, PARTS, lambda version: None))


def test_sends_the_request_with_the_parts_behind_it(serve: Callable[[Daemon], str]) -> None:
    received = bytearray()

    def daemon(peer: socket.socket) -> None:
        peer.sendall(encode_line(HELLO))
        while not received.endswith(b"x = 1\n"):
            received.extend(peer.recv(65536))
        peer.sendall(encode_line(VERDICT))

    heard = ask(serve(daemon))
    line, _, parts = bytes(received).partition(b"\n")
    assert parse_request(line) == REQUEST
    assert parts == PARTS["solution.py"]
    assert [one.is_last for one in heard] == [True]


def test_answers_need_with_the_bundle(serve: Callable[[Daemon], str]) -> None:
    packed = b"PK" * 1000
    received = bytearray()

    def daemon(peer: socket.socket) -> None:
        peer.sendall(encode_line(HELLO))
        peer.recv(65536)
        peer.sendall(encode_line(contracts.Need(version=VERSION)))
        while not received.endswith(packed):
            received.extend(peer.recv(65536))
        peer.sendall(encode_line(VERDICT))

    asked: list[str] = []

    def bundle(version: str) -> bytes:
        asked.append(version)
        return packed

    assert list(client.ask(serve(daemon), REQUEST, PARTS, bundle))[-1].is_last
    assert asked == [VERSION]


def test_hands_on_figures_whose_hash_is_true(serve: Callable[[Daemon], str]) -> None:
    data = b"{}"
    line = contracts.Artifact(
        sha256=hashlib.sha256(data).hexdigest(), name="f", media="application/json", bytes=2
    )
    heard = ask(serve(says(encode_line(line) + data, encode_line(VERDICT))))
    assert heard[0].payload == data


BROKEN = {
    "hangs up": (),
    "no json": (b"hello\n",),
    "unknown event": (b'{"event": "points", "points": 100}\n',),
    "too long": (b"x" * (contracts.LINE_BYTES + 2),),
    "half a line": (b'{"event": "ali',),
    "figure with another hash": (
        encode_line(contracts.Artifact(sha256="b" * 64, name="f", media="m", bytes=2)) + b"{}",
    ),
    "figure cut off": (
        encode_line(contracts.Artifact(sha256="b" * 64, name="f", media="m", bytes=99)) + b"{}",
    ),
}


@pytest.mark.parametrize("lines", BROKEN.values(), ids=BROKEN.keys())
def test_a_daemon_that_breaks_off_or_the_protocol_is_lost(
    serve: Callable[[Daemon], str], lines: tuple[bytes, ...]
) -> None:
    with pytest.raises(GraderLost):
        ask(serve(says(*lines)))


def test_silence_is_a_lost_grader(
    serve: Callable[[Daemon], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SILENCE_SECONDS", 0.2)
    done = threading.Event()

    def daemon(peer: socket.socket) -> None:
        peer.sendall(encode_line(HELLO))
        peer.recv(65536)
        done.wait(5)

    with pytest.raises(GraderLost, match="LineTimeout"):
        ask(serve(daemon))
    done.set()


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(GraderUnreachable):
        client.hello(str(tmp_path / "nothing.sock"))


@pytest.mark.parametrize(
    "first", [b"", b"garbage\n", encode_line(HELLO.model_copy(update={"protocol": 99}))]
)
def test_another_protocol_is_unreachable(serve: Callable[[Daemon], str], first: bytes) -> None:
    with pytest.raises(GraderUnreachable):
        client.hello(serve(lambda peer: peer.sendall(first)))


def test_closing_the_iterator_hangs_up(serve: Callable[[Daemon], str]) -> None:
    hung_up = threading.Event()

    def daemon(peer: socket.socket) -> None:
        peer.sendall(encode_line(HELLO))
        peer.recv(65536)
        peer.sendall(encode_line(contracts.Alive()))
        if peer.recv(1) == b"":
            hung_up.set()

    heard = client.ask(serve(daemon), REQUEST, PARTS, lambda version: None)
    next(iter(heard))
    heard.close()
    assert hung_up.wait(5)
