"""Bundles: equal bytes for equal folders, and nothing hostile gets unpacked."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import ExerciseError
from grader.exercise.bundle import MAX_BUNDLE_BYTES, pack, unpack
from grader.exercise.digest import files_of, version_of

ANY = "sha256:" + "0" * 64


def archive(*entries: tuple[str, bytes], **fields: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", fields.pop("compression", zipfile.ZIP_STORED)) as file:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = file.compression
            for field, value in fields.items():
                setattr(info, field, value)
            file.writestr(info, data)
    return buffer.getvalue()


def test_unpacks_what_was_packed(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "cache" / "abc"
    unpack(pack(folder), target, version_of(folder))
    assert files_of(target) == files_of(folder)
    assert version_of(target) == version_of(folder)
    assert [path.name for path in target.parent.iterdir()] == ["abc"]


def test_the_unpacked_is_readable_for_others(folder: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        unpack(pack(folder), tmp_path / "abc", version_of(folder))
    finally:
        os.umask(before)
    assert (tmp_path / "abc" / "given" / "data").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "abc" / "checks.py").stat().st_mode & 0o777 == 0o644


def test_times_and_order_do_not_change_the_bytes(folder: Path) -> None:
    before = pack(folder)
    os.utime(folder / "checks.py", (0, 10**9))
    (folder / "checks.py").chmod(0o600)
    assert pack(folder) == before


def test_unpacking_twice_leaves_the_first(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        unpack(pack(folder), tmp_path / "abc", version_of(folder))
    assert version_of(tmp_path / "abc") == version_of(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["abc", "losses"]


def test_refuses_another_version_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="not sha256:000"):
        unpack(pack(folder), tmp_path / "cache" / "abc", ANY)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no usable archive"),
        (b"PK\x05\x06" + b"\x00" * 18, "is version"),
        (b"x" * (MAX_BUNDLE_BYTES + 1), "bytes"),
        (archive(("../evil", b"x")), "no path"),
        (archive(("/etc/evil", b"x")), "no path"),
        (archive(("a\\b", b"x")), "no path"),
        (archive(("a//b", b"x")), "no path"),
        (archive((".hidden", b"x")), "no path"),
        (archive(("a/", b"")), "no path"),
        (archive(("a/b/c/d/e/f/g", b"")), "no path"),
        (archive(("zeros", b"\x00" * 10**6), compression=zipfile.ZIP_DEFLATED), "compressed"),
        (archive(("link", b"/etc/passwd"), external_attr=0o120777 << 16), "no plain file"),
        (archive(("dir", b""), external_attr=0o040755 << 16), "no plain file"),
        (archive(("a", b"x"), ("a/b", b"y")), "twice"),
        (archive(*((f"f{i}", b"") for i in range(1001))), "1001 files"),
    ],
)
def test_refuses(data: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=reason):
        unpack(data, tmp_path / "cache" / "abc", ANY)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_a_name_twice(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="twice"):
        unpack(archive(("a", b"x"), ("a", b"y")), tmp_path / "abc", ANY)


def test_refuses_sizes_that_the_archive_does_not_hold(tmp_path: Path) -> None:
    data = bytearray(archive(("a", b"x")))
    central = data.rindex(b"PK\x01\x02")
    data[central + 20 : central + 28] = struct.pack("<II", 10**9, 10**9)
    with pytest.raises(ExerciseError, match=r"claims more|no usable"):
        unpack(bytes(data), tmp_path / "abc", ANY)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_bundle_with_changed_bytes_is_refused_or_the_same(
    folder: Path, data: st.DataObject
) -> None:
    bundle = bytearray(pack(folder))
    place = data.draw(st.integers(0, len(bundle) - 1))
    bundle[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 20))
    with tempfile.TemporaryDirectory() as cache:
        target = Path(cache) / "abc"
        try:
            unpack(bytes(bundle[: len(bundle) - cut]), target, version_of(folder))
            held = version_of(target) == version_of(folder)
        except ExerciseError:
            held = not list(Path(cache).iterdir())
    assert held
