"""The flavour images: their names, and whether one was built from the engine that is running.

Student images hold the runner and the frames, the checker's holds the whole engine. Their digest is
a label of the image, so that an image of another version is found out before it answers frames.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from grader.sandbox.flavours import ENGINE

LABEL = "org.gradus.engine"
BUILD = "python deploy/images/build.py"
STUDENT_PARTS = ("__init__.py", "frames", "runner")


def name_of(prefix: str, flavour: str) -> str:
    """Return the name of a flavour's image."""
    return f"{prefix}/{flavour}:latest"


def parts_of(flavour: str) -> tuple[str, ...]:
    """Return what of `grader/` a flavour's image holds; "." is all of it."""
    return (".",) if flavour == "checker" else STUDENT_PARTS


def sources(flavour: str) -> list[Path]:
    """Return the engine's files in a flavour's image, sorted."""
    found: set[Path] = set()
    for part in parts_of(flavour):
        path = ENGINE / part
        files = path.rglob("*") if path.is_dir() else [path]
        found |= {file for file in files if file.is_file() and "__pycache__" not in file.parts}
    return sorted(found)


@cache
def engine_digest(flavour: str) -> str:
    """Return the digest of those files, 16 digits of it."""
    digest = hashlib.sha256()
    for path in sources(flavour):
        digest.update(f"{path.relative_to(ENGINE)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
