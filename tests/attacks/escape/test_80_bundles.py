"""Rows 80 and 81: hostile archives. Success: a file outside the folder, or one too many inside."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from grader.errors import ExerciseError
from grader.exercise.bundle import unpack

VERSION = "sha256:" + 64 * "0"


def archive(*members: tuple[str, bytes, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as tar:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            tar.addfile(info, io.BytesIO(data))
    return held.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        archive(("../evil", tarfile.REGTYPE, b"x")),
        archive(("/evil", tarfile.REGTYPE, b"x")),
        archive(("a/../../evil", tarfile.REGTYPE, b"x")),
        archive(("link", tarfile.SYMTYPE, b"")),
        archive(("link", tarfile.LNKTYPE, b"")),
        archive(("disk", tarfile.BLKTYPE, b"")),
        archive(("pipe", tarfile.FIFOTYPE, b"")),
        archive(("a", tarfile.REGTYPE, b"1"), ("a", tarfile.REGTYPE, b"2")),
        archive(("A", tarfile.REGTYPE, b"1"), ("a", tarfile.REGTYPE, b"2")),
        archive(*[(f"f{n}", tarfile.REGTYPE, b"") for n in range(5000)]),
        archive(("bomb", tarfile.REGTYPE, bytes(64 << 20))),
        b"",
        b"PK\x03\x04" + bytes(100),
    ],
    ids=["parent", "absolute", "inside out", "symlink", "hard link", "device", "pipe", "twice",
         "case", "many", "bomb", "empty", "zip"],
)  # fmt: skip
def test_a_hostile_archive_leaves_nothing(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExerciseError):
        unpack(data, tmp_path / "deep" / "place", VERSION)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "deep" / "evil").exists()
    assert not (tmp_path / "deep" / "place").exists()
