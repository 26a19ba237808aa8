"""A zip archive that is written while it is sent, so that its size costs no memory."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

from gradus.lib.downloads import download_headers

CHUNK_BYTES = 64 << 10
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first moment that a zip can name

File = tuple[str, str | bytes, datetime]  # name, what is in it, when it was made


class _Sink(io.RawIOBase):
    """What was written since it was last asked."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def __len__(self) -> int:
        return len(self._held)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def zip_chunks(files: Iterable[File]) -> Iterator[bytes]:
    """The bytes of an archive, in pieces. One file at a time is in memory."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, made_at in files:
            info = zipfile.ZipInfo(name, max(made_at, _EPOCH).astimezone(UTC).timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
            if len(sink) >= CHUNK_BYTES:
                yield sink.take()
    yield sink.take()


async def sent(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces one by one, each made in the thread that holds the database connection.

    Django would collect an ordinary iterator in memory before it sends anything.
    """

    def following() -> bytes | None:
        return next(chunks, None)

    ask = sync_to_async(following, thread_sensitive=True)
    while (chunk := await ask()) is not None:
        yield chunk


def archive_response(chunks: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """The answer that sends an archive as it is made."""
    headers = download_headers(name) | {"Content-Encoding": "identity"}  # packed already
    return StreamingHttpResponse(sent(chunks), content_type="application/zip", headers=headers)


def as_json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1) + "\n"
