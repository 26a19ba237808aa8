"""Row 19: the host's loopback and cloud metadata. Success: the listener here hears something."""

from __future__ import annotations

import select
import socket

from tests.attacks.conftest import Attack


def test_a_service_on_the_hosts_loopback_hears_nothing(attack: Attack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        body = f"""
import socket
for address in ("127.0.0.1", "localhost", "169.254.169.254", "10.0.2.2", "172.17.0.1", "::1"):
    try:
        socket.create_connection((address, {port}), timeout=0.1).send(b"hello")
    except OSError:
        pass
return 2 * x
"""
        assert attack(body)["honest"].status == "passed"
        assert select.select([server], [], [], 0)[0] == []
