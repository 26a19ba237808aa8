"""One job on a device, across daemons; what comes back broken rests."""

from __future__ import annotations

import shutil
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.gpu.driver import Busy, NoDriver
from grader.gpu.host import examine
from grader.gpu.lane import Devices, Interrupted, NoDevice
from grader.gpu.places import Places
from grader.sandbox.device import DeviceUse
from tests.grader.gpu.simulated import IDLE, ONE, TWO, Simulated

WAIT_SECONDS = 20.0


@pytest.fixture
def driver() -> Simulated:
    return Simulated()


@pytest.fixture
def devices(driver: Simulated, tmp_path: Path) -> Devices:
    return daemon(driver, tmp_path)


def daemon(driver: Simulated | NoDriver, folder: Path, now: float = 1000.0) -> Devices:
    """Return what one daemon has of the host's devices."""
    return Devices(
        driver, Places(folder / "gpu", 60.0), clock=lambda: now,
        look_seconds=0.01, return_seconds=0.05,
    )  # fmt: skip


def never() -> bool:
    return False


def at_once() -> bool:
    return True


def test_a_device_serves_one_job_at_a_time(devices: Devices, driver: Simulated) -> None:
    with devices.lease(never) as lease:
        assert (lease.uuid, lease.name, lease.driver) == (ONE, "Test GPU", "1.2")
        with pytest.raises(Interrupted), devices.lease(at_once):
            pass
    with devices.lease(at_once) as again:
        assert again.uuid == ONE


def test_two_daemons_share_devices_and_never_one(
    devices: Devices, driver: Simulated, tmp_path: Path
) -> None:
    driver.readings[TWO] = IDLE
    other = daemon(driver, tmp_path)
    with devices.lease(at_once) as one, other.lease(at_once) as two:
        assert {one.uuid, two.uuid} == {ONE, TWO}
        with pytest.raises(Interrupted), other.lease(at_once):
            pass


def test_who_waits_gets_the_device_when_it_is_free(devices: Devices) -> None:
    got = threading.Event()

    def wait() -> None:
        with devices.lease(never):
            got.set()

    with devices.lease(never):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.is_set()
    assert got.wait(WAIT_SECONDS)
    waiting.join(WAIT_SECONDS)


def test_a_device_in_use_by_others_is_waited_for(devices: Devices, driver: Simulated) -> None:
    driver.change(processes={77: None})
    with pytest.raises(Interrupted), devices.lease(at_once):
        pass
    assert devices.count() == 1
    assert "77" in devices.states()[0].detail


def test_memory_that_stays_puts_it_into_quarantine(
    devices: Devices, driver: Simulated, tmp_path: Path
) -> None:
    with devices.lease(at_once) as lease:
        driver.change(used_bytes=IDLE.used_bytes * 3)
    assert lease.fault is not None
    assert "512 MiB" not in lease.fault.reason
    assert "1024 MiB of its memory were not given back" in lease.fault.reason
    assert devices.count() == 0
    assert "not given back" in devices.absent()
    with pytest.raises(NoDevice, match="quarantine"), devices.lease(never):
        pass
    driver.change(used_bytes=IDLE.used_bytes)
    with daemon(driver, tmp_path, now=1060.0).lease(at_once) as cooled:
        assert cooled.uuid == ONE


def test_memory_may_take_a_moment_to_come_back(driver: Simulated, tmp_path: Path) -> None:
    slow = Devices(driver, Places(tmp_path), look_seconds=0.01, return_seconds=WAIT_SECONDS)
    with slow.lease(at_once) as lease:
        driver.change(processes={5: 1})
        threading.Timer(0.1, lambda: driver.change(processes={})).start()
    assert lease.fault is None
    assert slow.count() == 1


def test_a_grave_fault_during_a_job_is_its_leases_fault(
    devices: Devices, driver: Simulated
) -> None:
    with devices.lease(at_once) as lease:
        driver.events[ONE] = [31, 79]
    assert lease.fault is not None
    assert lease.fault.reason == "The driver reported Xid 79."
    assert devices.count() == 0


