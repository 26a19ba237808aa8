"""What a container does on a GPU, by real containers; the driver's words are the test's."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from grader.errors import HostError, Outcome
from grader.exercise.limits import BOUNDS, Limits
from grader.sandbox.device import CONTEXT_MIB, DeviceUse
from grader.sandbox.docker import cuda
from grader.sandbox.docker.lone import Lone
from grader.sandbox.docker.pool import USUAL_DISK_MIB, SingleUseBackend
from grader.sandbox.docker.settings import from_environment
from tests.grader.sandbox.conftest import tell

MIB = 1024**2


@dataclass
class Told:
    """A leased device of which the test tells who is on it, with how many bytes."""

    uuid: str = "GPU-00000000-1111-2222-3333-444444444444"
    there: dict[int, int] = field(default_factory=dict)

    def processes(self) -> Collection[int]:
        return set(self.there)

    def use(self, processes: Collection[int]) -> DeviceUse:
        used = sum(self.there.get(process, 0) for process in processes)
        return DeviceUse(bool(set(processes) & set(self.there)), used, used)


def test_a_device_is_asked_for_by_its_number_and_kernels_may_be_loaded() -> None:
    options = cuda.options("GPU-1", 16)
    assert options["device_requests"][0]["DeviceIDs"] == ["GPU-1"]
    assert options["tmpfs"]["/w"].startswith("rw,exec,nosuid,nodev")
    assert "size=16m" in options["tmpfs"]["/w"]


def test_what_cuda_needs_is_on_top_of_the_limits_and_never_beyond_their_bounds() -> None:
    higher = cuda.session_limits(Limits(memory_mib=512, files=64, processes=32))
    assert (higher.memory_mib, higher.files, higher.processes) == (3584, 256, 96)
    assert higher.device_mib == Limits().device_mib
    most = Limits(
        memory_mib=int(BOUNDS["memory_mib"][1]), files=int(BOUNDS["files"][1]), processes=1024
    )
    assert cuda.session_limits(most) == most


def test_a_zygote_can_offer_no_device() -> None:
    asked = {"GRADUS_DOCKER_FLAVOURS": "torch-cuda"}
    with pytest.raises(HostError, match="single-use"):
        from_environment(asked)
    assert from_environment(asked | {"GRADUS_DOCKER_RUNTIME": "nvidia"}).flavours == ("torch-cuda",)


@pytest.fixture
def lone(lonely: SingleUseBackend) -> Lone:
    return lonely._start_lone("numpy", USUAL_DISK_MIB)


@pytest.mark.docker
def test_its_processes_are_known_as_the_host_numbers_them(lone: Lone) -> None:
    found = lone.container.processes()
    assert lone.container.pid in found
    assert all(process > 0 for process in found)
    lone.discard()


@pytest.mark.docker
def test_a_session_tells_what_its_own_processes_do(lone: Lone) -> None:
    device = Told()
    with lone.open(Limits(), timed=False, core=None, ended=None, device=device) as session:
        assert not session.device_use().seen
        device.there = {1: 7 * MIB}  # the host's first process is nobody's here
        assert not session.device_use().seen
        device.there[lone.container.pid] = 5 * MIB
        assert session.device_use() == DeviceUse(True, 5 * MIB, 5 * MIB)


@pytest.mark.docker
def test_who_has_more_of_the_device_than_allowed_is_ended_with_its_name(lone: Lone) -> None:
    device, gone, limits = Told(), threading.Event(), Limits(device_mib=64)
    device.there = {lone.container.pid: (64 + CONTEXT_MIB) * MIB}
    session = lone.open(limits, timed=False, core=None, ended=gone.set, device=device)
    assert tell(session, "answer('at the limit')").value == "at the limit"
    device.there = {lone.container.pid: (64 + CONTEXT_MIB) * MIB + 1}
    assert gone.wait(20)
    assert session.close().outcome is Outcome.DEVICE_MEMORY


@pytest.mark.docker
def test_a_session_without_a_device_did_nothing_on_one(lone: Lone) -> None:
    with lone.open(Limits(), timed=False, core=None, ended=None) as session:
        assert session.device_use() == DeviceUse()


@pytest.mark.docker
def test_an_engine_that_cannot_give_the_device_says_so(lonely: SingleUseBackend) -> None:
    with pytest.raises(HostError, match="refuses"):
        lonely._start_lone("numpy", USUAL_DISK_MIB, "GPU-00000000-1111-2222-3333-444444444444")
