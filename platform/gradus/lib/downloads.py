"""What an answer says of itself that is a file to save."""

from __future__ import annotations


def download_headers(name: str) -> dict[str, str]:
    """Of a file that is saved, not shown; `name` has no quotation mark."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
