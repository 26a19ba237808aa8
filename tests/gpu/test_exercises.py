"""The speed job of every GPU exercise: the reference and each right solution pass on the device."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from grader.contracts import LAST, Op, Parts, Request, VerdictLine
from grader.exercise.load import load
from grader.gpu.lane import Devices
from grader.job.alone import LastCore, adopt
from grader.job.backend import HostBackend
from grader.job.grade import Job, grade
from grader.verdict import Status, Verdict, from_json

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(600)]
BANK = Path(__file__).resolve().parents[2] / "exercises" / "gpu"
FOLDERS = sorted(path.parent for path in BANK.glob("*/exercise.toml"))
GOOD = [
    pytest.param(folder, file, id=f"{folder.name}-{file.stem}")
    for folder in FOLDERS
    for file in (folder / "solution.py", *sorted((folder / "right").glob("*.py")))
]


def speed_job(
    backend: HostBackend, versions: Path, devices: Devices, folder: Path, source: bytes
) -> Verdict:
    adopted = adopt(folder, versions)
    request = Request(
        op=Op.GRADE, job="1", version=adopted.version, parts=Parts.SPEED, seed="5eed",
        bytes={"solution.py": len(source)}, deadline_seconds=600,
    )  # fmt: skip
    last: list[BaseModel] = []

    def emit(line: BaseModel, payload: bytes) -> None:
        if isinstance(line, LAST):
            last.append(line)

    job = Job(request, adopted.folder, {"solution.py": source})
    grade(backend, job, emit, LastCore(), devices=devices)
    assert isinstance(last[0], VerdictLine), last[0]
    return from_json(last[0].verdict)


@pytest.mark.parametrize(("folder", "file"), GOOD)
def test_what_is_right_passes_on_the_device(
    backend: HostBackend, versions: Path, devices: Devices, folder: Path, file: Path
) -> None:
    verdict = speed_job(backend, versions, devices, folder, file.read_bytes())
    assert verdict.status is Status.PASSED, verdict
    assert verdict.environment.flavour == "torch-cuda"
    assert "GPU-" in verdict.environment.device
    measured = load(folder).manifest.performance
    assert {one.id for one in verdict.performance if one.value} == set(measured)
    assert devices.count() >= 1


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_starter_fails_on_the_device(
    backend: HostBackend, versions: Path, devices: Devices, folder: Path
) -> None:
    source = (folder / "starter.py").read_bytes()
    assert speed_job(backend, versions, devices, folder, source).status is not Status.PASSED
