"""The host's cache of exercise versions: one folder per digest, unpacked from bundles.

A folder appears by one rename, so it is whole or absent. Its name is the digest that was checked
when it was unpacked. The least recently used go when the cache grows beyond its size; one that a
job uses stays.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.exercise.bundle import unpack

CACHE_BYTES = 2 << 30


class Bundles:
    """Versions below `root`; safe for threads."""

    def __init__(self, root: Path, max_bytes: int = CACHE_BYTES) -> None:
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o755)  # the sandboxes run as another user
        for left_over in root.glob(".unpack-*"):  # of a daemon that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        self.root = root
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._in_use: Counter[str] = Counter()

    @contextlib.contextmanager
    def use(self, version: str, fetch: Callable[[], bytes]) -> Iterator[Path]:
        """Hold the folder of a version; `fetch` gets its bundle where it is not cached.

        Raises: ExerciseError where the bundle is no such version; whatever `fetch` raises.
        """
        with self._lock:
            self._in_use[version] += 1
        try:
            folder = self.folder(version)
            if not folder.is_dir():
                self._prune()
                unpack(fetch(), folder, version)
            os.utime(folder)
            yield folder
        finally:
            with self._lock:
                self._in_use[version] -= 1

    def folder(self, version: str) -> Path:
        """Return where a version is or would be."""
        return self.root / version.removeprefix("sha256:")

    def _prune(self) -> None:
        with self._lock:
            folders = sorted(
                (path for path in self.root.iterdir() if re.fullmatch("[0-9a-f]{64}", path.name)),
                key=lambda path: path.stat().st_mtime,
            )
            sizes = {path: _size(path) for path in folders}
            total = sum(sizes.values())
            for path in folders:
                if total <= self._max_bytes:
                    return
                if not self._in_use[f"sha256:{path.name}"]:
                    shutil.rmtree(path, ignore_errors=True)
                    total -= sizes[path]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
