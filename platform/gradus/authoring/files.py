"""The files of an exercise as bytes by path: limits, what is wrong with them, as a folder.

Nothing of them is executed, only parsed.
"""

from __future__ import annotations

import ast
import hashlib
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from grader.errors import ExerciseError
from grader.exercise import bundle, derived
from grader.exercise.bank import load_in_bank
from grader.exercise.digest import CACHES, refuse_name, version_of_hashes
from gradus.authoring.errors import FilesRefused

UNIT = "course-exercises"  # of every exercise that a course wrote
MOST_FILES = 200
MOST_FILE_BYTES = 2 << 20
MOST_BYTES = 8 << 20  # of all files; larger ones come with the site's own exercises
MOST_TYPED_BYTES = 256 << 10  # of a file that is edited on a page

Files = Mapping[str, bytes]


def refuse_path(path: str) -> None:
    """Raises: FilesRefused for what is no path of a file that an author may store."""
    try:
        refuse_name(path)
    except ExerciseError as error:
        raise FilesRefused(str(error)) from error
    if CACHES & set(path.split("/")):
        raise FilesRefused(_("{path}: caches are no part of an exercise.").format(path=path))
    if path == derived.NAME:
        raise FilesRefused(
            _("{path} is measured by Verify and written at publication.").format(path=path)
        )
    if len(path) > 200:
        raise FilesRefused(_("{path}… is longer than 200 characters.").format(path=path[:60]))


def refuse_unusable(sizes: Mapping[str, int]) -> None:
    """Raises: FilesRefused where so many files, of these paths and bytes, are no working copy."""
    if len(sizes) > MOST_FILES:
        raise FilesRefused(
            _("There would be {count} files; at most {most} are allowed.").format(
                count=len(sizes), most=MOST_FILES
            )
        )
    for path, size in sizes.items():
        refuse_path(path)
        if size > MOST_FILE_BYTES:
            raise FilesRefused(
                _("{path} has {count:,} bytes; a file may have at most {most:,}.").format(
                    path=path, count=size, most=MOST_FILE_BYTES
                )
            )
    if sum(sizes.values()) > MOST_BYTES:
        raise FilesRefused(
            _("The files have {count:,} bytes together; at most {most:,}.").format(
                count=sum(sizes.values()), most=MOST_BYTES
            )
        )
    _refuse_clashes(sizes)


def _refuse_clashes(paths: Mapping[str, int]) -> None:
    """Two names that are one where capitals do not count, or a file that is also a folder."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise FilesRefused(
                _("{path} and {other} differ in capitals alone; rename one.").format(
                    path=path, other=other
                )
            )
    for path in paths:
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder.casefold() in seen:
                raise FilesRefused(
                    _("{file} is a file, and a folder in {path}.").format(
                        file=seen[folder.casefold()], path=path
                    )
                )


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of(files: Files) -> str:
    """The version that these files would be, without derived.json."""
    return version_of_hashes({path: sha256_of(data) for path, data in files.items()})


@contextmanager
def folder_of(slug: str, files: Files) -> Iterator[Path]:
    """The files as a folder of a bank, for as long as it takes."""
    with tempfile.TemporaryDirectory(prefix="gradus-authoring-") as root:
        folder = Path(root) / UNIT / slug
        folder.mkdir(parents=True)
        for path, data in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        yield folder


def packed(slug: str, files: Files) -> bytes:
    """The bundle that a grader asks for. Raises: ExerciseError."""
    with folder_of(slug, files) as folder:
        return bundle.pack(folder)


def fault_of(slug: str, files: Files) -> str:
    """Why the files cannot be verified, with file and line; empty: they can."""
    try:
        with folder_of(slug, files) as folder:
            load_in_bank(folder)
    except ExerciseError as error:
        return str(error)
    for path in sorted(files):
        fault = _syntax_fault(path, files[path]) if path.endswith(".py") else ""
        if fault:
            return fault
    return ""


def _syntax_fault(path: str, data: bytes) -> str:
    if len(data) > MOST_TYPED_BYTES:
        return f"{path}: a file of code has at most {MOST_TYPED_BYTES:,} bytes."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data.decode("utf-8"))
    except UnicodeDecodeError:
        return f"{path}: the file is no UTF-8 text."
    except SyntaxError as error:
        return f"{path}:{error.lineno or 1}: No valid Python: {error.msg}."
    except (ValueError, RecursionError, MemoryError):
        return f"{path}: no valid Python."
    return ""
