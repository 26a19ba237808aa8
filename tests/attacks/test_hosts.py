"""Hosts that cannot isolate: one clear line with the remedy, never grading without a sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCTOR = f"{sys.executable} -m grader doctor --json"


def as_nested_root(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the only user of a user namespace, as in a rootless container."""
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", command],
        capture_output=True,
        cwd=ROOT,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(autouse=True)
def _needs_unshare() -> None:
    if as_nested_root("true").returncode:
        pytest.skip("this host lets nobody make nested user namespaces by hand")


@pytest.mark.parametrize("most", [0, 1, 2])
def test_too_few_user_namespaces_are_named_with_the_remedy(most: int) -> None:
    limit = f"echo {most} > /proc/sys/user/max_user_namespaces"
    found = as_nested_root(f"{limit} && {DOCTOR}")
    assert found.returncode == 1
    (sandbox,) = [one for one in json.loads(found.stdout) if one["name"] == "sandbox"]
    assert (sandbox["held"], sandbox["mandatory"]) == (False, True)
    assert sandbox["remedy"].endswith("sysctl -w user.max_user_namespaces=16384")
    assert "\n" not in sandbox["detail"]
    assert "Traceback" not in sandbox["detail"]


def test_nothing_is_graded_where_nothing_can_be_isolated(tmp_path: Path) -> None:
    from tests.grader.bank import SOLUTION, write_exercise

    folder = write_exercise(tmp_path / "double")
    (tmp_path / "mine.py").write_text(SOLUTION)
    limit = "echo 0 > /proc/sys/user/max_user_namespaces"
    grade = f"{sys.executable} -m grader grade {folder} {tmp_path}/mine.py --json"
    found = as_nested_root(f"{limit} && {grade}")
    assert found.returncode == 2
    verdict = json.loads(found.stdout)
    assert (verdict["status"], verdict["points"], verdict["checks"]) == ("error", 0.0, [])


def test_root_of_a_rootless_container_is_isolated_like_anybody() -> None:
    found = as_nested_root(DOCTOR)
    assert found.returncode == 0, found.stdout
    assert all(one["held"] for one in json.loads(found.stdout) if one["mandatory"])
