"""Which control groups a host offers, read from its own files, and the groups of dead daemons."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.limits import cgroup
from grader.sandbox.limits.cgroup import Groups


def test_version_1_hierarchies_are_found_with_our_group_in_them(tmp_path: Path) -> None:
    (tmp_path / "memory" / "user").mkdir(parents=True)
    (tmp_path / "pids").mkdir()
    mounts = (
        f"cgroup {tmp_path}/memory cgroup rw,memory 0 0\n"
        f"cgroup {tmp_path}/pids cgroup rw,nosuid,pids 0 0\n"
        f"cgroup {tmp_path}/cpu cgroup rw,cpu,cpuacct 0 0\n"
    )
    own = "5:memory:/user\n4:pids:/hidden/by/a/container\n3:cpu,cpuacct:/\n0::/\n"
    found = cgroup.parents_v1(mounts, own)
    assert found == {"memory": tmp_path / "memory" / "user", "pids": tmp_path / "pids"}


def test_the_version_2_group_is_found(tmp_path: Path) -> None:
    (tmp_path / "user.slice" / "gradus.service").mkdir(parents=True)
    mounts = f"proc /proc proc rw 0 0\ncgroup2 {tmp_path} cgroup2 rw 0 0\n"
    found = cgroup.own_group_v2(mounts, "0::/user.slice/gradus.service\n")
    assert found == tmp_path / "user.slice" / "gradus.service"
    assert cgroup.own_group_v2("proc /proc proc rw 0 0\n", "0::/\n") is None


def test_a_daemon_in_its_own_leaf_uses_the_group_above(tmp_path: Path) -> None:
    (tmp_path / "service" / cgroup.LEAF).mkdir(parents=True)
    found = cgroup.own_group_v2(
        f"cgroup2 {tmp_path} cgroup2 rw 0 0\n", f"0::/service/{cgroup.LEAF}\n"
    )
    assert found == tmp_path / "service"


def test_a_group_that_is_not_delegated_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpu hugetlb\n")
    assert not cgroup.delegate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cgroup.controllers"]


def test_groups_of_dead_daemons_are_cleared_and_of_living_ones_kept(tmp_path: Path) -> None:
    living = f"gradus-{os.getpid()}-{cgroup.started_at(os.getpid())}-1"
    for name in ("gradus-999999999-5-1/s1", f"gradus-{os.getpid()}-1-1", living, "system.slice"):
        (tmp_path / name).mkdir(parents=True)
    cgroup.clear_stale(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([living, "system.slice"])


def test_a_host_without_groups_makes_none() -> None:
    groups = Groups.none()
    assert groups.create(Limits()).fds == []
    assert not groups.memory


def test_a_refused_group_is_a_fault_of_the_host_and_leaves_nothing(tmp_path: Path) -> None:
    no_controller = Groups({"memory": tmp_path, "pids": tmp_path}, 1)  # no file to join by
    with pytest.raises(HostError, match="control group"):
        no_controller.create(Limits())
    assert list(tmp_path.iterdir()) == []
    gone = Groups({"memory": tmp_path / "gone"}, 2)
    with pytest.raises(HostError, match="gone"):
        gone.create(Limits())
