"""Text of strangers on our pages: what a student typed or printed, and one-line markup of messages.

Templates escape; these functions make visible what escaping leaves in place: control characters,
terminal colours and marks that turn the direction of text.
"""

from __future__ import annotations

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

# CSI, OSC and two-byte escape sequences of terminals; the engine may have pictured their first byte
_ANSI = re.compile(r"[\x1b\u241b](?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_HIDDEN = "\u200b\u2060\ufeff\u00ad\u2028\u2029"
_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "\N{REPLACEMENT CHARACTER}"),
    **{ord(mark): f"[U+{ord(mark):04X}]" for mark in _TURNING + _HIDDEN},
}
_FIRST_SENTENCE = re.compile(r"([.?!])\s+(?=[A-Z`(])")
_CODE = re.compile(r"`([^`\n]{1,400})`")


def visible(text: str) -> str:
    """Drop terminal sequences, keep tabs and line ends, make other control characters visible.

    Lone halves of surrogate pairs, which no page can carry, become the replacement character.
    """
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return _ANSI.sub("", text).translate(_PICTURES)


def inline(text: str) -> SafeString:
    """Escape one line of a message; `code` in backticks becomes a code element."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(visible(text))))  # noqa: S308 escaped


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a message; a line end is one too."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def split_title(text: str) -> list[str]:
    """The first sentence, then the rest as paragraphs: a message begins with what happened."""
    lines = paragraphs(text)
    if len(lines) == 1:
        lines = [
            part for part in _FIRST_SENTENCE.sub(r"\1\n", lines[0], count=1).split("\n") if part
        ]
    return lines
