"""Which languages the interface can be shown in: those with a compiled catalogue."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO


def translations(folder: Path) -> list[tuple[str, str]]:
    """Return code and own name of each language under `folder`, in the order of their codes."""
    compiled = sorted(folder.glob("*/LC_MESSAGES/django.mo"))
    codes = [file.parents[1].name.replace("_", "-").lower() for file in compiled]
    return [(code, LANG_INFO.get(code, {}).get("name_local", code)) for code in codes]
