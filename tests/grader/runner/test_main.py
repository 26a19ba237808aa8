"""CALL: what a session answers, and that it never answers anything else."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.frames import Call, Callback, FrameError, Handle, Kind, Op, StreamClosed, ViewRequest
from tests.grader.runner.conftest import Client, forked

SOURCE = """
import sys, threading
import numpy as np

LIMIT = 7

def add(a, b, *, scale=1): return (a + b) * scale
def fail(kind): raise kind_of(kind)
def kind_of(name):
    return {"exit": SystemExit(3), "stop": KeyboardInterrupt(), "memory": MemoryError()}[name]

class Own(ValueError): pass
class Sour(Exception):
    def __str__(self): raise RuntimeError("no text")
def own(): raise Own("line 3: " + "x" * 5000)
def sour(): raise Sour

class Net:
    def __init__(self, width): self.width = width; self.calls = 0
    def __call__(self, x): self.calls += 1; return x * self.width
    def forward(self, x): return self(x)
    def parts(self): return [self, self]
    @property
    def broken(self): raise AttributeError("gone")

def batches(n):
    for i in range(n): yield np.full(2, i)

def count(state):
    state["n"] = state.get("n", 0) + 1
    return state["n"]

def roll(rng): return rng.integers(0, 100)
def twice(f, x): return f(f(x))
def swallow(f):
    try: return f(1)
    except ValueError as error: return str(error)
def loud(): print("a", flush=False); sys.stderr.write("b")
def odd(): return np.array([object()])
def raw(): return np.arange(6).reshape(2, 3).T
def keep_callback(f): return f
def elsewhere(f):
    seen = []
    def work():
        try: f(1)
        except RuntimeError as error: seen.append(str(error))
    thread = threading.Thread(target=work); thread.start(); thread.join()
    return seen
