"""A student's file on a page: numbered lines with classes; plain where it is too long to colour."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, Token

from gradus.web.text import visible

MOST_COLOURED = 40_000  # characters; colouring is a courtesy and must stay cheap
MOST_LINES = 5_000
_CLASSES = {"k", "kn", "ow", "kc", "s", "s1", "s2", "sd", "mi", "mf", "nf", "nc", "c1"}


@dataclass(frozen=True, slots=True)
class ShownCode:
    html: SafeString
    count: int  # lines


def shown_code(source: str, marked: Collection[int] = ()) -> ShownCode:
    """Lines as spans, some marked; control characters and turning marks are made visible."""
    text = visible(source)
    lines = _coloured(text) if len(text) <= MOST_COLOURED else escape(text).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    numbered = "".join(
        f'<span class="l{" warn" * (n in marked)}" data-n="{n}">{line}</span>'
        for n, line in enumerate(lines[:MOST_LINES], start=1)
    )
    return ShownCode(mark_safe(numbered), len(lines))  # noqa: S308 every piece is escaped


def _coloured(text: str) -> list[str]:
    lines = [""]
    for kind, value in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        name = STANDARD_TYPES.get(kind, "") if kind in Token else ""
        for k, piece in enumerate(value.split("\n")):
            if k:
                lines.append("")
            if piece and name in _CLASSES:
                lines[-1] += f'<span class="{name}">{escape(piece)}</span>'
            else:
                lines[-1] += escape(piece)
    return lines
