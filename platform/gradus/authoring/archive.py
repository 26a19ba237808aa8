"""Zip archives of exercises: read with distrust, written as plain as they can be."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from django.utils.translation import gettext as _

from grader.exercise import derived
from gradus.authoring.errors import FilesRefused
from gradus.authoring.files import (
    MOST_BYTES,
    MOST_FILE_BYTES,
    MOST_FILES,
    Files,
    refuse_path,
    refuse_unusable,
)

MOST_ZIP_BYTES = 3 << 20
_TIME = (1980, 1, 1, 0, 0, 0)
_IGNORED_FOLDERS = frozenset({"__MACOSX", "__pycache__"})
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def read(data: bytes) -> dict[str, bytes]:
    """The files of an archive, whole or not at all; one folder around all of them is taken off.

    What systems add (dotfiles, `__MACOSX`, caches), and derived.json, is left out.

    Raises: FilesRefused, naming the entry and what is wrong with it.
    """
    if len(data) > MOST_ZIP_BYTES:
        raise FilesRefused(
            _("The archive has {count:,} bytes; at most {most:,}.").format(
                count=len(data), most=MOST_ZIP_BYTES
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > 4 * MOST_FILES:
                raise FilesRefused(
                    _("The archive has {count} entries; that is too many.").format(
                        count=len(entries)
                    )
                )
            wanted = [entry for entry in entries if _is_wanted(entry)]
            _refuse_claims(wanted)
            names = _below_one_folder([entry.filename for entry in wanted])
            files = {}
            for name, entry in zip(names, wanted, strict=True):
                if name == derived.NAME:
                    continue
                if name in files:
                    raise _refused(_("{path} is there twice."), name)
                refuse_path(name)
                files[name] = _content(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise FilesRefused(
            _("The file is no usable zip archive: {why}.").format(why=error)
        ) from error
    except (ValueError, OSError, OverflowError) as error:
        raise FilesRefused(_("The file is no usable zip archive.")) from error
    if not files:
        raise FilesRefused(_("The archive holds no file of an exercise."))
    refuse_unusable({name: len(content) for name, content in files.items()})
    return files


def write(folder: str, files: Files) -> bytes:
    """The files in one folder; equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{path}", _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[path])
    return buffer.getvalue()


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Raises: FilesRefused for links, devices, absolute paths and ways out."""
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    if "\\" in name or "\\" in str(entry.orig_filename) or "\0" in str(entry.orig_filename):
        raise _refused(_("{path}: a path here has / between its names."), name)
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise _refused(_("{path} is an absolute path; paths start at the folder."), name)
    parts = name.rstrip("/").split("/")
    if ".." in parts or "." in parts or "" in parts:
        raise _refused(_("{path} leads out of the folder; that is no path of a file."), name)
    if kind == stat.S_IFLNK:
        raise _refused(_("{path} is a link; an exercise holds plain files."), name)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(_("{path} is no plain file."), name)
    if entry.is_dir():
        return False
    return not any(part.startswith(".") or part in _IGNORED_FOLDERS for part in parts)


def _refuse_claims(entries: list[zipfile.ZipInfo]) -> None:
    """What an archive says of itself; what it holds is counted while it is read."""
    if len(entries) > MOST_FILES + 1:
        raise FilesRefused(
            _("The archive has {count} files; at most {most}.").format(
                count=len(entries), most=MOST_FILES
            )
        )
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise _refused(_("{path} is encrypted."), entry.filename)
        if entry.compress_type not in _METHODS:
            raise _refused(_("{path} is packed in a way unknown here."), entry.filename)
        if entry.file_size > MOST_FILE_BYTES:
            raise _refused(
                _("{path} has {count:,} bytes; a file may have at most {most:,}."),
                entry.filename,
                count=entry.file_size,
                most=MOST_FILE_BYTES,
            )
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise FilesRefused(_("The archive holds more than {most:,} bytes.").format(most=MOST_BYTES))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than it claims is unpacked, so no bomb goes off."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise _refused(_("{path} is not as long as the archive says."), entry.filename)
    return content


def _below_one_folder(names: list[str]) -> list[str]:
    """Without the folder that a system puts around a folder that is packed."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and all("/" in name for name in names):
        return [name.partition("/")[2] for name in names]
    return names


def _refused(said: str, name: str, **values: int) -> FilesRefused:
    return FilesRefused(said.format(path=repr(name[:120]), **values))
