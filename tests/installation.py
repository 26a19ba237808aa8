"""A whole installation as processes, for tests that kill some of them."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import httpx
import psutil
import psycopg
from psycopg import sql

from gradus.ops import demo
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PARTS_OF = {"worker": ("celery", "worker"), "grader": ("grader", "serve"), "valkey": ("valkey",)}


@dataclass(frozen=True, slots=True)
class Installation:
    """A running one, seen from outside: HTTP, process ids, rows."""

    data: Path
    address: str
    process: subprocess.Popen[bytes]
    database: str = ""  # the address of a database server; empty for the file in `data`

    @property
    def api(self) -> httpx.Client:
        student = next(login for login in demo.logins(self.data) if login.role == "student")
        return httpx.Client(
            base_url=f"{self.address}/api/v1",
            headers={"Authorization": f"Bearer {student.token}"},
            timeout=30,
        )

    def item(self, exercise: str) -> int:
        with self.api as api:
            (course,) = api.get("/courses").json()
            sheets = api.get(f"/courses/{course['id']}/assignments").json()
        items = [item for sheet in sheets for item in sheet["items"]]
        return int(next(item["id"] for item in items if item["exercise"] == exercise))

    def submit(self, exercise: str, source: str) -> int:
        with self.api as api:
            answer = api.post(
                f"/items/{self.item(exercise)}/submissions", json={"parts": {"solution.py": source}}
            )
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def submission(self, submission_id: int) -> dict[str, Any]:
        with self.api as api:
            found: dict[str, Any] = api.get(f"/submissions/{submission_id}").json()
        return found

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/readyz", timeout=10).status_code == 200
        return False

    def pid(self, part: str) -> int:
        """The process id of `worker`, `grader` or `valkey`. Raises: StopIteration."""
        words = PARTS_OF[part]
        children = psutil.Process(self.process.pid).children()
        found: int = next(
            child.pid
            for child in children
            if all(any(word in argument for argument in child.cmdline()) for word in words)
        )
        return found

    def kill(self, part: str) -> None:
        os.kill(self.pid(part), signal.SIGKILL)

    def count(self, query: LiteralString, *values: object) -> int:
        """One number from a query with `?` for each value."""
        if self.database:
            with psycopg.connect(self.database) as server:
                found = server.execute(query.replace("?", "%s"), values).fetchone()
            return int(found[0]) if found else 0
        with contextlib.closing(sqlite3.connect(self.data / "gradus.sqlite3", timeout=20)) as rows:
            return int(rows.execute(query, values).fetchone()[0])


@contextlib.contextmanager
def installation(data: Path, exercises: Path) -> Iterator[Installation]:
    """Start one over these exercises and wait until it can grade; stop it afterwards."""
    port = free_port()
    command = [sys.executable, "manage.py", "run", "--port", str(port), "--data", str(data)]
    environment = {**os.environ, "GRADUS_EXERCISES": str(exercises)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    database = own_database(data.parent.name) if os.environ.get("DATABASE_URL") else ""
    if database:
        environment["DATABASE_URL"] = database
    with (data.parent / "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    running = Installation(data, f"http://127.0.0.1:{port}", process, database)
    try:
        wait_for(running.is_ready, 90, "the installation to be ready")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def own_database(name: str) -> str:
    """Make an empty database on the server of DATABASE_URL and return its address."""
    server = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        for command in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(command).format(sql.Identifier(name)))
    return server._replace(path=f"/{name}").geturl()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until the condition held. Raises: TimeoutError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.1)
    raise TimeoutError(f"waited {seconds:g} s for {what}")
