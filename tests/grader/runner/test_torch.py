"""Tensors, in the torch flavour's own interpreter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.frames import (
    Call,
    Handle,
    Kind,
    Op,
    StreamClosed,
    TensorArray,
    TensorRequest,
    ViewRequest,
)
from grader.frames.dtypes import NAMES
from tests.grader.runner.conftest import Client

SOURCE = """
import torch
from torch import nn

buffer = torch.zeros(10)

def describe(t): return str(t.dtype), tuple(t.shape), t.stride(), str(t.device)
def give(t): return t
def double(t): return (t * 2).requires_grad_()
def transposed(t): return t.T
def zero(t): t.zero_()
def zero_in(d): d["t"][0].zero_()
def conj(t): return torch.conj(t)
def sparse(): return torch.eye(3).to_sparse()
def quantized(): return torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
def view(): return buffer[2:]
def random(): return float(torch.rand(()))
def to_double(t): return t.double()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 3)
    def forward(self, x): return self.layer(x)
"""


@pytest.fixture(scope="module")
def session(torch_session: Callable[[str], Client]) -> Client:
    return torch_session(SOURCE)


@pytest.mark.parametrize("name", [*NAMES, "bfloat16"])
def test_tensors_of_every_dtype_pass_both_ways(session: Client, name: str) -> None:
    array = np.arange(6).reshape(2, 3).astype("uint16" if name == "bfloat16" else name)
    sent = TensorArray.of(array, name, "cpu")
    assert session.call("describe", sent)[0] == f"torch.{name}"
    back = session.call("give", sent)
    assert (type(back), back.torch_dtype, back.device, back.shape) == (
        TensorArray,
        name,
        "cpu",
        (2, 3),
    )
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (300, 400)])
def test_tensors_of_every_shape_pass_both_ways(session: Client, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).normal(size=shape)
    back = session.call("to_double", TensorRequest(np.asarray(array)))
    assert back.shape == shape
    assert back.tobytes() == np.asarray(array).tobytes()


def test_a_requested_tensor_has_dtype_and_values(session: Client) -> None:
    back = session.call("give", TensorRequest(np.array([1.0, 2.5]), "bfloat16"))
    assert back.torch_dtype == "bfloat16"
    assert back.numbers().tolist() == [1.0, 2.5]


def test_a_requested_view_of_a_tensor_has_the_strides(session: Client) -> None:
    view = ViewRequest(TensorRequest(np.arange(6.0).reshape(2, 3), "float32"), (4, 1))
    assert session.call("describe", view) == ("torch.float32", (2, 3), (4, 1), "cpu")
    assert session.call("give", view).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_results_cross_detached_and_in_c_order(session: Client) -> None:
    request = TensorRequest(np.arange(6.0).reshape(2, 3))
    assert session.call("double", request).tolist() == [[0, 2, 4], [6, 8, 10]]
    assert session.call("transposed", request).tolist() == [[0, 3], [1, 4], [2, 5]]


def test_a_lazily_conjugated_tensor_is_resolved(session: Client) -> None:
    assert session.call("conj", TensorRequest(np.array([1 + 2j]))).tolist() == [1 - 2j]


@pytest.mark.parametrize("name", ["sparse", "quantized"])
def test_tensors_without_plain_memory_say_so(session: Client, name: str) -> None:
    raised = session.raised(Op.CALL, None, name)
    assert raised.classes[0] == "TypeError"
    assert "cannot be sent" in raised.message


def test_a_changed_tensor_is_named(session: Client) -> None:
    assert session.meta("zero", TensorRequest(np.ones(2))).changed == (0,)
    assert session.meta("zero_in", {"t": [TensorRequest(np.ones(2))]}).changed == (0,)
    assert session.meta("double", TensorRequest(np.ones(2))).changed == ()


def test_tensors_that_share_memory_are_told(session: Client) -> None:
    assert session.meta("give", TensorRequest(np.ones(2))).aliases == (0,)
    assert session.meta("double", TensorRequest(np.ones(2))).aliases == ()
    assert session.meta("view").earlier is False
    assert session.meta("view").earlier is True


def test_a_model_stays_and_its_weights_can_be_read(session: Client) -> None:
    net = session.call("Net")
    assert isinstance(net, Handle)
    weights = session.result(Op.CALL, net.id, "state_dict")[0]
    assert {name: value.shape for name, value in weights.items()} == {
        "layer.weight": (3, 2),
        "layer.bias": (3,),
    }
    x = np.ones((4, 2), np.float32)
    out = session.result(Op.CALL, net.id, "", (TensorRequest(x),))[0]
    assert np.allclose(out, x @ weights["layer.weight"].T + weights["layer.bias"], atol=1e-6)
    assert session.result(Op.HAS, None, "Net.forward")[0] is True


def test_sessions_do_not_share_torch_randomness(
    session: Client, torch_session: Callable[[str], Client]
) -> None:
    assert session.call("random") != torch_session(SOURCE).call("random")


def test_a_request_for_no_dtype_ends_the_session(torch_session: Callable[[str], Client]) -> None:
    client = torch_session(SOURCE)
    body = Call(Op.CALL, None, "give", (TensorRequest(np.ones(1), "Tensor"),)).body()
    with pytest.raises(StreamClosed):
        client.ask(Kind.CALL, body)
