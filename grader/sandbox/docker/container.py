"""One running container, as the carrier of a shell or of a single session."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from grader.sandbox.docker.attach import Attached

log = logging.getLogger(__name__)
PRINTED_BYTES = 2000
KILL_SECONDS = 30.0
Heard = Callable[[int, bytes], None]


class Container:
    """A started container. Its streams are read by a thread until it has ended."""

    def __init__(self, made: Any, streams: Attached) -> None:
        self._made = made
        self._streams = streams
        self._tail = b""
        self._heard: Heard | None = None
        self._reader = threading.Thread(target=self._read, name="container", daemon=True)

    @property
    def id(self) -> str:
        return str(self._made.id)

    @property
    def pid(self) -> int:
        return int(self.state()["Pid"])

    @property
    def alive(self) -> bool:
        """Its streams end when it does; so no question to the engine for each session."""
        return self._reader.is_alive()

    def listen(self, heard: Heard | None = None) -> None:
        """Read its streams from now on; `heard` gets stream number and bytes; else they stay."""
        self._heard = heard
        self._reader.start()

    def state(self) -> dict[str, Any]:
        """Return what the engine knows of its state; empty where there is none any more."""
        with contextlib.suppress(DockerException, RequestException):
            self._made.reload()
            return dict(self._made.attrs["State"])
        return {}

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
            self._made.remove(force=True)
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
