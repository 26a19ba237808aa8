"""What a session tells about a call: changed arguments, shared memory, floating-point warnings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.frames import Call, FloatWarning, Kind, Op
from grader.frames.messages import parse_raised
from tests.grader.runner.conftest import Client

SOURCE = """
import numpy as np

buffer = np.zeros(10)
stored = []

def same(*args, **kwargs): return None
def give(x): return x
def half(x): return x[::2]
def other_half(x): x[::2]; return x[1::2].copy()
def nested(x): return {"a": [x.T]}
def set_item(x): x[0] = 9
def set_back(x): old = x[0]; x[0] = 9; x[0] = old
def append(x): x.append(1)
def set_key(d): d["new"] = 1
def deep(d): d["a"][1][0] = 9
def reshape(x): x.shape = (x.size,)
def named(a, *, b): b += 1
def draw(rng): return float(rng.normal())
def shared_view(): return buffer[:]
def part(n): return buffer[n::2]
def fresh(): return np.zeros(3)
def remember(x): stored.append(x); return x * 1
def recall(): return stored[-1]
def from_bytes(): return np.frombuffer(b"12345678")
def state(s): return s

def exp(x):
    return np.exp(x)
def quiet(x):
    with np.errstate(all="ignore"):
        return np.exp(x)
def many(x):
    y = np.exp(x)
    z = y - y
    return z, 1 / (x - x), np.float64(1) / np.float64(0)
def under(x): return np.exp(-x)
def unset(x):
    np.seterr(all="ignore")
    return np.exp(x)
def warn_then_fail(x):
    np.exp(x)
    raise ValueError
"""


@pytest.fixture
def session(client: Client) -> Client:
    assert client.load(SOURCE).kind is Kind.READY
    return client


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("set_item", np.zeros(3)),
        ("set_item", [1, 2]),
        ("append", [1]),
        ("set_key", {}),
        ("deep", {"a": (0, np.zeros(2))}),
        ("reshape", np.zeros((2, 2))),
    ],
)
def test_a_changed_argument_is_named_by_its_position(
    session: Client, name: str, value: Any
) -> None:
    assert session.meta(name, value).changed == (0,)


def test_a_changed_argument_is_named_by_its_name(session: Client) -> None:
    assert session.meta("named", np.zeros(2), b=np.zeros(2)).changed == ("b",)


def test_arguments_that_are_what_they_were_are_not_named(session: Client) -> None:
    values = (np.array([np.nan]), [1.5, float("nan")], {"a": "x"}, None, 1j, b"", np.float32(2))
    assert session.meta("same", *values, b=np.zeros((0, 3))).changed == ()
    assert session.meta("set_back", np.ones(2)).changed == ()


def test_generators_and_kept_values_may_change(session: Client) -> None:
    kept = session.result(Op.KEEP, args=([1],))[0]
    assert session.meta("draw", np.random.default_rng(1)).changed == ()
    assert session.meta("append", kept).changed == ()
    assert session.meta("same", (kept, np.zeros(1))).changed == ()


@pytest.mark.parametrize("name", ["give", "half", "nested"])
def test_a_result_in_the_memory_of_an_argument_names_it(session: Client, name: str) -> None:
    assert session.meta(name, np.zeros(4)).aliases == (0,)


def test_a_result_inside_a_nested_argument_names_it(session: Client) -> None:
    assert session.meta("give", [np.zeros(3)]).aliases == (0,)


def test_a_copy_shares_nothing(session: Client) -> None:
    meta = session.meta("other_half", np.zeros(4))
    assert (meta.aliases, meta.earlier) == ((), False)


def test_arguments_of_one_call_do_not_count_for_each_other(session: Client) -> None:
    assert session.meta("same", np.zeros(4), np.zeros(4)).aliases == ()


def test_a_result_in_the_memory_of_an_earlier_one_is_told(session: Client) -> None:
    assert session.meta("shared_view").earlier is False
    assert session.meta("fresh").earlier is False
    assert session.meta("shared_view").earlier is True


def test_interleaved_results_share_nothing(session: Client) -> None:
    assert session.meta("part", 0).earlier is False
    assert session.meta("part", 1).earlier is False
    assert session.meta("part", 0).earlier is True


def test_results_whose_memory_is_reused_by_the_allocator_are_not_earlier(session: Client) -> None:
    assert [session.meta("fresh").earlier for _ in range(50)] == [False] * 50


def test_an_argument_of_an_earlier_call_is_no_earlier_result(session: Client) -> None:
    session.call("remember", np.zeros(3))
    assert session.meta("recall").earlier is False
    assert session.meta("recall").earlier is True


def test_results_over_constant_bytes_are_no_fault_of_the_runner(session: Client) -> None:
    assert session.meta("from_bytes").warnings == ()


def test_a_kept_value_that_comes_back_is_neither_alias_nor_earlier(session: Client) -> None:
    kept = session.result(Op.KEEP, args=({"m": np.zeros(2)},))[0]
    for _ in range(2):
        meta = session.meta("state", kept)
        assert (meta.aliases, meta.earlier) == ((), False)


def test_a_warning_names_kind_and_line(session: Client) -> None:
    line = 1 + SOURCE.split("\n").index("    return np.exp(x)")
    assert session.meta("exp", np.array([1e4])).warnings == (FloatWarning("overflow", line),)
    assert session.meta("exp", np.array([1.0])).warnings == ()
    assert b"Warning" not in session.printed


def test_each_warning_is_told_once(session: Client) -> None:
    found = session.meta("many", np.array([1e4, 2e4])).warnings
    assert [warning.kind for warning in found] == ["overflow", "invalid", "divide"]


@pytest.mark.parametrize("name", ["quiet", "unset", "under"])
def test_what_the_code_silences_and_underflow_are_no_warnings(session: Client, name: str) -> None:
    assert session.meta(name, np.array([1e4])).warnings == ()
    assert len(session.meta("exp", np.array([1e4])).warnings) == 1


def test_a_file_that_silences_itself_is_quiet(client: Client) -> None:
    client.load("import numpy as np\nnp.seterr(over='ignore')\ndef exp(x): return np.exp(x)\n")
    assert client.meta("exp", np.array([1e4])).warnings == ()


def test_a_call_that_raises_tells_its_warnings(session: Client) -> None:
    body = Call(Op.CALL, None, "warn_then_fail", (np.array([1e4]),)).body()
    _, meta = parse_raised(session.ask(Kind.CALL, body).value)
    assert [warning.kind for warning in meta.warnings] == ["overflow"]
