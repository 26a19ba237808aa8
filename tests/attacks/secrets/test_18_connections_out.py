"""Row 18: a connection, a name look-up or a packet out. Success would be any of them."""

from __future__ import annotations

from tests.attacks.conftest import Attack, seen


def test_no_connection_leads_out(attack: Attack) -> None:
    code = """
import socket
found = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 40, 38):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind)
            found.append(family)
        except OSError:
            pass
for name in ("example.com", "localhost", "metadata.google.internal"):
    try:
        found.append(socket.getaddrinfo(name, 80))
    except OSError:
        pass
"""
    assert seen(attack, code) == "[]"
