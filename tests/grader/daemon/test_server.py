"""The daemon over its socket: whole jobs, bad clients, clients that leave."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import contracts
from grader.contracts import (
    Alive,
    Check,
    Console,
    Gate,
    Need,
    Prepared,
    Queued,
    Refused,
    Started,
    VerdictLine,
    Verified,
)  # fmt: skip
from grader.daemon import connection
from grader.daemon.host import Host
from grader.daemon.server import Server, listen
from grader.errors import HostError
from grader.exercise.bundle import pack
from grader.exercise.digest import version_of
from grader.lines import LineClosed
from tests.grader.bank import SOLUTION, write_exercise
from tests.grader.daemon.client import PATIENCE, Client, request
from tests.grader.verify.test_run import BY_HAND

FOREVER = b"def double(x):\n    while True:\n        pass\n"
RIGHT = {"solution.py": SOLUTION.encode()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_exercise(tmp_path / "double")


@contextlib.contextmanager
def grading_forever(daemon: Path, folder: Path) -> Iterator[Client]:
    """Hold the only slot with a submission that does not end by itself soon."""
    with Client(daemon) as client:
        parts = {"solution.py": FOREVER}
        client.send(request("grade", folder, parts, fair_key="ada"), parts)
        while True:
            line = client.receive()
            if isinstance(line, Need):
                data = pack(folder)
                client.lines.send(contracts.Bundle(version=line.version, bytes=len(data)), data)
            if isinstance(line, Check):
                break
        yield client


def wait_until_idle(host: Host) -> None:
    deadline = time.monotonic() + PATIENCE
    while host.slots.busy != (0, 0):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kinds(lines: list[contracts.Reply]) -> list[type]:
    return [type(line) for line in lines if not isinstance(line, Alive)]


def test_hello_tells_what_this_host_is(daemon: Path) -> None:
    with Client(daemon) as client:
        hello = client.hello
    assert isinstance(hello, contracts.Hello)
    assert (hello.protocol, hello.slots) == (contracts.PROTOCOL, 1)
    assert "numpy" in hello.flavours
    assert "checker" not in hello.flavours
    assert "seccomp" in hello.guarantees


def test_a_new_version_is_asked_for_once(daemon: Path, tmp_path: Path) -> None:
    new = write_exercise(tmp_path / "double", {"statement.md": f"{tmp_path}\n"})
    with Client(daemon) as client:
        first = client.ask("grade", new, RIGHT)
    with Client(daemon) as client:
        second = client.ask("grade", new, RIGHT)
    assert kinds(first)[:2] == [Need, Started]
    assert Need not in kinds(second)
    assert isinstance(second[-1], VerdictLine)
    assert second[-1].verdict["status"] == "passed"


def test_a_bundle_of_another_version_is_refused(daemon: Path, folder: Path, tmp_path: Path) -> None:
    from grader.exercise.bundle import pack

    new = write_exercise(tmp_path / "other", {"statement.md": f"{tmp_path} other\n"})
    with Client(daemon) as client:
        asked = request("grade", new, RIGHT)
        client.send(asked, RIGHT)
        client.until(Need)
        data = pack(folder)
        client.lines.send(contracts.Bundle(version=asked.version, bytes=len(data)), data)
        last = client.until(Refused)
    assert isinstance(last, Refused)
    assert asked.version in last.why


def test_a_version_that_nobody_has_is_refused(daemon: Path, tmp_path: Path) -> None:
    new = write_exercise(tmp_path / "lost", {"statement.md": f"{tmp_path} lost\n"})
    with Client(daemon) as client:
        asked = request("grade", new, RIGHT)
        client.send(asked, RIGHT)
        client.until(Need)
        client.lines.send(contracts.Bundle(version=asked.version, bytes=0))
        assert isinstance(client.until(Refused), Refused)


def test_prepare_gives_what_a_page_needs(daemon: Path, folder: Path) -> None:
    with Client(daemon) as client:
        last = client.ask("prepare", folder, student_seed="1")[-1]
    assert isinstance(last, Prepared)
    assert "def double" in (last.starter or "")


def test_the_console_answers_with_what_was_printed_and_the_value(
    daemon: Path, folder: Path
) -> None:
    parts = {**RIGHT, "console.py": b"print('here')\ndouble(21)"}
    with Client(daemon) as client:
        last = client.ask("console", folder, parts)[-1]
    assert isinstance(last, Console), last
    assert "here" in last.output
    assert "42" in last.value


def test_verify_streams_gates_and_counts_the_red_ones(daemon: Path, folder: Path) -> None:
    with Client(daemon) as client:
        lines = client.ask("verify", folder, seeds=1)
    gates = {(line.gate, line.subject): line.passed for line in lines if isinstance(line, Gate)}
    assert gates["reference", "solution.py"]
    assert gates["wrong", "wrong/squared.py"]
    assert gates["starter", "starter.py"]
    assert isinstance(lines[-1], Verified)
    assert lines[-1].red == 0


def test_the_daemon_gives_no_answers_away(daemon: Path, folder: Path) -> None:
    with Client(daemon) as client:
        last = client.ask("answers", folder)[-1]
    assert isinstance(last, Refused)


def test_a_second_job_waits_and_hears_its_position(daemon: Path, folder: Path, host: Host) -> None:
    with grading_forever(daemon, folder) as first, Client(daemon) as second:
        second.send(request("grade", folder, RIGHT, fair_key="ben"), RIGHT)
        line = second.until(Queued)
        assert isinstance(line, Queued)
        assert line.position == 1
        first.lines.close()
        assert isinstance(second.until(VerdictLine), VerdictLine)
    wait_until_idle(host)


def test_prepare_does_not_wait_for_gradings(daemon: Path, folder: Path) -> None:
    with grading_forever(daemon, folder), Client(daemon) as second:
        assert isinstance(second.ask("prepare", folder, student_seed="1")[-1], Prepared)


def test_answers_without_code_do_not_wait_for_gradings(daemon: Path, folder: Path) -> None:
    with grading_forever(daemon, folder), Client(daemon) as second:
        assert isinstance(second.ask("grade", folder)[-1], VerdictLine)


def test_a_client_that_leaves_frees_its_slot(daemon: Path, folder: Path, host: Host) -> None:
    with grading_forever(daemon, folder):
        assert host.slots.busy == (1, 0)
    wait_until_idle(host)


def test_a_client_that_leaves_the_queue_is_forgotten(
    daemon: Path, folder: Path, host: Host
) -> None:
    with grading_forever(daemon, folder):
        with Client(daemon) as second:
            second.send(request("grade", folder, RIGHT), RIGHT)
            second.until(Queued)
        deadline = time.monotonic() + PATIENCE
        while host.slots.busy[1]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert host.slots.busy == (1, 0)


def test_alive_is_said_while_nothing_else_happens(
    daemon: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ALIVE_SECONDS", 0.05)
    with grading_forever(daemon, folder) as client:
        assert isinstance(client.receive(), Alive)


def test_a_deadline_in_the_queue_ends_in_a_refusal(
    daemon: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ALIVE_SECONDS", 0.05)
    with grading_forever(daemon, folder), Client(daemon) as second:
        second.send(request("grade", folder, RIGHT, deadline_seconds=0.2), RIGHT)
        last = second.until(Refused)
    assert isinstance(last, Refused)
    assert "0.2" in last.why


def test_a_deadline_in_a_check_fails_that_check(daemon: Path, folder: Path) -> None:
    parts = {"solution.py": FOREVER}
    with Client(daemon) as client:
        last = client.ask("grade", folder, parts, deadline_seconds=1.5)[-1]
    assert isinstance(last, VerdictLine)
    assert last.verdict["checks"][0]["outcome"] == "job"


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[]\n", b"{}\n", b"\xff\xfe\n", b'{"op": "grade"}\n', b"GET / HTTP/1.1\r\n\r\n"],
)
def test_what_is_no_request_is_refused_and_closed(daemon: Path, line: bytes) -> None:
    with Client(daemon) as client:
        client.lines.sock.sendall(line)
        assert isinstance(client.receive(), Refused)
        with pytest.raises(LineClosed):
            client.receive()


def test_a_client_that_says_nothing_is_dropped(
    daemon: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.1)
    with Client(daemon) as client, pytest.raises(LineClosed):
        client.receive()


def test_a_client_that_promises_more_than_it_sends_is_dropped(
    daemon: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.2)
    with Client(daemon) as client:
        client.lines.sock.sendall(contracts.encode_line(request("grade", folder, RIGHT)) + b"def")
        with pytest.raises(LineClosed):
            client.receive()


def test_a_line_that_never_ends_is_refused(daemon: Path) -> None:
    with Client(daemon) as client:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            client.lines.sock.sendall(b"x" * (contracts.LINE_BYTES + 200_000))
        with pytest.raises(LineClosed):
            client.until(contracts.Started)


def test_after_bad_clients_good_ones_are_served(daemon: Path, folder: Path) -> None:
    for _ in range(5):
        with Client(daemon) as client:
            client.lines.sock.sendall(os.urandom(100) + b"\n")
    with Client(daemon) as client:
        assert isinstance(client.ask("grade", folder, RIGHT)[-1], VerdictLine)


def test_the_socket_is_for_owner_and_group(daemon: Path) -> None:
    assert stat.S_IMODE(daemon.stat().st_mode) == 0o660


def test_another_user_is_closed_out(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "other.sock"
    server = Server(path, host)
    server._uids = {os.geteuid() + 1}
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        with pytest.raises(LineClosed):
            Client(path)
    finally:
        server.stop()
        thread.join(PATIENCE)


def test_stopping_gives_running_jobs_back(host: Host, tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "stop.sock"
    server = Server(path, host)
    thread = threading.Thread(target=server.serve)
    thread.start()
    with grading_forever(path, folder) as client:
        server.stop()
        with pytest.raises(LineClosed):
            client.until(VerdictLine, Refused)
    thread.join(PATIENCE)
    assert host.slots.busy == (0, 0)
    assert not path.exists()


def test_a_dead_daemons_socket_is_replaced_and_a_living_ones_is_not(tmp_path: Path) -> None:
    path = tmp_path / "grader.sock"
    listen(path).close()
    with listen(path), pytest.raises(HostError, match="Another grader"):
        listen(path)


def test_a_file_in_the_place_of_the_socket_stays(tmp_path: Path) -> None:
    path = tmp_path / "grader.sock"
    path.write_text("precious")
    with pytest.raises(HostError, match="no socket"):
        listen(path)
    assert path.read_text() == "precious"


def test_verify_lets_others_come_between_two_of_its_gradings(
    daemon: Path, folder: Path, host: Host
) -> None:
    with Client(daemon) as author, Client(daemon) as student:
        author.send(request("verify", folder, {}, seeds=40, fair_key="author"), {})
        if isinstance(author.until(Need, Gate), Need):  # else the daemon has it already
            data = pack(folder)
            author.lines.send(contracts.Bundle(version=version_of(folder), bytes=len(data)), data)
            author.until(Gate)
        assert isinstance(student.ask("grade", folder, RIGHT, fair_key="ben")[-1], VerdictLine)
        assert isinstance(author.receive(), Gate | Queued | Alive)  # it goes on
    wait_until_idle(host)


def test_verify_tells_the_checks_of_each_file_and_what_it_measured(
    daemon: Path, folder: Path
) -> None:
    with Client(daemon) as client:
        lines = client.ask("verify", folder, seeds=1, measure=True)
    (reference,) = [line for line in lines if isinstance(line, Gate) and line.gate == "reference"]
    assert {check.status for check in reference.checks} == {"passed"}
    (wrong,) = [
        line for line in lines if isinstance(line, Gate) and line.subject == "wrong/squared.py"
    ]
    assert [check.id for check in wrong.checks if check.status == "failed"] == wrong.killed_by
    assert isinstance(lines[-1], Verified)
    assert lines[-1].measured == contracts.Measured()  # this exercise needs no derived.json


def test_verify_measures_the_tolerances_of_steps(daemon: Path, tmp_path: Path) -> None:
    folder = write_exercise(tmp_path / "product", BY_HAND)
    with Client(daemon) as client:
        last = client.ask("verify", folder, seeds=1, measure=True)[-1]
    assert isinstance(last, Verified)
    assert last.red == 0
    assert last.measured is not None
    assert last.measured.tolerances["z"] >= 1e-4
