"""LOAD: the student's file becomes a module, or says why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.frames import Kind, Op
from grader.frames.messages import parse_raised, parse_ready
from tests.grader.runner.conftest import Client, forked


def test_ready_names_what_the_file_defines(client: Client) -> None:
    frame = client.load("import math\nclass Net: pass\ndef f(): pass\nN = 3\n_hidden = 1")
    assert parse_ready(frame.value) == {"Net": "class", "f": "function", "N": "value"}


def test_a_syntax_error_names_its_line(client: Client) -> None:
    frame = client.load("x = 1\ndef f(:\n    pass\n")
    raised, _ = parse_raised(frame.value)
    assert (raised.classes[0], raised.line) == ("SyntaxError", 2)
    assert "solution.py" not in raised.message


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("x = 1\n1 / 0\n", "ZeroDivisionError", 2),
        ("def f():\n    raise KeyError('a')\nf()\n", "KeyError", 2),
        ("import nothing_like_this", "ModuleNotFoundError", 1),
        ("import sys\nsys.exit(0)", "SystemExit", 2),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 1),
        ("def f(): f()\nf()", "RecursionError", 1),
        ("input()", "EOFError", 1),
        ("raise BaseException('x')", "BaseException", 1),
    ],
)
def test_an_exception_at_import_crosses_with_its_line(
    client: Client, source: str, kind: str, line: int
) -> None:
    raised, _ = parse_raised(client.load(source).value)
    assert (raised.classes[0], raised.line) == (kind, line)


@pytest.mark.parametrize("source", ["x = '\0'", b"\xff\xfe", "(" * 100_000, "x = " + "-" * 100_000])
def test_a_file_that_cannot_be_compiled_is_an_exception(client: Client, source: str) -> None:
    assert client.load(source).kind is Kind.RAISED


def test_what_the_file_prints_is_there_before_ready(client: Client) -> None:
    client.load("print('grüß dich')")
    assert client.printed.decode() == "grüß dich\n"


def test_the_file_is_not_the_main_program(client: Client) -> None:
    assert client.load("if __name__ == '__main__': 1/0").kind is Kind.READY


def test_the_module_can_be_found_by_its_classes(client: Client) -> None:
    source = """
import inspect
from dataclasses import dataclass
from typing import NamedTuple

@dataclass
class A:
    x: "int"

def own_source(): return inspect.getsource(A)
"""
    client.load(source)
    assert "class A" in client.call("own_source")


def test_given_modules_and_files_can_be_used(client: Client) -> None:
    source = """
import net
def both():
    with open("given/data/x.csv") as file:
        return net.double(4), file.read()
"""
    given = {"net.py": b"def double(x): return 2 * x", "data/x.csv": b"1,2"}
    client.load(source, given=given)
    assert client.call("both") == (8, "1,2")
    assert client.result(Op.CALL, "net", "double", (5,))[0] == 10


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", ""])
def test_given_files_stay_in_their_folder(client: Client, name: str) -> None:
    raised, _ = parse_raised(client.load("", given={name: b""}).value)
    assert raised.classes[0] == "FrameError"


def test_an_exception_inside_a_given_module_names_the_line_of_the_file(client: Client) -> None:
    client.load("import net\n\n\ndef f():\n    net.g()\n", given={"net.py": b"def g(): 1/0"})
    assert client.raised(Op.CALL, None, "f").line == 5


RANDOM = """
import random
import numpy as np
def draw(): return random.random(), np.random.rand()
"""


def drawn(folder: Path, seed: int | None) -> tuple[float, float]:
    client, pid = forked(folder)
    client.load(RANDOM, seed=seed)
    numbers: tuple[float, float] = client.call("draw")
    client.stream.close()
    os.waitpid(pid, 0)
    return numbers


def test_a_session_with_a_seed_repeats_itself(tmp_path: Path) -> None:
    assert drawn(tmp_path, 2**127 + 5) == drawn(tmp_path, 2**127 + 5)


def test_sessions_without_a_seed_differ_in_each_source_of_randomness(tmp_path: Path) -> None:
    one, two = drawn(tmp_path, None), drawn(tmp_path, None)
    assert one[0] != two[0]
    assert one[1] != two[1]


def test_banned_names_raise_when_they_are_called(client: Client) -> None:
    client.load(
        "import numpy as np\nfrom numpy.linalg import solve\ndef f(): return np.linalg.inv([[1.]])",
        bans=("numpy.linalg.inv", "numpy.linalg.sol*"),
    )
    raised = client.raised(Op.CALL, None, "f")
    assert (raised.line, raised.message) == (3, "numpy.linalg.inv is not allowed in this exercise")
    assert "numpy.linalg.solve" in client.raised(Op.CALL, None, "solve").message


def test_a_ban_of_nothing_is_told(client: Client) -> None:
    raised, _ = parse_raised(client.load("", bans=("numpy.sofftmax",)).value)
    assert raised.classes[0] == "AttributeError"