def pop(x): return x.shape, x.strides, x.flags.writeable
def closed_output(): sys.stdout.close(); return 1
"""


@pytest.fixture
def session(client: Client) -> Client:
    assert client.load(SOURCE).kind is Kind.READY
    return client


def test_functions_take_arguments_by_position_and_name(session: Client) -> None:
    value, meta = session.result(Op.CALL, None, "add", (np.ones(2), 2.0), {"scale": 3})
    assert value.tolist() == [9.0, 9.0]
    assert (meta.changed, meta.aliases, meta.earlier, meta.warnings) == ((), (), False, ())


def test_a_missing_function_is_an_attribute_error(session: Client) -> None:
    assert session.raised(Op.CALL, None, "softmax").classes[0] == "AttributeError"


def test_results_in_any_layout_come_in_c_order(session: Client) -> None:
    assert session.call("raw").tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("exit", "SystemExit"), ("stop", "KeyboardInterrupt"), ("memory", "MemoryError")],
)
def test_no_exception_ends_the_session(session: Client, name: str, kind: str) -> None:
    assert session.raised(Op.CALL, None, "fail", (name,)).classes[0] == kind
    assert session.call("add", 1, 2) == 3


def test_an_exception_crosses_with_its_bases_and_a_cut_message(session: Client) -> None:
    raised = session.raised(Op.CALL, None, "own")
    assert raised.classes == ("Own", "ValueError", "Exception", "BaseException")
    assert raised.message.startswith("line 3: xxx")
    assert len(raised.message.encode()) == 2048


def test_an_exception_that_cannot_be_printed_still_crosses(session: Client) -> None:
    assert "Exception" in session.raised(Op.CALL, None, "sour").classes


def test_what_cannot_cross_stays_and_can_be_used(session: Client) -> None:
    net = session.call("Net", 3)
    assert isinstance(net, Handle)
    assert net.type_name == "Net"
    assert session.result(Op.CALL, net.id, "forward", (2,))[0] == 6
    assert session.result(Op.CALL, net.id, "", (2,))[0] == 6
    assert session.result(Op.GET, net.id, "calls")[0] == 2
    assert session.call("add", 1, 1) == 2
    assert [type(part) for part in session.result(Op.CALL, net.id, "parts")[0]] == [Handle] * 2


def test_names_can_be_asked_for(session: Client) -> None:
    asked = ["Net.forward", "Net.backward", "LIMIT", "nothing"]
    assert [session.result(Op.HAS, None, name)[0] for name in asked] == [True, False, True, False]
    assert session.result(Op.GET, None, "LIMIT")[0] == 7


def test_an_attribute_that_raises_is_an_exception(session: Client) -> None:
    net = session.call("Net", 3)
    assert session.raised(Op.GET, net.id, "broken").message == "gone"


def test_an_iterator_is_walked_step_by_step(session: Client) -> None:
    walk = session.call("batches", 2)
    assert session.result(Op.NEXT, walk.id)[0].tolist() == [0, 0]
    assert session.result(Op.NEXT, walk.id)[0].tolist() == [1, 1]
    assert session.raised(Op.NEXT, walk.id).classes[0] == "StopIteration"


def test_a_kept_list_can_be_iterated(session: Client) -> None:
    kept = session.result(Op.KEEP, args=([5],))[0]
    walk = session.result(Op.ITER, kept.id)[0]
    assert session.result(Op.NEXT, walk.id)[0] == 5


def test_a_kept_value_is_the_same_object_in_each_call(session: Client) -> None:
    state = session.result(Op.KEEP, args=({},))[0]
    assert [session.call("count", state), session.call("count", state)] == [1, 2]
    assert session.result(Op.VALUE, state.id)[0] == {"n": 2}


def test_a_kept_generator_goes_on_and_a_sent_one_starts_again(session: Client) -> None:
    rng = np.random.default_rng(5)
    expected = np.random.default_rng(5).integers(0, 100, 2).tolist()
    kept = session.result(Op.KEEP, args=(rng,))[0]
    assert [session.call("roll", kept), session.call("roll", kept)] == expected
    assert [session.call("roll", rng), session.call("roll", rng)] == [expected[0]] * 2


def test_a_result_is_kept_on_demand(session: Client) -> None:
    kept = session.result(Op.CALL, None, "raw", keep=True)[0]
    assert isinstance(kept, Handle)
    assert session.result(Op.VALUE, kept.id)[0].shape == (3, 2)


def test_dropped_objects_are_gone(session: Client) -> None:
    first, second = (session.result(Op.KEEP, args=([n],))[0] for n in range(2))
    session.stream.send(Kind.DROP, 0, [first.id])
    assert session.result(Op.VALUE, second.id)[0] == [1]
    assert session.raised(Op.VALUE, first.id).classes[0] == "FrameError"


def test_functions_of_the_checker_are_answered_there(session: Client) -> None:
    calls: list[Any] = []

    def add_one(x: Any) -> Any:
        calls.append(x)
        return x + 1

    assert session.call("twice", add_one, np.zeros(2)).tolist() == [2, 2]
    assert [call.tolist() for call in calls] == [[0, 0], [1, 1]]


def test_an_error_of_a_callback_reaches_the_student(session: Client) -> None:
    def refuse(x: int) -> None:
        raise ValueError(f"not {x}")

    assert session.call("swallow", refuse) == "not 1"


def test_a_callback_comes_back_as_itself(session: Client) -> None:
    assert session.call("keep_callback", len) == Callback(0)


def test_a_callback_works_only_in_the_thread_of_the_call(session: Client) -> None:
    assert "thread" in session.call("elsewhere", len)[0]


def test_output_is_there_when_the_result_is(session: Client) -> None:
    session.call("loud")
    assert session.printed == b"a\nb"


def test_a_result_of_a_dtype_that_cannot_cross_says_so(session: Client) -> None:
    raised = session.raised(Op.CALL, None, "odd")
    assert (raised.classes[0], raised.message) == (
        "TypeError",
        "the result cannot be used: an array of dtype object cannot be sent",
    )
    assert session.call("add", 1, 2) == 3


def test_a_view_has_the_strides_that_were_asked_for(session: Client) -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert session.call("pop", ViewRequest(x, (-1, 5))) == ((2, 3), (-8, 40), True)
    assert session.call("add", ViewRequest(x, (-1, 5)), 0).tolist() == x.tolist()


def test_a_closed_standard_output_does_not_end_the_session(session: Client) -> None:
    assert session.call("closed_output") == 1
    assert session.call("add", 1, 2) == 3


def ends_after(client: Client, kind: Kind, body: object) -> bool:
    client.stream.send(kind, 99, body)
    try:
        client.stream.receive()
    except StreamClosed:
        return True
    return False


@pytest.mark.parametrize("kind", [Kind.CALL, Kind.ANSWER, Kind.READY, Kind.DROP])
def test_anything_before_the_file_ends_the_session(client: Client, kind: Kind) -> None:
    assert ends_after(client, kind, Call(Op.CALL, None, "f").body())


@pytest.mark.parametrize("kind", [Kind.LOAD, Kind.ANSWER, Kind.RESULT])
def test_anything_but_a_call_after_the_file_ends_the_session(session: Client, kind: Kind) -> None:
    assert ends_after(session, kind, None)


@pytest.mark.parametrize("body", [None, ("call",), ("hack", None, "f", (), {}, False, False)])
def test_a_call_that_is_none_ends_the_session(session: Client, body: object) -> None:
    assert ends_after(session, Kind.CALL, body)


def test_a_call_while_an_answer_is_due_ends_the_session(session: Client) -> None:
    call = Call(Op.CALL, None, "swallow", (session.functions.to_wire(len),)).body()
    session.stream.send(Kind.CALL, 50, call)
    assert session.stream.receive().kind is Kind.ASK
    session.stream.send(Kind.CALL, 51, call)
    assert session.stream.receive().kind is Kind.RAISED
    with pytest.raises(StreamClosed):
        session.stream.receive()


def test_a_runner_ends_when_the_stream_closes(tmp_path: Path) -> None:
    client, pid = forked(tmp_path)
    client.load("")
    client.stream.close()
    assert os.waitpid(pid, 0)[1] == 0


def test_a_student_who_kills_the_process_closes_the_stream(tmp_path: Path) -> None:
    client, pid = forked(tmp_path)
    client.load("import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGKILL)")
    assert ends_after(client, Kind.CALL, Call(Op.CALL, None, "f").body())
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL


FORGER = """
import gc
from grader.frames import Kind, Stream
def f():
    stream = next(each for each in gc.get_objects() if type(each) is Stream)
    stream.send(Kind.RESULT, 2, (42, None))
    return 1
"""


def test_a_forged_answer_is_a_claim_and_the_real_one_breaks_the_silence(client: Client) -> None:
    client.load(FORGER)
    assert client.call("f") == 42
    select.select([client.stream], [], [], 10)
    with pytest.raises(FrameError, match="before its question"):
        client.stream.check_silence()


def test_light_calls_look_at_nothing(session: Client) -> None:
    value, meta = session.result(Op.CALL, None, "count", ({},), light=True)
    assert (value, meta.changed) == (1, ())
