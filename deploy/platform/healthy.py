"""Is this container's part alive? Exit code 0, or 1 and why; for the health checks of compose.yaml.

python3 healthy.py web | worker | beat | broker | grader
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import urllib.request
from pathlib import Path

SECONDS = 5.0
BEAT_SECONDS = 60.0  # it wakes the sweeps every 30 s


def web() -> str:
    with urllib.request.urlopen("http://127.0.0.1:8000/healthz", timeout=SECONDS) as answer:
        return "" if answer.status == 200 else f"status {answer.status}"


def worker() -> str:
    from celery import Celery

    app = Celery(broker=secret("REDIS_URL"))
    app.conf.broker_transport_options = {"socket_connect_timeout": SECONDS, "max_retries": 1}
    name = f"{os.environ['WORKER']}@{socket.gethostname()}"
    return "" if app.control.ping([name], timeout=SECONDS) else f"{name} does not answer"


def beat() -> str:
    age = time.time() - Path(os.environ["BEAT_FILE"]).stat().st_mtime
    return "" if age < BEAT_SECONDS else f"the last beat was {age:.0f} s ago"


def broker() -> str:
    import redis

    url = secret("REDIS_URL")
    return "" if redis.Redis.from_url(url, socket_timeout=SECONDS).ping() else "no answer"


def grader() -> str:
    with socket.socket(socket.AF_UNIX) as sock, sock.makefile() as lines:
        sock.settimeout(SECONDS)
        sock.connect(os.environ["GRADER_SOCKET"])
        said = json.loads(lines.readline())
    cold = {"checker", *said["flavours"]} - set(said["warm"])
    return f"warming up {', '.join(sorted(cold))}" if cold or not said["flavours"] else ""


def secret(name: str) -> str:
    return Path(os.environ[f"{name}_FILE"]).read_text().strip()


def main(part: str) -> int:
    parts = {"web": web, "worker": worker, "beat": beat, "broker": broker, "grader": grader}
    try:
        complaint = parts[part]()
    except (OSError, ValueError, KeyError) as error:
        complaint = f"{type(error).__name__}: {error}"
    print(complaint or "ok")
    return 1 if complaint else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
