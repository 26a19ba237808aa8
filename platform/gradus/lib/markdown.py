"""Statements: Markdown with mathematics and numbers to HTML that is safe to show as it is.

Mathematics stays text inside an element of class `math`; the browser typesets it. Raw HTML in the
source is text. What comes out has passed an allow list of tags and attributes, whatever went in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_NUMBER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)((?:\[\d{1,3}\])*)\s*\}\}")
_INDEX = re.compile(r"\[(\d+)\]")
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_TAGS = set(re.findall(
    r"\w+",
    "a blockquote br code dd del div dl dt em h2 h3 h4 h5 hr li ol p pre span strong"
    " table tbody td th thead tr ul",
))  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "span": {"class"},
    "div": {"class"},
    "code": {"class"},
    "pre": {"class"},
    "ol": {"start"},
}


def render(text: str, numbers: Mapping[str, Any] | None = None) -> str:
    """HTML of a statement, `{{ name }}` replaced by this student's numbers.

    A name that is not among the numbers stays as it is written; an exercise's gate refuses those.
    """
    return clean(str(_PARSER.render(with_numbers(text, numbers or {}))))


def with_numbers(text: str, numbers: Mapping[str, Any]) -> str:
    """Replace `{{ name }}` and `{{ name[0][1] }}`, before Markdown: they work inside formulas."""

    def replacement(found: re.Match[str]) -> str:
        value: Any = numbers.get(found[1], _MISSING)
        for index in _INDEX.findall(found[2]):
            value = _entry(value, int(index))
        return found[0] if value is _MISSING else shown(value)

    return _NUMBER.sub(replacement, text)


def shown(value: Any) -> str:
    """A number as it was drawn; lists in brackets."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(entry) for entry in value) + "]"
    return str(value)


def clean(html: str) -> str:
    """Keep the allowed tags and attributes; links only to the web, and never with the referrer."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )


class _Missing:
    pass


_MISSING = _Missing()


def _entry(value: Any, index: int) -> Any:
    if isinstance(value, list | tuple) and index < len(value):
        return value[index]
    return _MISSING


def _inline_math(
    self: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
) -> str:
    return f'<span class="math">{escape(tokens[index].content.strip())}</span>'


def _display_math(
    self: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
) -> str:
    return f'<div class="math display">{escape(tokens[index].content.strip())}</div>\n'


def _code(text: str, language: str, attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        return escape(text)
    return str(highlight(text, lexer, _FORMATTER))


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "linkify": False, "typographer": False, "highlight": _code}
    ).enable(["table", "strikethrough"])
    # Without digits the plugin takes a text's last character for the one before its first.
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=True, double_inline=True)
    parser.add_render_rule("math_inline", _inline_math)
    for rule in ("math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(rule, _display_math)
    return parser.use(deflist_plugin)


_PARSER = _parser()
