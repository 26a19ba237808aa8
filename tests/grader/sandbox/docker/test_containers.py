"""How a container is locked, and that none outlives its daemon."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import docker
import pytest
import requests
from docker.errors import APIError, NotFound

from grader.errors import HostError
from grader.exercise.limits import Limits
from grader.sandbox.docker import images
from grader.sandbox.docker.backend import DockerBackend
from grader.sandbox.docker.choose import docker_backend
from grader.sandbox.docker.settings import Settings
from grader.sandbox.limits.cgroup import Groups
from tests.grader.sandbox.conftest import raw_flavours, tell
from tests.grader.sandbox.docker.conftest import belonging_to
from tests.grader.sandbox.test_backend import wait_for

pytestmark = pytest.mark.docker
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(params=["zygotes", "lonely"])
def backend(request: pytest.FixtureRequest) -> DockerBackend:
    found: DockerBackend = request.getfixturevalue(request.param)
    return found


def existing(engine: docker.DockerClient, names: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what the engine knows of each container that another test's end has not removed."""
    for name in names:
        with contextlib.suppress(NotFound):
            yield engine.containers.get(name).attrs


def test_a_container_is_locked_in_every_way(
    backend: DockerBackend, engine: docker.DockerClient, ours: Callable[[], list[str]]
) -> None:
    with backend.open("numpy", Limits()):
        seen = list(existing(engine, ours()))
        assert any(attributes["State"]["Running"] for attributes in seen)
        for attributes in seen:
            host = attributes["HostConfig"]
            assert host["ReadonlyRootfs"]
            assert host["NetworkMode"] == "none"
            assert host["IpcMode"] == "none"
            assert host["CapDrop"] == ["ALL"]
            assert not host["CapAdd"]
            assert not host["Privileged"]
            assert "no-new-privileges:true" in host["SecurityOpt"]
            assert any(one.startswith('seccomp={"default') for one in host["SecurityOpt"])
            assert 0 < host["PidsLimit"] <= 4096
            assert 0 < host["Memory"] == host["MemorySwap"]
            assert host["NanoCpus"] > 0
            assert host["LogConfig"]["Type"] == "none"
            assert attributes["Config"]["User"].split(":")[0] not in ("", "0")
            assert all(not mount["RW"] for mount in attributes["Mounts"] if mount["Type"] == "bind")


def test_the_student_is_no_user_of_this_host_and_holds_nothing(backend: DockerBackend) -> None:
    code = """
        import os
        answer([os.getuid() != 0, sorted(os.environ), os.listdir('/meeting')])
        with open('/etc/planted', 'w'): pass
    """
    with backend.open("numpy", Limits()) as session:
        answer = tell(session, code)
    unprivileged, names, meeting = answer.values[0]
    assert unprivileged
    assert meeting == []
    assert not [name for name in names if "DOCKER" in name or "GRADUS" in name]
    assert answer.raised[0] in ("PermissionError", "OSError")


def test_what_the_engine_writes_into_etc_is_covered_under_a_zygote(zygotes: DockerBackend) -> None:
    code = "answer([open(f'/etc/{n}').read() for n in ('hosts', 'hostname', 'resolv.conf')])"
    with zygotes.open("numpy", Limits()) as session:
        assert tell(session, code).value == ["", "", ""]


def test_the_meeting_place_is_gone_once_they_have_met(zygotes: DockerBackend) -> None:
    zygotes.open("numpy", Limits()).close()
    assert os.listdir(zygotes.engine.instance.folder) == ["lock"]


