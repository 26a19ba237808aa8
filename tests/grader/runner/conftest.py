"""Sessions with a real runner in a process of its own, without a sandbox around it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.frames import Call, Callback, Frame, Kind, Load, Meta, Op, Record, Stream
from grader.frames.messages import parse_ask, parse_raised, parse_result
from grader.frames.values import RaisedException
from grader.runner.main import run

ROOT = Path(__file__).parents[3]
TORCH = ROOT / ".venv/flavours/torch/bin/python"
SECONDS = 60.0
ENTRY = """
import os, socket, sys
sys.path.insert(0, sys.argv[2])
import torch
from grader.runner.main import run
os.chdir(sys.argv[3])
run(socket.socket(fileno=int(sys.argv[1])))
"""


class Functions:
    """The checker's end of the hooks, as small as can be."""

    def __init__(self) -> None:
        self.known: list[Callable[..., Any]] = []

    def to_wire(self, value: Any) -> Record:
        self.known.append(value)
        return Callback(len(self.known) - 1)

    def from_wire(self, record: Record) -> object:
        return record


class Client:
    """Asks one question after another and answers callbacks."""

    def __init__(self, sock: socket.socket, output: int) -> None:
        self.functions = Functions()
        self.stream = Stream(sock, hooks=self.functions)
        self.printed = bytearray()
        self.stream.watch(output, self.printed.extend)
        self.call_id = 0

    def ask(self, kind: Kind, body: object) -> Frame:
        """Send, answer what is asked back, return the end of it."""
        self.call_id += 1
        deadline = time.monotonic() + SECONDS
        self.stream.check_silence()
        self.stream.send(kind, self.call_id, body, deadline)
        frame = self.stream.receive(deadline)
        while frame.kind is Kind.ASK:
            self.answer(frame, deadline)
            frame = self.stream.receive(deadline)
        self.stream.drain()
        assert frame.call_id == self.call_id
        return frame

    def answer(self, frame: Frame, deadline: float) -> None:
        number, args, kwargs = parse_ask(frame.value)
        try:
            kind, value = Kind.ANSWER, self.functions.known[number](*args, **kwargs)
        except ValueError as error:
            kind, value = (
                Kind.ANSWER_ERROR,
                RaisedException(("ValueError", "Exception"), str(error)),
            )
        self.stream.send(kind, frame.call_id, value, deadline)

    def load(self, source: str | bytes, **options: Any) -> Frame:
        return self.ask(Kind.LOAD, Load(source, **options).body())

    def result(self, op: Op, *args: Any, **options: Any) -> tuple[Any, Meta]:
        """Return value and meta of a call that must come back."""
        frame = self.ask(Kind.CALL, Call(op, *args, **options).body())
        assert frame.kind is Kind.RESULT, frame
        return parse_result(frame.value)

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return self.result(Op.CALL, None, name, args, kwargs)[0]

    def meta(self, name: str, *args: Any, **kwargs: Any) -> Meta:
        return self.result(Op.CALL, None, name, args, kwargs)[1]

    def raised(self, op: Op, *args: Any, **options: Any) -> RaisedException:
        frame = self.ask(Kind.CALL, Call(op, *args, **options).body())
        assert frame.kind is Kind.RAISED, frame
        return parse_raised(frame.value)[0]


def forked(folder: Path) -> tuple[Client, int]:
    """Fork a runner; return its client and its process id."""
    near, far = socket.socketpair()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            near.close()
            os.dup2(write_end, 1)
            os.dup2(write_end, 2)
            sys.stdin = open(os.devnull)  # noqa: SIM115 - as below
            sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - lives as long as the process
            sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
            os.chdir(folder)
            run(far)
        finally:
            os._exit(0)
    far.close()
    os.close(write_end)
    return Client(near, read_end), pid


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A session that waits for its file."""
    made, pid = forked(tmp_path)
    yield made
    made.stream.close()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.fixture(scope="module")
def torch_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Client]]:
    """Make sessions in the torch flavour that wait for their file, each a process of its own."""
    if not TORCH.exists():
        pytest.fail("the torch flavour is missing: run `make setup`")
    processes = []

    def make() -> Client:
        near, far = socket.socketpair()
        read_end, write_end = os.pipe()
        folder = tmp_path_factory.mktemp("w")
        command = [str(TORCH), "-I", "-B", "-c", ENTRY, str(far.fileno()), str(ROOT), str(folder)]
        processes.append(
            subprocess.Popen(command, pass_fds=[far.fileno()], stdout=write_end, stderr=write_end)
        )
        far.close()
        os.close(write_end)
        return Client(near, read_end)

    yield make
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def torch_session(torch_client: Callable[[], Client]) -> Callable[..., Client]:
    """Make sessions in the torch flavour."""

    def make(source: str, **options: Any) -> Client:
        made = torch_client()
        frame = made.load(source, **options)
        assert frame.kind is Kind.READY, (frame, made.printed)
        return made

    return make