def test_a_fault_of_the_program_leaves_the_device_in_service(
    devices: Devices, driver: Simulated
) -> None:
    with devices.lease(at_once) as lease:
        driver.events[ONE] = [31]
    assert lease.fault is None
    assert devices.count() == 1


def test_faults_of_before_are_nobodys(devices: Devices, driver: Simulated) -> None:
    driver.events[ONE] = [79]
    with devices.lease(at_once) as lease:
        pass
    assert lease.fault is None


def test_a_device_that_is_lost_during_a_job_rests(
    devices: Devices, driver: Simulated, tmp_path: Path
) -> None:
    with devices.lease(at_once) as lease:
        driver.dead = True
    assert lease.fault is not None
    assert "GPU is lost" in lease.fault.reason
    driver.dead = False
    with pytest.raises(NoDevice), daemon(driver, tmp_path, now=1e12).lease(never):
        pass


def test_a_folder_that_broke_meanwhile_loses_no_job(
    devices: Devices, driver: Simulated, tmp_path: Path
) -> None:
    with devices.lease(at_once) as lease:
        driver.events[ONE] = [79]
        shutil.rmtree(tmp_path / "gpu")
        (tmp_path / "gpu").touch()
    assert lease.fault is not None
    with pytest.raises(HostError, match="GRADUS_GPU_FOLDER"), devices.lease(at_once):
        pass


def test_the_lock_is_free_after_a_job_that_failed(devices: Devices) -> None:
    with pytest.raises(RuntimeError, match="the job"), devices.lease(at_once):
        raise RuntimeError("the job")
    with devices.lease(at_once):
        pass


def test_a_divided_device_is_not_leased(devices: Devices, driver: Simulated) -> None:
    driver.change(is_divided=True)
    with pytest.raises(NoDevice, match="MIG"), devices.lease(never):
        pass


def test_a_device_that_needs_a_reset_is_not_leased(devices: Devices, driver: Simulated) -> None:
    driver.change(needs_reset=True)
    with pytest.raises(NoDevice, match="reset"), devices.lease(never):
        pass


def test_use_counts_the_processes_of_one_session_only(devices: Devices, driver: Simulated) -> None:
    driver.samples = [Busy(5, 10, 90)]  # before the lease
    with ExitStack() as held:
        lease = held.enter_context(devices.lease(at_once))
        driver.change(processes={5: 300, 6: None, 8: 100})
        driver.samples = [Busy(5, 10, 90), Busy(5, 20, 50), Busy(6, 20, 0), Busy(5, 30, 0)]
        lease._watch.look(0.0)
        driver.change(processes={5: 200})
        lease._watch.look(0.0)
        assert lease.use({5}) == DeviceUse(True, 200, 300, 2, 1)
        assert lease.use({6}) == DeviceUse(True, 0, 0, 1, 0)
        assert lease.use({5, 8}) == DeviceUse(True, 200, 400, 2, 1)
        assert lease.use({9}) == DeviceUse()
        assert set(lease.processes()) == {5}
        driver.change(processes={})


def test_a_driver_without_samples_proves_no_work(devices: Devices, driver: Simulated) -> None:
    driver.samples = None
    with devices.lease(at_once) as lease:
        driver.change(processes={5: 300})
        lease._watch.look(0.0)
        assert lease.use({5}).samples == 0
        driver.change(processes={})


def test_a_host_without_a_driver_has_no_devices(tmp_path: Path) -> None:
    none = daemon(NoDriver("no libnvidia-ml.so.1 on this host"), tmp_path)
    assert none.count() == 0
    with pytest.raises(NoDevice, match="no GPU: no libnvidia-ml"), none.lease(never):
        pass
    line = examine(none)
    assert (line.held, line.mandatory) == (False, False)
    assert "lane gpu is not offered" in line.detail


def test_doctor_says_all_devices_in_one_line(devices: Devices, driver: Simulated) -> None:
    driver.readings[TWO] = IDLE
    driver.change(TWO, is_divided=True)
    line = examine(devices)
    assert line.held
    assert ONE in line.detail
    assert f"{TWO}: divided" in line.detail