def test_a_session_of_a_warm_zygote_asks_the_engine_nothing(
    zygotes: DockerBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a question to the engine")

    zygotes.open("numpy", Limits()).close()
    monkeypatch.setattr(requests.Session, "send", refuse)
    with pytest.raises(AssertionError):
        zygotes.engine.describe()
    with zygotes.open("numpy", Limits()) as session:
        assert tell(session, "answer(1)").value == 1
        session.freeze()
        session.thaw()
        assert session.cpu_seconds() > 0
        assert session.close().signal == signal.SIGKILL


def test_no_container_is_left_after_stop(settings: Settings, engine: docker.DockerClient) -> None:
    folder = settings.folder / "own"
    backend = docker_backend(flavours=raw_flavours(), settings=replace(settings, folder=folder))
    session = backend.open("numpy", Limits())
    tell(session, "while True: pass", wait=False)
    assert len(belonging_to(engine, folder)) == 1
    backend.stop()
    assert belonging_to(engine, folder) == []
    assert list(folder.iterdir()) == []


DAEMON = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from grader.exercise.limits import Limits
from grader.sandbox.docker.choose import docker_backend
from grader.sandbox.docker.settings import Mode, from_environment
from tests.grader.sandbox.conftest import raw_flavours, tell
settings = replace(from_environment(), folder=Path(sys.argv[2]), mode=Mode(sys.argv[3]), pool=2)
backend = docker_backend(flavours=raw_flavours(), settings=settings)
session = backend.open("numpy", Limits())
tell(session, "while True: pass", wait=False)
for ready in getattr(backend, "_ready", {}).values():
    for starting in ready.starting:
        starting.result()  # else the engine still makes some after our end
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("mode", ["zygote", "single-use"])
def test_containers_of_a_killed_daemon_end_or_are_removed_by_the_next(
    settings: Settings, engine: docker.DockerClient, mode: str
) -> None:
    folder = settings.folder / f"killed-{mode}"
    command = [sys.executable, "-c", DAEMON, str(ROOT), str(folder), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"open\n"
        living = docker_backend(settings=replace(settings, folder=folder))
        assert living.engine.remove_stale() == 0  # the other one lives
        daemon.send_signal(signal.SIGKILL)
    left = len(belonging_to(engine, folder))
    assert left >= 1
    assert living.engine.remove_stale() == left
    assert belonging_to(engine, folder) == []
    living.stop()
    assert list(folder.iterdir()) == []


def test_a_container_that_was_killed_is_replaced_and_removed(
    backend: DockerBackend, engine: docker.DockerClient, ours: Callable[[], list[str]]
) -> None:
    session = backend.open("numpy", Limits())
    label = f"org.gradus.instance={backend.engine.instance.name}"
    killed = engine.containers.list(filters={"label": label}, sparse=True)
    assert killed
    for container in killed:
        with contextlib.suppress(APIError):  # it has ended since
            container.kill()
    assert wait_for(lambda: tell(session, "answer(1)").died)
    session.stream.close()
    session.control.close()
    os.close(session.output)

    def opens() -> bool:
        try:
            with backend.open("numpy", Limits()) as fresh:
                return bool(tell(fresh, "answer(1)").value == 1)
        except HostError:
            return False

    assert wait_for(opens)
    assert wait_for(lambda: not {container.id for container in killed} & set(ours()))


def test_an_engine_that_is_down_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    absent = Settings(engine=f"unix://{tmp_path}/absent.sock", folder=tmp_path / "f")
    with docker_backend(settings=absent, groups=Groups.none()) as backend:
        missing = [one for one in backend.findings() if one.mandatory and not one.held]
        assert [one.name for one in missing] == ["engine"]
        assert "does not answer" in missing[0].detail
        assert "Start it" in missing[0].remedy
        assert backend.obstacle() == f"{missing[0].detail} {missing[0].remedy}"


def test_a_missing_image_is_one_line_with_the_remedy(settings: Settings) -> None:
    absent = replace(settings, images="gradus-absent", flavours=("numpy",))
    with docker_backend(settings=absent, groups=Groups.none()) as backend:
        missing = [one for one in backend.findings() if not one.held and one.mandatory]
        assert [one.name for one in missing] == ["image checker", "image numpy"]
        assert missing[1].remedy == f"Build it: {images.BUILD} numpy."
        with pytest.raises(HostError, match="no image gradus-absent/numpy"):
            backend.open("numpy", Limits())


def test_an_image_of_another_engine_is_refused(
    settings: Settings, engine: docker.DockerClient, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM gradus/numpy\nLABEL {images.LABEL}=older\n")
    name = "gradus-older/numpy:latest"
    engine.images.build(path=str(tmp_path), tag=name, network_mode="none", rm=True)
    try:
        older = replace(settings, images="gradus-older", flavours=("numpy",))
        with (
            docker_backend(settings=older, groups=Groups.none()) as backend,
            pytest.raises(HostError, match="another version of the engine"),
        ):
            backend.open("numpy", Limits())
    finally:
        engine.images.remove(name)


def test_an_unknown_runtime_names_those_that_there_are(settings: Settings) -> None:
    unknown = replace(settings, runtime="no-such-runtime")
    with docker_backend(settings=unknown, groups=Groups.none()) as backend:
        (missing,) = [one for one in backend.findings() if not one.held and one.mandatory]
        assert "knows no runtime 'no-such-runtime'; it knows" in missing.detail
