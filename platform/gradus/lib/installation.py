"""Secrets that an installation makes for itself at its first start."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def own_secret(path: Path) -> str:
    """Read the secret in this file; make it (256 random bits, mode 0600) if there is none yet.

    Raises: OSError, when the folder cannot be written.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)  # two processes at the first start: the first one's secret stays
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    text = path.read_text().strip()
    if len(text) < 32:
        raise OSError(f"{path} holds no secret of at least 32 characters; remove it or write one.")
    return text
