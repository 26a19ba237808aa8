"""Lane gpu at the daemon: offered while a device can be had, refused at once where none can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.contracts import Need, Parts, Refused
from grader.daemon.host import Host
from grader.gpu.lane import Devices
from grader.gpu.places import Places
from tests.grader.bank import SOLUTION, write_exercise
from tests.grader.daemon.client import Client, request
from tests.grader.gpu.simulated import IDLE, TWO, Simulated

CUDA = "torch-cuda"


@pytest.fixture
def driver() -> Simulated:
    return Simulated()


@pytest.fixture
def gpu_host(host: Host, driver: Simulated, tmp_path: Path) -> Host:
    """The host, as if its backend had the flavour."""
    devices = Devices(driver, Places(tmp_path / "gpu"))
    return replace(host, flavours=host.flavours | {CUDA}, devices=devices)


def test_the_flavour_is_offered_while_a_device_can_be_had(
    gpu_host: Host, driver: Simulated
) -> None:
    assert CUDA in gpu_host.hello().flavours
    assert gpu_host.hello().gpus == 1
    driver.change(needs_reset=True)
    assert CUDA not in gpu_host.hello().flavours
    assert gpu_host.hello().gpus == 0
    assert "reset" in gpu_host.no_gpu()
    driver.change(needs_reset=False)
    assert CUDA in gpu_host.hello().flavours


def test_a_device_that_is_busy_is_offered(gpu_host: Host, driver: Simulated) -> None:
    driver.change(processes={4: None})
    assert CUDA in gpu_host.hello().flavours


def test_without_devices_it_is_not_offered(host: Host) -> None:
    assert CUDA not in replace(host, flavours=host.flavours | {CUDA}).hello().flavours


def test_as_many_gpu_jobs_run_as_there_are_devices(
    host: Host, driver: Simulated, tmp_path: Path
) -> None:
    driver.readings[TWO] = IDLE
    made = Host.make(
        host.backend, host.bundles, 1, {CUDA}, Devices(driver, Places(tmp_path / "gpu"))
    )
    told: list[int] = []  # who must wait is told a place, and gives up
    gave_up = lambda: bool(told)  # noqa: E731
    with made.gpu.take("ada", told.append, gave_up), made.gpu.take("ada", told.append, gave_up):
        assert made.gpu.busy == (2, 0)
        assert made.slots.busy == (0, 0)


@pytest.mark.parametrize(("parts", "kind"), [(Parts.SPEED, Refused), (Parts.CORRECTNESS, Need)])
def test_only_a_speed_job_is_refused_where_no_gpu_is(
    daemon: Path, tmp_path: Path, parts: Parts, kind: type
) -> None:
    folder = write_exercise(tmp_path / "double", {"statement.md": f"{tmp_path}\n"})
    sent = {"solution.py": SOLUTION.encode()}
    with Client(daemon) as client:
        client.send(request("grade", folder, sent).model_copy(update={"parts": parts}), sent)
        first = client.until(Refused, Need)
    assert isinstance(first, kind)
    if isinstance(first, Refused):
        assert "no GPU job now" in first.why
        assert not first.final
