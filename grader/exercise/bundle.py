"""One exercise version as bytes: how the platform stores it and how a grader host gets it.

A bundle is a zip archive with nothing compressed, sorted names and fixed times, so that equal
folders give equal bytes and there is no ratio to abuse. Whoever unpacks trusts none of it: names,
counts and sizes are checked, the folder is built beside its place, its digest compared, and then
renamed.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path

from grader.errors import ExerciseError
from grader.exercise.digest import MAX_BYTES, MAX_FILES, files_of, refuse_name, version_of

MAX_BUNDLE_BYTES = MAX_BYTES + (1 << 20)  # with the archive's own headers
_TIME = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path) -> bytes:
    """The bundle of an exercise folder. Raises: ExerciseError."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in files_of(folder):
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, (folder / name).read_bytes())
    return buffer.getvalue()


def unpack(data: bytes, folder: Path, version: str) -> None:
    """Write a bundle as a folder that was not there, whole or not at all.

    Raises: ExerciseError if the bundle is not exactly that version; OSError for a full disk.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".unpack-", dir=folder.parent))
    try:
        _extract(data, place)
        for path in (place, *place.rglob("*")):  # readable for the sandbox's own user
            path.chmod(0o755 if path.is_dir() else 0o644)
        found = version_of(place)
        if found != version:
            raise ExerciseError(f"The bundle is version {found}, not {version}.")
        _rename(place, folder)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _rename(place: Path, folder: Path) -> None:
    try:
        place.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another thread was faster with the same content
            raise


def _extract(data: bytes, place: Path) -> None:
    if len(data) > MAX_BUNDLE_BYTES:
        raise ExerciseError(f"The bundle has {len(data)} bytes; at most {MAX_BUNDLE_BYTES}.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse(entries, len(data))
            for entry in entries:
                path = place / entry.filename
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ExerciseError(f"The bundle is no usable archive: {error}.") from error


def _refuse(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Raises: ExerciseError for anything that `pack` does not write."""
    if len(entries) > MAX_FILES:
        raise ExerciseError(f"The bundle has {len(entries)} files; at most {MAX_FILES}.")
    names = [entry.filename for entry in entries]
    for entry in entries:
        refuse_name(entry.filename)
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise ExerciseError("The bundle is compressed; it must be stored.", entry.filename)
        if entry.flag_bits & 0x1 or (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise ExerciseError("The bundle holds something that is no plain file.", entry.filename)
    folders = {
        name.rsplit("/", count)[0] for name in names for count in range(1, name.count("/") + 1)
    }
    if len(set(names)) != len(names) or folders & set(names):
        raise ExerciseError("The bundle names a file twice.")
    if sum(entry.file_size for entry in entries) > size:
        raise ExerciseError("The bundle claims more than it holds.")
