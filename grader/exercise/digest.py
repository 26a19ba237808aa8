"""Which files make an exercise version, and its digest."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.errors import ExerciseError

MAX_BYTES = 32 << 20  # all files of a version
MAX_FILES = 1000
MAX_DEPTH = 6
CACHES = frozenset({"__pycache__"})
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def version_of(folder: Path, *, without: frozenset[str] = frozenset()) -> str:
    """The version of an exercise: sha256 over the sorted lines `sha256 path` of its files.

    Raises: ExerciseError as `files_of`.
    """
    return version_of_hashes(
        {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in files_of(folder)
            if name not in without
        }
    )


def version_of_hashes(hashes: Mapping[str, str]) -> str:
    """The version whose files have these sha256, by path."""
    lines = sorted(f"{sha256} {name}\n" for name, sha256 in hashes.items())
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def files_of(folder: Path) -> tuple[str, ...]:
    """The paths of a version's files, sorted, with `/`. Dotfiles and caches do not belong to it.

    Raises: ExerciseError for links, special files, strange names, and more than a version may have.
    """
    names: list[str] = []
    total = 0
    for name, size in _walk(folder, ""):
        names.append(name)
        total += size
        if len(names) > MAX_FILES:
            raise ExerciseError(f"There are more than {MAX_FILES} files.", str(folder))
        if total > MAX_BYTES:
            raise ExerciseError(f"The files have more than {MAX_BYTES} bytes.", str(folder))
    return tuple(sorted(names))


def refuse_name(path: str) -> None:
    """Raises: ExerciseError if a path is not made of plain names below the exercise folder."""
    parts = path.split("/")
    if len(parts) > MAX_DEPTH or not all(_NAME.fullmatch(part) for part in parts):
        raise ExerciseError(
            f"{path[:120]!r} is no path for a file here: ASCII letters, digits, '_', '-' and '.', "
            f"at most {MAX_DEPTH} levels deep.",
        )


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise ExerciseError(f"The folder cannot be read: {error.strerror}.", str(folder)) from error
    for entry in entries:
        if entry.name.startswith(".") or entry.name in CACHES:
            continue
        path = prefix + entry.name
        refuse_name(path)
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(folder / entry.name, f"{path}/")
        elif stat.S_ISREG(status.st_mode):
            yield path, status.st_size
        else:
            kind = "a link" if stat.S_ISLNK(status.st_mode) else "no regular file"
            raise ExerciseError(f"This is {kind}; a version holds regular files.", path)
