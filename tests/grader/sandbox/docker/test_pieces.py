"""What needs no engine: settings, profile, the engine's framing of streams, locks of instances."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from grader.errors import HostError
from grader.runner import seccomp
from grader.sandbox.docker import images
from grader.sandbox.docker.attach import HEADER, Attached
from grader.sandbox.docker.backend import meet
from grader.sandbox.docker.container import Container
from grader.sandbox.docker.instance import Instance, dead_folders, is_dead
from grader.sandbox.docker.profile import profile
from grader.sandbox.docker.settings import Mode, from_environment
from grader.sandbox.flavours import ENGINE


def test_the_mode_follows_from_the_runtime() -> None:
    assert from_environment({}).mode is Mode.ZYGOTE
    assert from_environment({"GRADUS_DOCKER_RUNTIME": "runsc"}).mode is Mode.SINGLE_USE
    assert from_environment({"GRADUS_DOCKER_RUNTIME": "nvidia"}).mode is Mode.SINGLE_USE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOCKER_HOST", "tcp://elsewhere:2375"),
        ("GRADUS_DOCKER_MODE", "many"),
        ("GRADUS_DOCKER_FLAVOURS", "numpy,fortran"),
        ("GRADUS_DOCKER_POOL", "0"),
        ("GRADUS_DOCKER_POOL", "٣"),
        ("GRADUS_DOCKER_MEMORY_MIB", "1e9"),
    ],
)
def test_a_setting_without_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(HostError, match=name):
        from_environment({name: value})


def test_gvisor_cannot_hold_a_zygote() -> None:
    with pytest.raises(HostError, match="single-use"):
        from_environment({"GRADUS_DOCKER_RUNTIME": "runsc", "GRADUS_DOCKER_MODE": "zygote"})


def allowed(text: str) -> set[str]:
    rules = [rule for rule in json.loads(text)["syscalls"] if rule["action"].endswith("ALLOW")]
    return {name for rule in rules for name in rule["names"]}


def test_only_a_zygote_may_make_namespaces() -> None:
    extra = allowed(profile(zygote=True)) - allowed(profile(zygote=False))
    assert extra == {"unshare", "setns", "mount", "sethostname"}


def test_what_no_session_may_call_the_container_may_not_either() -> None:
    zygotes = {"unshare", "setns", "mount", "sethostname", "seccomp"}
    starting_python = {"execve", "execveat", "vfork", "personality"}
    denied = set(seccomp.DENIED) - zygotes - starting_python
    assert not denied & allowed(profile(zygote=True))


def pieces_of(*chunks: bytes, begun: bytes = b"") -> list[tuple[int, bytes]]:
    here, there = socket.socketpair()
    with there:
        for chunk in chunks:
            there.sendall(chunk)
    attached = Attached(here, begun)
    found = list(attached.pieces())
    attached.close()
    return found


def test_streams_are_told_apart_however_they_are_cut() -> None:
    data = HEADER.pack(1, 5) + b"hello" + HEADER.pack(2, 3) + b"err" + HEADER.pack(1, 0)
    for cut in range(len(data)):
        found = pieces_of(data[cut:], begun=data[:cut])
        joined = {
            stream: b"".join(piece for one, piece in found if one == stream) for stream in (1, 2)
        }
        assert joined == {1: b"hello", 2: b"err"}


def test_a_stream_that_ends_in_the_middle_of_a_frame_just_ends() -> None:
    assert pieces_of(HEADER.pack(1, 100) + b"half") == [(1, b"half")]


def test_an_instance_is_dead_when_its_lock_is_free(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    assert not is_dead(tmp_path, instance.name)
    assert dead_folders(tmp_path) == []
    os.close(instance._lock)  # as the kernel does when the daemon dies
    assert is_dead(tmp_path, instance.name)
    assert dead_folders(tmp_path) == [instance.folder]
    assert is_dead(tmp_path, "never-was")


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_descriptors")
def test_a_daemon_with_many_descriptors_still_meets_its_zygotes(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as low:
        low.bind(str(tmp_path / "socket"))
        low.listen(1)
        listener = socket.socket(fileno=fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 1100))
    with listener, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as zygote:
        zygote.connect(str(tmp_path / "socket"))
        zygote.send(b"here")
        started = cast(Container, None)  # only asked when nobody comes
        with meet(listener, started) as control:
            assert control.recv(10) == b"here"


def test_a_folder_that_cannot_be_used_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HostError, match="GRADUS_DOCKER_FOLDER"):
        Instance(tmp_path / "file")


def test_student_images_hold_no_file_of_the_checker() -> None:
    names = {path.relative_to(ENGINE).parts[0] for path in images.sources("numpy")}
    assert names == {"__init__.py", "frames", "runner"}
    assert images.engine_digest("numpy") != images.engine_digest("checker")
