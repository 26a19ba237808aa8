"""Archives of strangers: what is no exercise is refused with what and why."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.authoring import archive
from gradus.authoring.errors import FilesRefused
from gradus.authoring.files import MOST_FILE_BYTES, MOST_FILES


def packed(
    *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in entries:
            file.writestr(name, data)
    return buffer.getvalue()


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_what_is_written_is_read_again() -> None:
    files = {"exercise.toml": b"id = 1\n", "wrong/a.py": b"x = 1\n"}
    assert archive.read(archive.write("mine", files)) == files


def test_what_systems_add_and_what_is_measured_is_left_out() -> None:
    data = packed(
        ("mine/exercise.toml", b"x"), ("mine/.DS_Store", b"x"), ("__MACOSX/mine/._x", b"x"),
        ("mine/__pycache__/a.pyc", b"x"), ("mine/derived.json", b"{}"), ("mine/right/", b""),
    )  # fmt: skip
    assert archive.read(data) == {"exercise.toml": b"x"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/etc/passwd", "absolute"),
        ("C:/x", "absolute"),
        ("a/../../x", "leads out"),
        ("../x", "leads out"),
        ("a//x", "leads out"),
        ("./x", "leads out"),
        ("a\\x", "between its names"),
        ("sp ace.py", "no path"),
        ("ünder.py", "no path"),
        ("a/b/c/d/e/f/g.py", "no path"),
        ("x" * 101, "no path"),
        ("-rf", "no path"),
    ],
)
def test_odd_paths_are_refused_by_name(name: str, says: str) -> None:
    with pytest.raises(FilesRefused, match=says) as refused:
        archive.read(packed(("exercise.toml", b"x"), (name, b"x")))
    assert name[:20].replace("\\", "") in refused.value.message.replace("\\", "")


@pytest.mark.parametrize(
    ("mode", "says"), [(stat.S_IFLNK | 0o777, "a link"), (stat.S_IFIFO | 0o644, "no plain file")]
)
def test_links_and_devices_are_refused(mode: int, says: str) -> None:
    with pytest.raises(FilesRefused, match=says):
        archive.read(packed(("exercise.toml", b"x"), (special("trap", mode), b"/etc/passwd")))


def test_names_that_differ_in_capitals_are_refused() -> None:
    with pytest.raises(FilesRefused, match="capitals"):
        archive.read(packed(("a.py", b"1"), ("A.py", b"2")))


def test_a_file_that_is_also_a_folder_is_refused() -> None:
    with pytest.raises(FilesRefused, match="is a file, and a folder"):
        archive.read(packed(("given", b"1"), ("given/a.py", b"2")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused() -> None:
    with pytest.raises(FilesRefused, match="twice"):
        archive.read(packed(("a.py", b"1"), ("a.py", b"2"), ("b.py", b"")))


def test_too_many_files_are_refused() -> None:
    many = [(f"given/f{k}.txt", b"") for k in range(MOST_FILES + 2)]
    with pytest.raises(FilesRefused, match=str(MOST_FILES)):
        archive.read(packed(*many))


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    with pytest.raises(FilesRefused, match="bytes"):
        archive.read(packed(("zeros", b"\0" * (MOST_FILE_BYTES + 1))))
    with pytest.raises(FilesRefused, match="more than"):
        archive.read(packed(*((f"z{k}", b"\0" * MOST_FILE_BYTES) for k in range(5))))


def test_a_bomb_that_claims_less_than_it_holds_is_refused() -> None:
    data = bytearray(packed(("zeros", b"\0" * 5_000_000)))
    small = struct.pack("<I", 10)
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = small
    data[22:26] = small
    with pytest.raises(FilesRefused):
        archive.read(bytes(data))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(packed(("a.py", b"x")))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FilesRefused, match="encrypted"):
        archive.read(bytes(data))


def test_other_ways_of_packing_are_refused() -> None:
    with pytest.raises(FilesRefused, match="unknown here"):
        archive.read(packed(("a.py", b"x" * 100), method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"no archive", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(FilesRefused):
        archive.read(data)


@given(st.binary(max_size=200), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(
    junk: bytes, place: int, change: bytes
) -> None:
    data = bytearray(packed(("exercise.toml", b"id = 1\n" * 20), ("wrong/a.py", b"x = 1\n" * 30)))
    data[place : place + len(change)] = change
    for attempt in (bytes(data), junk, bytes(data) + junk):
        try:
            files = archive.read(attempt)
        except FilesRefused:
            continue
        assert all(".." not in path and not path.startswith("/") for path in files)
