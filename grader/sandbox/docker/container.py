"""One running container, as the carrier of a shell or of a single session."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from grader.sandbox.docker.attach import Attached
from grader.sandbox.docker.meters import Meters

log = logging.getLogger(__name__)
PRINTED_BYTES = 2000
KILL_SECONDS = 30.0
Heard = Callable[[int, bytes], None]
Asked = Callable[[Callable[[], Any]], Any]


class Container:
    """A started container. Its streams are read by a thread until it has ended."""

    def __init__(self, made: Any, quick: Any, streams: Attached, asked: Asked) -> None:
        """Take a started container; `asked` puts a question to the engine and names its errors.

        `made` and `quick` are the same one. The client of `quick` gives up while whoever waits for
        our answer still waits: an engine that cannot pass on a container's words says nothing.
        """
        self._made = quick
        self._to_remove = made
        self._asked = asked
        self._gone: Callable[[], None] | None = None
        self._streams = streams
        self._tail = b""
        self._heard: Heard | None = None
        self._reader = threading.Thread(target=self._read, name="container", daemon=True)

    @property
    def id(self) -> str:
        return str(self._made.id)

    @property
    def pid(self) -> int:
        """Its first process, as this host numbers it. Raises: HostError."""
        self._asked(self._made.reload)
        return int(self._made.attrs["State"]["Pid"])

    @property
    def alive(self) -> bool:
        """Its streams end when it does; so no question to the engine for each session."""
        return self._reader.is_alive()

    def listen(self, heard: Heard | None = None, gone: Callable[[], None] | None = None) -> None:
        """Read its streams from now on; `heard` gets stream number and bytes, else they stay.

        `gone` is called once, when it has ended and all is heard.
        """
        self._heard, self._gone = heard, gone
        self._reader.start()

    def state(self) -> dict[str, Any]:
        """Return what the engine knows of its state; empty where there is none any more."""
        with contextlib.suppress(DockerException, RequestException):
            self._made.reload()
            return dict(self._made.attrs["State"])
        return {}

    def has_ended(self) -> bool:
        """Tell whether the engine says so; an engine that says nothing proves nothing."""
        try:
            self._made.reload()
        except NotFound:
            return True
        except (DockerException, RequestException):
            return False
        return not self._made.attrs["State"]["Running"]

    def send(self, data: bytes) -> None:
        """Write to its standard input. Raises: OSError, where it has ended."""
        self._streams.sock.sendall(data)

    def send_end(self) -> None:
        """Close its standard input."""
        with contextlib.suppress(OSError):
            self._streams.sock.shutdown(socket.SHUT_WR)

    @cached_property
    def meters(self) -> Meters:
        """What can be read of it without asking the engine."""
        return Meters.of(self.pid)

    def freeze(self) -> None:
        """Stop all of it; returns when it stands. Raises: HostError."""
        self._asked(self._made.pause)

    def thaw(self) -> None:
        """Raises: HostError."""
        self._asked(self._made.unpause)

    def processes(self) -> set[int]:
        """Return its processes as the host numbers them. Raises: HostError.

        Under gVisor the engine numbers them as the container does; the one that the host sees is
        the sandbox itself, and always among them.
        """
        listed = self._asked(lambda: self._made.top(ps_args="-eo pid"))
        return {int(row[0]) for row in listed["Processes"]} | {self.pid}

    def cpu_seconds(self) -> float:
        """Return the CPU time of all that ever ran in it. Raises: HostError.

        From its control group where we see that: the engine takes up to a second for an answer.
        """
        if self.meters.cpu is not None:
            return self.meters.cpu()
        api = self._made.client.api
        stats = self._asked(lambda: api.stats(self.id, stream=False, one_shot=True))
        return float(stats["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9

    def namespaces(self) -> dict[str, bool]:
        """Tell which namespaces are its own, by what the engine says it set up."""
        self._asked(self._made.reload)
        host = self._made.attrs["HostConfig"]
        own = {"pid": "PidMode", "uts": "UTSMode", "user": "UsernsMode"}
        found = {kind: host.get(key, "") == "" for kind, key in own.items()}
        found["user"] = False  # nobody tells whether the engine remaps users
        found["net"] = host.get("NetworkMode") == "none"
        found["ipc"] = host.get("IpcMode") in ("none", "private")
        found["mnt"] = bool(host.get("ReadonlyRootfs"))
        return found

    def kill(self) -> None:
        """End it now; what it said until then is still heard."""
        with contextlib.suppress(DockerException, RequestException):
            self._made.kill()

    def printed(self) -> str:
        text = self._tail.decode(errors="replace")
        code = self.state().get("ExitCode")
        lines = [*text.strip().split("\n"), "" if self.alive else f"exit code {code}"]
        return " | ".join(filter(None, lines))

    def end(self, patience: float) -> None:
        self._reader.join(patience)
        self.remove()

    def remove(self) -> None:
        """Kill what runs and forget it. Its files were never written."""
        try:
            self._to_remove.remove(force=True)
        except NotFound:
            pass
        except (APIError, DockerException, RequestException) as error:
            log.warning("container %s could not be removed: %s", self.id[:12], error)
        self._streams.close()
        self._reader.join(KILL_SECONDS)

    def _read(self) -> None:
        for stream, data in self._streams.pieces():
            if self._heard is None:
                self._tail = (self._tail + data)[-PRINTED_BYTES:]
            else:
                self._heard(stream, data)
        if self._gone is not None:
            self._gone()
