"""Thresholds as staff type them: one line a check, `fast: 15 = 60 %, 60 = 100 %`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

MOST_LINES = 8
_LINE = re.compile(r"\s*([A-Za-z_]\w{0,63})\s*:\s*(.+?)\s*", re.ASCII)
_PAIR = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*=\s*(\d{1,3}(?:\.\d{1,3})?)\s*%\s*", re.ASCII)


def read(text: str) -> dict[str, list[tuple[float, float]]]:
    """Raises: ValueError, naming the line that cannot be read."""
    found: dict[str, list[tuple[float, float]]] = {}
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(_("At most {most} lines are possible.").format(most=MOST_LINES))
    for number, line in enumerate(lines, start=1):
        parts = _LINE.fullmatch(line)
        pairs = [_PAIR.fullmatch(one) for one in parts[2].split(",")] if parts else [None]
        if parts is None or None in pairs or parts[1] in found:
            told = _("Line {line} is not like “{example}”.")
            raise ValueError(told.format(line=number, example="fast: 15 = 60 %, 60 = 100 %"))
        found[parts[1]] = [(float(p[1]), float(p[2]) / 100) for p in pairs if p is not None]
    return found


def written(thresholds: Mapping[str, Sequence[Sequence[float]]]) -> str:
    return "\n".join(
        f"{name}: "
        + ", ".join(f"{_plain(value)} = {_plain(100 * share)} %" for value, share in pairs)
        for name, pairs in thresholds.items()
    )


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
