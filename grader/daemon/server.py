"""The unix socket of the daemon: accepts, asks the kernel who it is, starts a connection.

Trusted: processes of the own uid, of root and of the uids that the operator named. What they send
is still bounded and validated (`connection.py`).
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Collection
from pathlib import Path

from grader.daemon.connection import Connection
from grader.daemon.host import Host
from grader.errors import HostError

log = logging.getLogger(__name__)
MAX_CONNECTIONS = 512
BACKLOG = 128
SOCKET_MODE = 0o660


class Server:
    """Accepts connections from its start on; `stop` ends them all."""

    def __init__(self, path: Path, host: Host, uids: Collection[int] = ()) -> None:
        self._host = host
        self._uids = {os.geteuid(), 0, *uids}
        self._connections: set[Connection] = set()
        self._lock = threading.Lock()
        self._stopping = False
        self._path = path
        self._socket = listen(path)

    def serve(self) -> None:
        """Accept until `stop`."""
        while not self._stopping:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                if self._stopping:
                    break
                log.exception("accept failed")
                time.sleep(0.1)  # out of descriptors: let some connections end
                continue
            self._welcome(sock)

    def stop(self) -> None:
        """Take no more connections and end those that are there; their tries are given back."""
        self._stopping = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.leave()
        for connection in connections:
            connection.join()

    def _welcome(self, sock: socket.socket) -> None:
        uid = peer_uid(sock)
        if uid not in self._uids:
            log.warning("connection refused", extra={"uid": uid})
            sock.close()
            return
        with self._lock:
            full = len(self._connections) >= MAX_CONNECTIONS
            if not full:
                connection = Connection(self._host, sock, self._forget)
                self._connections.add(connection)
        if full:
            log.warning("too many connections", extra={"most": MAX_CONNECTIONS})
            sock.close()
            return
        connection.start()

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._connections.discard(connection)


def peer_uid(sock: socket.socket) -> int:
    """Return the uid of the process that connected, as the kernel knows it."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    uid: int = struct.unpack("3i", credentials)[1]
    return uid


def listen(path: Path) -> socket.socket:
    """Open the daemon's socket; a dead daemon's socket is replaced. Raises: HostError."""
    if path.exists() and not path.is_socket():
        raise HostError(f"{path} exists and is no socket. Choose another --socket.")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        if path.is_socket():
            if _answers(path):
                raise HostError(f"Another grader already listens at {path}.")
            path.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        before = os.umask(0o777 & ~SOCKET_MODE)
        try:
            sock.bind(str(path))
        finally:
            os.umask(before)
        sock.listen(BACKLOG)
    except (OSError, HostError) as error:
        sock.close()
        if isinstance(error, HostError):
            raise
        raise HostError(f"Cannot listen at {path}: {error.strerror or error}.") from error
    return sock


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
