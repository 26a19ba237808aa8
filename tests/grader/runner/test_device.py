"""Sessions on a device, as far as they go without one: torch's device "meta" stands for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.frames import Kind, Load, Op, TensorRequest, ViewRequest
from tests.grader.runner.conftest import Client

SOURCE = """
import torch

def where(t): return t.device.type
def precision():
    return (torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32,
            torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.benchmark)
"""


@pytest.fixture
def on_meta(torch_session: Callable[..., Client]) -> Client:
    return torch_session(SOURCE, device="meta")


def test_a_tensor_without_a_device_lies_on_the_sessions(on_meta: Client) -> None:
    asked = TensorRequest(np.zeros(2))
    assert on_meta.result(Op.CALL, None, "where", (asked,), light=True)[0] == "meta"


def test_a_tensor_with_a_device_lies_there(on_meta: Client) -> None:
    assert on_meta.call("where", TensorRequest(np.zeros(2), None, "cpu")) == "cpu"


def test_without_a_device_tensors_lie_on_the_cpu(torch_session: Callable[..., Client]) -> None:
    session = torch_session(SOURCE)
    assert session.call("where", TensorRequest(np.zeros(2))) == "cpu"
    view = ViewRequest(TensorRequest(np.zeros((2, 2))), (1, 2))
    assert session.call("where", view) == "cpu"


def test_products_of_float32_are_of_float32(on_meta: Client) -> None:
    assert on_meta.call("precision") == ("highest", False, False, False)


def test_a_device_that_is_not_there_fails_before_the_file_is_read(
    torch_client: Callable[[], Client],
) -> None:
    frame: Any = torch_client().ask(Kind.LOAD, Load("1 / 0", device="cuda").body())
    assert frame.kind is Kind.RAISED
    assert "ZeroDivisionError" not in frame.value[0].classes
