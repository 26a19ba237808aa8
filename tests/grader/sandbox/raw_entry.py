"""What a session of these tests runs instead of the runner: whatever Python it is sent."""

from __future__ import annotations

import contextlib
import json
import socket


def run(stream: socket.socket, broker: socket.socket | None = None) -> None:
    """Execute each line (a JSON string of code) and send back what it answered."""
    scope: dict[str, object] = {"stream": stream, "broker": broker}
    reader = stream.makefile("r")
    for line in reader:
        answers: list[object] = []
        scope["answer"] = answers.append
        try:
            exec(json.loads(line), scope)
            reply: dict[str, object] = {"answers": answers}
        except BaseException as error:
            names = [kind.__name__ for kind in type(error).__mro__]
            reply = {"answers": answers, "raised": names, "message": str(error)}
            del error
        with contextlib.suppress(BrokenPipeError):
            stream.sendall(json.dumps(reply).encode() + b"\n")
