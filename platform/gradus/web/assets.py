"""Which hashed files a bundle of the front end has: dist/manifest.json, written by build.mjs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

DIST = Path(__file__).resolve().parent / "static" / "dist"
BUNDLES = ("app.js", "editor.js", "htmx.js", "math.js", "math.css", "styles.css")


@cache
def manifest(dist: Path = DIST) -> dict[str, list[str]]:
    """Bundle name to its file and then the files that this one imports at once.

    Raises: FileNotFoundError, ValueError when the front end was not built.
    """
    files = json.loads((dist / "manifest.json").read_text())
    found = {name: files.get(name, ["missing"]) for name in BUNDLES}
    missing = [n for n, needed in found.items() if not all((dist / f).is_file() for f in needed)]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} in {dist}")
    return found
