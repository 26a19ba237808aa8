"""Sessions on a real device: what they see, what they may take, what the driver shows of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from grader.checker.link import Budget, CallRaised, SessionLost
from grader.checker.session_link import SessionLink
from grader.errors import Outcome
from grader.exercise.limits import Limits
from grader.frames import Call, Handle, Load, Op
from grader.gpu.lane import Devices, Lease
from grader.job.backend import HostBackend

pytestmark = pytest.mark.gpu
LIMITS = Limits(wall_seconds=120.0, cpu_seconds=300.0, job_seconds=600.0, device_mib=2048)
SOURCE = """
import torch

kept = []

def devices(): return torch.cuda.device_count()
def where(t): return str(t.device)
def precision(): return torch.get_float32_matmul_precision()
def take(mib): kept.append(torch.ones(mib, 1024, 1024, dtype=torch.uint8, device="cuda"))
def late(t):
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(200):
            t = t @ t / t.shape[0]
    return t
def work(n):
    a = torch.ones(4096, 4096, device="cuda")
    for _ in range(n):
        a = a @ a / 4096
    torch.cuda.synchronize()
def out_of_bounds():
    x = torch.zeros(4, device="cuda")
    return x[torch.tensor([10**6], device="cuda")]
def kernel_is_compiled():
    import torch._inductor
    return torch.compile(lambda x: x * 2 + 1)(torch.ones(8, device="cuda")).sum()
"""


class Wire:
    """Handles as they come."""

    def to_handle(self, value: object) -> Handle | None:
        return value if isinstance(value, Handle) else None

    def from_handle(self, handle: Handle) -> object:
        return handle


@contextmanager
def opened(backend: HostBackend, lease: Lease) -> Iterator[SessionLink]:
    session = backend.open("torch-cuda", LIMITS, timed=True, device=lease)
    link = SessionLink(session, LIMITS, Budget(600.0), Wire())
    try:
        link.load(Load(SOURCE, device="cuda"))
        yield link
    finally:
        link.close()


def call(link: SessionLink, name: str, *args: Any) -> Any:
    return link.call(Call(Op.CALL, None, name, args, light=True))[0]


def test_a_session_sees_one_device_and_exact_products(backend: HostBackend, lease: Lease) -> None:
    with opened(backend, lease) as link:
        assert call(link, "devices") == 1
        assert call(link, "precision") == "highest"


def test_work_on_another_stream_is_done_when_the_answer_comes(
    backend: HostBackend, lease: Lease
) -> None:
    import numpy as np

    from grader.frames import TensorRequest

    with opened(backend, lease) as link:
        ones = TensorRequest(np.ones((512, 512), np.float32))
        assert np.all(np.asarray(call(link, "late", ones)) == 1.0)


def test_the_driver_shows_whose_work_the_device_did(backend: HostBackend, lease: Lease) -> None:
    with opened(backend, lease) as busy, opened(backend, lease) as idle:
        for _ in range(8):
            call(busy, "work", 200)
        assert busy.session.device_use().seen
        assert busy.session.device_use().busy_samples > 0
        assert idle.session.device_use().busy_samples == 0


def test_who_takes_more_memory_than_allowed_is_ended_with_its_name(
    backend: HostBackend, lease: Lease
) -> None:
    def take_all(link: SessionLink) -> None:
        for _ in range(40):
            call(link, "take", 256)
            call(link, "work", 50)

    with opened(backend, lease) as link:
        with pytest.raises(SessionLost) as lost:
            take_all(link)
        assert lost.value.outcome is Outcome.DEVICE_MEMORY


def test_memory_comes_back_when_sessions_end(backend: HostBackend, devices: Devices) -> None:
    with devices.lease(lambda: True) as lease, opened(backend, lease) as link:
        call(link, "take", 1024)
    assert lease.fault is None


def test_a_fault_of_the_program_takes_no_device_away(
    backend: HostBackend, devices: Devices
) -> None:
    with (
        devices.lease(lambda: True) as lease,
        opened(backend, lease) as link,
        pytest.raises((CallRaised, SessionLost)),
    ):
        call(link, "out_of_bounds")
    assert lease.fault is None
    assert devices.count() >= 1


def test_a_frozen_session_answers_after_it_was_thawed(backend: HostBackend, lease: Lease) -> None:
    with opened(backend, lease) as link:
        call(link, "work", 1)
        link.session.freeze()
        link.session.thaw()
        call(link, "work", 1)
