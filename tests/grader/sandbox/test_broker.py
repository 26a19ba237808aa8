"""A checker gets sessions through its broker, and only those that it may have."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.broker import Allowance, BrokerClient, BrokerRefused, serve
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import tell


@pytest.fixture
def allowance() -> Allowance:
    return Allowance(flavours={"numpy"}, ceiling=Limits(), max_open=2, max_total=4)


@pytest.fixture
def broker(backend: ZygoteBackend, allowance: Allowance) -> Iterator[socket.socket]:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    thread = threading.Thread(target=serve, args=(there, backend, allowance))
    thread.start()
    yield here
    here.close()
    thread.join()
    there.close()


def test_a_session_through_the_broker_works_like_any_other(broker: socket.socket) -> None:
    with BrokerClient(broker).open("numpy", Limits(), timed=True) as session:
        assert tell(session, "answer(6 * 7)").value == 42
        session.freeze()
        session.thaw()
        assert session.close().signal == 9


def test_the_daemon_keeps_no_copy_of_a_session(broker: socket.socket) -> None:
    session = BrokerClient(broker).open("numpy", Limits())
    session.control.close()
    assert session.stream.recv(1) == b""
    session.stream.close()
    os.close(session.output)


def test_other_flavours_are_refused(broker: socket.socket) -> None:
    with pytest.raises(BrokerRefused, match="flavour 'torch'"):
        BrokerClient(broker).open("torch", Limits())


def test_limits_above_the_exercises_are_refused(broker: socket.socket) -> None:
    with pytest.raises(BrokerRefused, match="memory_mib is 4096; the exercise allows 512"):
        BrokerClient(broker).open("numpy", Limits(memory_mib=4096))


def test_too_many_open_sessions_are_refused_until_one_is_closed(broker: socket.socket) -> None:
    client = BrokerClient(broker)
    sessions = [client.open("numpy", Limits()) for _ in range(2)]
    with pytest.raises(BrokerRefused, match="2 sessions are open"):
        client.open("numpy", Limits())
    for session in sessions:
        session.close()
    client.open("numpy", Limits()).close()


def test_a_job_has_a_limited_number_of_sessions(broker: socket.socket) -> None:
    client = BrokerClient(broker)
    for _ in range(4):
        client.open("numpy", Limits()).close()
    with pytest.raises(BrokerRefused, match="has had 4 sessions"):
        client.open("numpy", Limits())


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\xff\xfe",
        b"[" * 5000,
        b"{}",
        json.dumps({"flavour": "numpy", "limits": {"memory": 1}, "timed": False}).encode(),
        json.dumps({"flavour": "numpy", "limits": {"files": "9"}, "timed": False}).encode(),
        json.dumps({"flavour": "numpy", "limits": {"wall_seconds": 1e400}, "timed": 0}).encode(),
        b'{"flavour": "numpy", "limits": {"cpu_seconds": NaN}, "timed": false}',
        json.dumps({"flavour": ["numpy"], "limits": {}, "timed": False}).encode(),
    ],
)
def test_malformed_requests_are_refused(broker: socket.socket, request_bytes: bytes) -> None:
    broker.settimeout(10)
    broker.send(request_bytes)
    assert broker.recv(8192).startswith(b'{"refused"')


def test_a_session_that_fails_to_open_is_counted_out_once(backend: ZygoteBackend) -> None:
    allowance = Allowance(flavours={"numpy"}, ceiling=Limits(), core=1000, max_open=1)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    thread = threading.Thread(target=serve, args=(there, backend, allowance))
    thread.start()
    client = BrokerClient(here)
    for _ in range(3):
        with pytest.raises(HostError, match="could not be locked"):
            client.open("numpy", Limits(), timed=True)
    with client.open("numpy", Limits()), pytest.raises(BrokerRefused, match="1 sessions are open"):
        client.open("numpy", Limits())
    here.close()
    thread.join()
    there.close()


def test_descriptors_sent_along_are_not_kept(broker: socket.socket) -> None:
    read, write = os.pipe()
    socket.send_fds(broker, [b"{}"], [write])
    os.close(write)
    broker.recv(8192)
    assert os.read(read, 1) == b""
    os.close(read)


def test_a_broker_that_is_gone_is_an_error_of_the_host() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    there.close()
    with here, pytest.raises(HostError):
        BrokerClient(here).open("numpy", Limits())
