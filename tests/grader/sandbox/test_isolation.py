"""What hostile code inside a session can see and do."""

from __future__ import annotations

import errno
import socket

import pytest

from grader.exercise.limits import Limits
from grader.runner import seccomp
from grader.sandbox.zygotes import ZygoteBackend
from tests.grader.sandbox.conftest import Execute, tell

SYSCALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def syscall(*arguments):
    ctypes.set_errno(0)
    result = libc.syscall(*[ctypes.c_long(one) for one in arguments])
    return 0 if result >= 0 else ctypes.get_errno()
"""


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK"])
def test_no_socket_of_a_network_family_can_be_made(execute: Execute, family: str) -> None:
    answer = execute(f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)").answer
    assert answer.raised[0] == "PermissionError"


def test_abstract_sockets_of_the_host_are_out_of_reach(execute: Execute) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0gradus-test-reachable")
        listener.listen()
        code = "import socket; socket.socket(socket.AF_UNIX).connect('\\0gradus-test-reachable')"
        assert execute(code).answer.raised[0] == "ConnectionRefusedError"


def test_processes_are_not_to_be_seen(execute: Execute) -> None:
    code = "import os; answer([os.getpid(), os.getppid(), os.listdir('/proc')])"
    assert execute(code).answer.value == [1, 0, []]


@pytest.mark.parametrize(
    "folder", ["/", "/proc", "/dev", "/engine", "/flavour", "/exercise", "/etc"]
)
def test_nothing_but_the_work_folder_can_be_written(execute: Execute, folder: str) -> None:
    answer = execute(f"open({folder!r} + '/planted', 'w')").answer
    assert answer.raised[0] in ("OSError", "PermissionError"), answer
    assert answer.raised[0] != "OSError" or f"Errno {errno.EROFS}" in answer.message


def test_temporary_folders_are_part_of_the_work_folder(execute: Execute) -> None:
    code = """
        import os, tempfile
        name = tempfile.NamedTemporaryFile().name
        open("/dev/shm/x", "w").close()
        answer([os.getcwd(), os.path.realpath(name).startswith("/w/tmp/"), os.listdir("/w/shm")])
    """
    assert execute(code).answer.value == ["/w", True, ["x"]]


def test_files_of_a_session_are_not_seen_by_another(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as one, backend.open("numpy", Limits()) as other:
        for place in ("/w/left", "/tmp/left", "/dev/shm/left"):
            tell(one, f"open({place!r}, 'w').write('secret')")
        found = tell(
            other, "import os; answer([os.listdir(p) for p in ('/w', '/tmp', '/dev/shm')])"
        )
    assert found.value == [["tmp", "shm"], [], []] or found.value == [["shm", "tmp"], [], []]


def test_programs_on_the_work_folder_cannot_be_mapped(execute: Execute) -> None:
    code = """
        import mmap
        with open("/w/code", "wb+") as file:
            file.write(bytes(4096)); file.flush()
            mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)
    """
    assert execute(code).answer.raised[0] == "PermissionError"


def test_only_four_descriptors_are_open(execute: Execute) -> None:
    code = """
        import os
        def is_open(fd):
            try:
                os.fstat(fd)
            except OSError:
                return False
            return True
        answer([fd for fd in range(1024) if is_open(fd)])
    """
    assert execute(code).answer.value == [0, 1, 2, 3]


def test_the_environment_holds_nothing_of_the_host(execute: Execute) -> None:
    names = set(execute("import os; answer(sorted(os.environ))").answer.value)
    threads = {"MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    allocator = {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"}
    assert names == {"HOME", "LANG", "PATH", "PWD"} | threads | allocator


def test_packages_of_other_environments_cannot_be_imported(execute: Execute) -> None:
    code = """
        import glob, importlib.util, sys
        names = ("torch", "django", "pytest")
        answer([importlib.util.find_spec(name) is not None for name in names])
        answer(glob.glob(sys.base_prefix + "/lib/python3*/site-packages/*"))
    """
    assert execute(code).answer.values == [[False, False, False], []]


def test_the_students_side_holds_no_module_of_the_checker(execute: Execute) -> None:
    code = "import os; answer(sorted(n for n in os.listdir('/engine/grader') if n[0] != '_'))"
    assert execute(code).answer.value == ["frames", "runner"]


def test_no_capability_is_left(execute: Execute) -> None:
    code = """
        import ctypes, struct
        libc = ctypes.CDLL(None, use_errno=True)
        data = ctypes.create_string_buffer(24)
        libc.capget(struct.pack("=Ii", 0x20080522, 0), data)
        answer([data.raw.hex().strip("0"), libc.prctl(39, 0, 0, 0, 0), libc.prctl(21, 0, 0, 0, 0)])
        answer(sum(libc.prctl(23, n, 0, 0, 0) == 1 for n in range(64)))
    """
    assert execute(code).answer.values == [["", 1, 2], 0]


def test_no_other_user_can_be_become(execute: Execute) -> None:
    code = "import os; answer(os.getuid()); os.setuid(0)"
    answer = execute(code).answer
    assert answer.values == [1000]
    assert answer.raised[0] in ("PermissionError", "OSError")


@pytest.mark.parametrize("name", sorted({**seccomp.DENIED, **seccomp.MISSING}))
def test_denied_call_fails(execute: Execute, name: str) -> None:
    import os

    column = list(seccomp.ARCHES).index(os.uname().machine)
    number = {**seccomp.DENIED, **seccomp.MISSING}[name][column]
    if number is None:
        pytest.skip("this architecture does not have the call")
    expected = errno.ENOSYS if name in seccomp.MISSING else errno.EPERM
    assert (
        execute(f"{SYSCALL}\nanswer(syscall({number}, 0, 0, 0, 0, 0, 0))").answer.value == expected
    )


def test_calls_newer_than_the_tables_do_not_exist(execute: Execute) -> None:
    code = f"{SYSCALL}\nanswer([syscall(n, 0, 0, 0) for n in (463, 467, 600)])"
    assert execute(code).answer.value == 3 * [errno.ENOSYS]


def test_numbers_of_another_call_table_do_not_exist_or_kill(execute: Execute) -> None:
    answer = execute(f"{SYSCALL}\nanswer(syscall({0x40000000 | 39}))").answer
    assert answer.died or answer.value == errno.ENOSYS


@pytest.mark.parametrize("flag", [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x40000000])
def test_clone_into_fresh_namespaces_fails(execute: Execute, flag: int) -> None:
    import os

    number = seccomp._CLONE[list(seccomp.ARCHES).index(os.uname().machine)]
    assert (
        execute(f"{SYSCALL}\nanswer(syscall({number}, {flag | 17}, 0))").answer.value == errno.EPERM
    )


def test_no_program_can_be_started(execute: Execute) -> None:
    code = "import os, sys; os.execv(sys.executable, ['python', '-c', 'pass'])"
    assert execute(code).answer.raised[0] == "PermissionError"


def test_killing_everything_reaches_no_other_session(backend: ZygoteBackend) -> None:
    with backend.open("numpy", Limits()) as bystander:
        with backend.open("numpy", Limits()) as hostile:
            code = """
                import contextlib, os
                for pid in (-1, 2, 3, 4, 5):
                    with contextlib.suppress(OSError):
                        os.kill(pid, 9)
            """
            tell(hostile, code)
        assert tell(bystander, "answer('alive')").value == "alive"


def test_memory_of_other_processes_cannot_be_read(execute: Execute) -> None:
    code = """
        import os
        found = []
        for pid in ("self", "1", "2", "3"):
            for name in ("mem", "maps", "environ", "cmdline"):
                found.append(os.path.exists(f"/proc/{pid}/{name}"))
        answer(any(found))
    """
    assert execute(code).answer.value is False


def test_random_numbers_differ_between_sessions(execute: Execute) -> None:
    code = "import random, os; answer([random.random(), os.urandom(8).hex()])"
    assert execute(code).answer.value != execute(code).answer.value


def test_the_host_name_is_not_told(execute: Execute) -> None:
    assert execute("import socket; answer(socket.gethostname())").answer.value == "gradus"


def test_the_limit_that_keeps_core_handlers_away_cannot_be_changed(execute: Execute) -> None:
    code = """
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    """
    assert execute(code).answer.raised[0] in ("PermissionError", "ValueError")


def test_locks_on_shared_files_are_refused(execute: Execute) -> None:
    code = "import fcntl, json; fcntl.lockf(open(json.__file__, 'rb'), fcntl.LOCK_SH)"
    assert execute(code).answer.raised[0] == "PermissionError"
