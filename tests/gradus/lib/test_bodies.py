from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gradus.lib.bodies import LimitedBodies

MOST = 100


def ask(headers: list[tuple[bytes, bytes]], chunks: list[bytes]) -> tuple[int, int]:
    """The status, and how many bytes the application inside was handed."""
    handed: list[bytes] = []
    sent: list[Any] = []

    async def reads_all(scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            handed.append(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return

    left = list(chunks)

    async def receive() -> dict[str, Any]:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(LimitedBodies(reads_all, MOST)({"type": "http", "headers": headers}, receive, send))
    return sent[0]["status"], sum(map(len, handed))


def test_a_body_within_the_limit_arrives_whole() -> None:
    assert ask([(b"content-length", b"100")], [b"x" * 60, b"x" * 40]) == (200, 100)


@pytest.mark.parametrize("length", [b"101", b"9" * 20, b"9" * 5000])
def test_a_body_that_says_it_is_too_large_is_not_read(length: bytes) -> None:
    assert ask([(b"content-length", length)], [b"x"]) == (413, 0)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"5")], [(b"content-length", b"?")]])
def test_a_body_that_grows_too_large_is_cut_whatever_it_says(
    headers: list[tuple[bytes, bytes]],
) -> None:
    assert ask(headers, [b"x" * 60, b"x" * 60, b"x" * 60]) == (413, 60)
