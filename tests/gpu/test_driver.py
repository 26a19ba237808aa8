"""What `grader.gpu.nvml` says of a real device."""

from __future__ import annotations

import pytest

from grader.gpu import health
from grader.gpu.driver import UUID, DriverError
from grader.gpu.lane import Devices
from grader.gpu.nvml import Nvml

pytestmark = pytest.mark.gpu


def test_every_device_is_named_by_its_number(driver: Nvml) -> None:
    uuids = driver.uuids()
    assert uuids
    assert all(UUID.fullmatch(uuid) for uuid in uuids)
    assert driver.version()


def test_a_reading_makes_sense(driver: Nvml) -> None:
    reading = driver.read(driver.uuids()[0])
    assert reading.name
    assert 0 <= reading.used_bytes < reading.total_bytes
    assert health.unfit(reading) is None


def test_looking_takes_no_memory(driver: Nvml) -> None:
    uuid = driver.uuids()[0]
    before = driver.read(uuid)
    driver.busy(uuid, 0)
    driver.faults(uuid, 0.1)
    driver.forget(uuid)
    assert health.came_back(before, driver.read(uuid)) is None


def test_nobody_on_it_means_no_new_samples(driver: Nvml) -> None:
    uuid = driver.uuids()[0]
    samples = driver.busy(uuid, 0) or []
    last = max((one.at_microseconds for one in samples), default=0)
    assert not driver.busy(uuid, last + 60_000_000)


def test_a_device_that_is_not_there_is_an_error(driver: Nvml) -> None:
    with pytest.raises(DriverError):
        driver.read("GPU-00000000-0000-0000-0000-000000000000")


def test_a_device_at_rest_can_be_leased_and_comes_back_whole(devices: Devices) -> None:
    with devices.lease(lambda: True) as lease:
        pass
    assert lease.fault is None
    assert devices.count() >= 1
