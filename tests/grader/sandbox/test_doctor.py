"""What is found out about a host, and that a host without isolation is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.errors import HostError
from grader.sandbox import doctor
from grader.sandbox.doctor import Finding
from grader.sandbox.limits.cgroup import Groups
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import NewBackend, raw_flavours

MANDATORY = {
    *(f"{kind}_namespace" for kind in ("user", "pid", "network", "ipc", "uts", "mount")),
    *("seccomp", "no_new_privs", "capabilities", "read_only_root", "rlimits", "kernel", "sandbox"),
}
OWN = {
    "bubblewrap": {"flavour numpy", "flavour torch", "flavour checker"},
    "docker": {"engine", "image numpy", "image torch", "image checker"},
}


def test_every_mandatory_guarantee_holds_here(backend: ZygoteBackend) -> None:
    mandatory = MANDATORY | OWN[backend.name]
    findings = {finding.name: finding for finding in doctor.examine(backend)}
    assert {name for name, finding in findings.items() if finding.mandatory} == mandatory
    assert not [finding for finding in findings.values() if finding.mandatory and not finding.held]
    guarantees = backend.guarantees()
    assert guarantees["memory_cgroup"] == backend.groups.memory
    assert guarantees["core_pinning"] == findings["core_pinning"].held


def test_absent_control_groups_are_recorded_and_no_refusal(
    backend_without_groups: ZygoteBackend,
) -> None:
    guarantees = backend_without_groups.guarantees()
    assert not guarantees["memory_cgroup"]
    assert not guarantees["pids_cgroup"]


def test_a_host_that_cannot_open_a_session_is_refused(new_backend: NewBackend) -> None:
    broken = replace(raw_flavours()["numpy"], preload=("no_such_module",))
    with (
        new_backend(flavours={"numpy": broken}, groups=Groups.none()) as backend,
        pytest.raises(HostError, match=r"cannot isolate(.|\n)*no_such_module"),
    ):
        backend.guarantees()


def test_a_session_that_shares_a_namespace_is_found_out() -> None:
    shared = {"user": True, "pid": True, "net": False, "ipc": True, "uts": True}
    findings = doctor._namespaces(shared, "")
    assert [finding.name for finding in findings if not finding.held] == [
        "network_namespace",
        "mount_namespace",
    ]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"CapEff": "0000000000000400"}, "capabilities"),
        ({"Seccomp": "0"}, "seccomp"),
        ({"NoNewPrivs": "0"}, "no_new_privs"),
    ],
)
def test_a_lock_that_is_open_is_found_out(changed: dict[str, str], name: str) -> None:
    zero = "0000000000000000"
    locked = {"CapEff": zero, "CapPrm": zero, "CapBnd": zero, "Seccomp": "2", "NoNewPrivs": "1"}
    assert not [finding for finding in doctor._locks(locked) if not finding.held]
    opened = [finding.name for finding in doctor._locks({**locked, **changed}) if not finding.held]
    assert opened == [name]


def test_a_second_writable_mount_and_a_missing_rlimit_are_found_out() -> None:
    assert not doctor._read_only_root({"writable": ["/", "/w"]}).held
    seen = dict.fromkeys(doctor.RLIMITS[1:], "1")
    assert doctor.RLIMITS[0] in doctor._rlimits(seen).detail


def test_only_mandatory_findings_refuse() -> None:
    doctor.require([Finding("memory_cgroup", False, False, "none")])
    with pytest.raises(HostError, match=r"seccomp: absent\. Use another kernel."):
        doctor.require([Finding("seccomp", False, True, "absent.", "Use another kernel.")])
