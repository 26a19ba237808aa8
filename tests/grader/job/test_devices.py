"""A job's device: leased with the first session on one, given back with the job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from grader import contracts
from grader.contracts import Op, Parts, Request
from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.exercise.load import load
from grader.gpu.lane import Devices, Interrupted
from grader.gpu.places import Places
from grader.job.alone import Adopted, LastCore
from grader.job.backend import HostBackend
from grader.job.cancel import Cancel
from grader.job.environment import environment
from grader.job.grade import Job, _Grading
from grader.job.means import checker_limits, session_flavour
from grader.job.scoped import Scoped
from grader.sandbox.session import Session
from grader.verdict import Status, Verdict, from_json
from tests.grader.bank import SOLUTION
from tests.grader.gpu.simulated import ONE, Simulated

CUDA = "torch-cuda"


@pytest.fixture
def driver() -> Simulated:
    return Simulated()


@pytest.fixture
def devices(driver: Simulated, tmp_path: Path) -> Devices:
    places = Places(tmp_path / "gpu")
    return Devices(driver, places, look_seconds=0.01, return_seconds=0.05)


def is_free(devices: Devices) -> bool:
    try:
        with devices.lease(lambda: True):
            return True
    except Interrupted:
        return False


def test_a_host_without_devices_opens_no_session_on_one(backend: HostBackend) -> None:
    with pytest.raises(HostError, match="leases GPUs"):
        Scoped(backend, LastCore()).open(CUDA, Limits())


def test_a_job_holds_its_device_until_it_ends(backend: HostBackend, devices: Devices) -> None:
    scoped = Scoped(backend, LastCore(), devices)
    for _ in range(2):  # this backend has no such flavour: the lease stays the job's
        with pytest.raises(HostError):
            scoped.open(CUDA, Limits(), timed=True)
    assert scoped.lease is not None
    assert scoped.lease.uuid == ONE
    assert not is_free(devices)
    scoped.release()
    assert is_free(devices)


def test_a_cancelled_job_waits_for_no_device(backend: HostBackend, devices: Devices) -> None:
    scoped = Scoped(backend, LastCore(), devices)
    with devices.lease(lambda: False):
        scoped.stop()
        with pytest.raises(HostError, match="cancelled"):
            scoped.open(CUDA, Limits())


def test_waiting_for_a_device_costs_the_job_no_time(
    backend: HostBackend, devices: Devices, driver: Simulated
) -> None:
    driver.change(needs_reset=True)
    scoped = Scoped(backend, LastCore(), devices)
    with pytest.raises(HostError, match="reset"):
        scoped.open(CUDA, Limits())
    assert scoped.waited() > 0


@pytest.mark.parametrize("parts", [Parts.ALL, Parts.VISIBLE, Parts.CORRECTNESS])
def test_only_the_speed_job_goes_to_a_gpu(parts: Parts) -> None:
    assert session_flavour(CUDA, parts) == "torch"
    assert session_flavour(CUDA, Parts.SPEED) == CUDA
    assert session_flavour("numpy", Parts.SPEED) == "numpy"


def test_a_verdict_names_the_device(backend: HostBackend) -> None:
    made = environment(backend, "numpy", ran_code=False, device="Test GPU")
    assert made.device == "Test GPU"
    assert environment(backend, "numpy", ran_code=False).device == ""


class Leasing(Scoped):
    """Takes a device with the first session, whatever its flavour."""

    def open(self, flavour: str, limits: Limits, **choices: Any) -> Session:
        self._take_device()
        return super().open(flavour, limits, **choices)


def graded_with_lease(
    backend: HostBackend, devices: Devices, exercise: Adopted, during: Callable[[], None]
) -> Verdict:
    """Grade on numpy with a device leased; `during` happens at the first check."""
    loaded = load(exercise.folder)
    parts = {"solution.py": SOLUTION.encode()}
    request = Request(
        op=Op.GRADE, job="1", version=exercise.version, bytes={"solution.py": len(SOLUTION)}
    )

    def emit(line: BaseModel, payload: bytes) -> None:
        if isinstance(line, contracts.Check):
            during()

    limits, scoped = loaded.manifest.limits, Leasing(backend, LastCore(), devices)
    job = Job(request, exercise.folder, parts)
    last = _Grading(backend, job, loaded, limits, emit, Cancel(), scoped).run()
    assert isinstance(last, contracts.VerdictLine), last
    assert scoped.lease is not None
    return from_json(last.verdict)


def test_a_device_that_failed_makes_the_verdict_ours(
    backend: HostBackend, devices: Devices, driver: Simulated, exercise: Adopted
) -> None:
    def fall_off_the_bus() -> None:
        driver.events[ONE] = [79]

    verdict = graded_with_lease(backend, devices, exercise, fall_off_the_bus)
    assert verdict.status is Status.ERROR
    assert "Xid 79" in verdict.message
    assert devices.count() == 0


def test_a_device_that_only_rests_leaves_the_verdict_as_it_is(
    backend: HostBackend, devices: Devices, driver: Simulated, exercise: Adopted
) -> None:
    def leave_memory() -> None:
        driver.change(used_bytes=driver.readings[ONE].total_bytes)

    verdict = graded_with_lease(backend, devices, exercise, leave_memory)
    assert verdict.status is Status.PASSED
    assert verdict.environment.device == f"Test GPU, driver 1.2, {ONE}"
    assert devices.count() == 0


def test_the_checker_of_a_gpu_job_can_hold_its_inputs() -> None:
    table = 8192 * 4096 * 8  # bytes of one in float64; some of them at a time
    assert checker_limits(Limits(), CUDA).memory_mib * 2**20 > 12 * table
    assert checker_limits(Limits(), "torch").memory_mib == 1024


def test_a_checker_may_use_for_the_reference_what_a_session_of_it_might() -> None:
    assert checker_limits(Limits(memory_mib=700), "numpy").memory_mib == 1724
    assert checker_limits(Limits(memory_mib=65536), "numpy").memory_mib == 65536
    assert checker_limits(Limits(job_seconds=3600.0), "numpy").job_seconds == 3600.0
