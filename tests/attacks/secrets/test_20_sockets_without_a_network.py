"""Row 20: abstract unix sockets, vsock, io_uring. Success: the listener here hears something."""

from __future__ import annotations

import os
import select
import socket

from tests.attacks.conftest import Attack, seen


def test_an_abstract_socket_of_the_host_hears_nothing(attack: Attack) -> None:
    name = f"\0gradus-attacked-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        code = f"""
import socket
found = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try:
        socket.socket(socket.AF_UNIX, kind).connect({name!r})
        found.append("connected")
    except OSError:
        pass
"""
        assert seen(attack, code) == "[]"
        assert select.select([server], [], [], 0)[0] == []


def test_no_ring_and_no_vsock_can_be_had(attack: Attack) -> None:
    code = """
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
parameters = ctypes.create_string_buffer(256)
found = [name for name, number in (("setup", 425), ("enter", 426), ("register", 427))
         if libc.syscall(number, 4, parameters, 0, 0, 0, 0) >= 0]
try:
    found.append(socket.socket(40, socket.SOCK_STREAM))
except OSError:
    pass
"""
    assert seen(attack, code) == "[]"
