"""The API of a running installation, as a student's program uses it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

POLL_SECONDS = 0.03
PATIENCE_SECONDS = 180.0


class SmokeError(Exception):
    """The installation did not do what it must; the message says what."""


class Site:
    """One installation, seen by the owner of a token."""

    def __init__(self, address: str, token: str) -> None:
        self._root = f"{address.rstrip('/')}/api/v1"
        self._token = token

    def items(self) -> list[dict[str, Any]]:
        """Every item of every course. Raises: SmokeError."""
        found: list[dict[str, Any]] = []
        for course in self._get("/courses"):
            for assignment in self._get(f"/courses/{course['id']}/assignments"):
                found += assignment["items"]
        return found

    def exercise(self, item_id: int) -> dict[str, Any]:
        """The item's page once its numbers are drawn. Raises: SmokeError."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            page: dict[str, Any] = self._get(f"/items/{item_id}")
            if page["is_prepared"]:
                return page
            time.sleep(0.2)
        raise SmokeError(f"the numbers of item {item_id} were not drawn in {PATIENCE_SECONDS:g} s")

    def grade(self, item_id: int, parts: dict[str, str]) -> tuple[dict[str, Any], float]:
        """Submit and wait for the verdict; also the seconds from request to verdict.

        Raises: SmokeError.
        """
        body = {"parts": parts, "mode": "submit"}
        key = {"Idempotency-Key": str(uuid4())}
        began, submission = self._submit(f"/items/{item_id}/submissions", body, key)
        end = began + PATIENCE_SECONDS
        while time.monotonic() < end:
            found: dict[str, Any] = self._get(f"/submissions/{submission['id']}")
            if found["is_final"] or found["phase"] == "waiting-for-gpu":
                return found, time.monotonic() - began
            time.sleep(POLL_SECONDS)
        raise SmokeError(
            f"submission {submission['id']} has no verdict after {PATIENCE_SECONDS:g} s"
        )

    def _submit(
        self, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> tuple[float, dict[str, Any]]:
        """Try again where the rate limit says so: it holds for this student too."""
        while True:
            began = time.monotonic()
            status, answer, retry_after = self._call("POST", path, body, headers)
            if status == 201:
                return began, answer
            if status != 429:
                raise SmokeError(f"POST {path}: {status} {answer.get('detail', '')}")
            time.sleep(min(60.0, retry_after))

    def _get(self, path: str) -> Any:
        status, answer, _ = self._call("GET", path)
        if status != 200:
            raise SmokeError(f"GET {path}: {status} {answer.get('detail', '')}")
        return answer

    def _call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, float]:
        request = urllib.request.Request(  # noqa: S310 - http to the installation that was named
            self._root + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return response.status, json.load(response), 0.0
        except urllib.error.HTTPError as error:
            retry_after = float(error.headers.get("Retry-After") or 1)
            try:
                return error.code, json.load(error), retry_after
            except ValueError:
                return error.code, {"detail": "no JSON came back"}, retry_after
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise SmokeError(f"{self._root} does not answer: {error}") from error
