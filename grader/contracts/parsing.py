"""Lines to bytes and back."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from grader.contracts.base import LINE_BYTES, Line, LineError
from grader.contracts.reply import FromChecker, Reply
from grader.contracts.request import Bundle, Request

T = TypeVar("T")
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
_BUNDLE: TypeAdapter[Bundle] = TypeAdapter(Bundle)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="event")])
_CHECKER: TypeAdapter[FromChecker] = TypeAdapter(
    Annotated[FromChecker, Field(discriminator="event")]
)


def encode_line(line: Line) -> bytes:
    """Write a model as one line. Raises: LineError where it is longer than `LINE_BYTES`."""
    data = line.model_dump_json().encode() + b"\n"
    if len(data) > LINE_BYTES:
        raise LineError(f"a line of {len(data)} bytes; at most {LINE_BYTES} are allowed")
    return data


def parse_request(data: bytes) -> Request:
    """Read a worker's first line. Raises: LineError."""
    return _parse(_REQUEST, data)


def parse_bundle(data: bytes) -> Bundle:
    """Read a worker's answer to `need`. Raises: LineError."""
    return _parse(_BUNDLE, data)


def parse_reply(data: bytes) -> Reply:
    """Read a line of the daemon. Raises: LineError."""
    return _parse(_REPLY, data)


def parse_checker(data: bytes) -> FromChecker:
    """Read a line of a checker. Raises: LineError."""
    return _parse(_CHECKER, data)


def _parse(adapter: TypeAdapter[T], data: bytes) -> T:
    if len(data) > LINE_BYTES:
        raise LineError(f"a line of more than {LINE_BYTES} bytes")
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "line"
        raise LineError(f"{where}: {first['msg']}"[:500]) from None
