"""The bank as tests: every gate of every exercise, with two draws. A new file is a new test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.contracts import Gate
from grader.coverage import coverage
from grader.daemon.queue import Slots
from grader.exercise import bank
from grader.job.backend import open_backend
from grader.verify.run import Options, Workshop, verify_folders

ROOT = Path(__file__).resolve().parents[2] / "exercises"
FOLDERS = bank.folders(ROOT)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    versions = tmp_path_factory.mktemp("versions")
    versions.chmod(0o755)
    backend = open_backend("bubblewrap", versions)
    cores = sorted(os.sched_getaffinity(0))
    yield Workshop(backend, versions, Slots(len(cores), (cores[-1],)), len(cores))
    backend.stop()


def test_there_is_a_bank() -> None:
    assert FOLDERS


def test_no_id_is_there_twice() -> None:
    names = [folder.name for folder in FOLDERS]
    assert sorted(set(names)) == sorted(names)


def test_concepts_are_those_of_concepts_toml() -> None:
    known = bank.concepts(ROOT)
    for folder in FOLDERS:
        manifest = bank.load_in_bank(folder).manifest
        assert set(manifest.concepts) <= set(known), folder.name


def test_each_exercise_covers_a_concept() -> None:
    covered = {exercise for exercises in coverage(ROOT).values() for exercise in exercises}
    assert covered == {folder.name for folder in FOLDERS}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_gate_is_green(folder: Path, workshop: Workshop) -> None:
    gates: list[Gate] = []
    verify_folders(workshop, [folder], Options(seeds=2), gates.append)
    red = [f"{g.gate} {g.subject} {g.seed}: {g.message[:500]}" for g in gates if not g.passed]
    assert red == []
    assert len(gates) > 5
