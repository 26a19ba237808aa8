"""The real driver's module, as far as it goes without a device."""

from __future__ import annotations

import ast
import inspect

import pynvml
import pytest

from grader.gpu import nvml
from grader.gpu.driver import DriverError


def test_every_name_that_it_asks_the_bindings_for_is_there() -> None:
    tree = ast.parse(inspect.getsource(nvml))
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "pynvml"
    }
    assert len(asked) > 20
    assert asked - set(dir(pynvml)) == set()


@pytest.mark.parametrize(
    ("structure", "fields"),
    [
        (pynvml.c_nvmlMemory_t, {"total", "used"}),
        (pynvml.c_nvmlProcessUtilizationSample_t, {"pid", "timeStamp", "smUtil"}),
        (pynvml.c_nvmlProcessInfo_v3_t, {"pid", "usedGpuMemory"}),
        (pynvml.c_nvmlEventData_t, {"eventData"}),
    ],
)
def test_every_field_that_it_reads_is_there(structure: type, fields: set[str]) -> None:
    assert fields <= {name for name, *_ in structure._fields_}  # type: ignore[attr-defined]


def raising(code: int) -> None:
    raise pynvml.NVMLError(code)


def test_what_a_device_does_not_tell_is_none() -> None:
    assert nvml.known(lambda: raising(pynvml.NVML_ERROR_NOT_SUPPORTED)) is None


@pytest.mark.parametrize("code", [pynvml.NVML_ERROR_GPU_IS_LOST, pynvml.NVML_ERROR_UNKNOWN])
def test_every_other_error_is_the_drivers(code: int) -> None:
    with pytest.raises(DriverError):
        nvml.known(lambda: raising(code))
    with pytest.raises(DriverError):
        nvml.asked(lambda: raising(code))
