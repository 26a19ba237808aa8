"""Which hashed file a bundle of the front end has: dist/manifest.json, written by build.mjs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

DIST = Path(__file__).resolve().parent / "static" / "dist"
BUNDLES = ("app.js", "editor.js", "math.js", "math.css", "styles.css")


@cache
def manifest(dist: Path = DIST) -> dict[str, str]:
    """Bundle name to file name.

    Raises: FileNotFoundError, ValueError when the front end was not built.
    """
    files = json.loads((dist / "manifest.json").read_text())
    missing = [name for name in BUNDLES if not (dist / files.get(name, "missing")).is_file()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} in {dist}")
    return {name: files[name] for name in BUNDLES}
