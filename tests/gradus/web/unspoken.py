"""Reads a page as somebody who knows no English: which of its words no translator was given.

`speak_runes` makes every translatable string come out in letters of another script. What is still
in ASCII letters then was written into a template or a view, or is data: names and titles of the
course, code, and texts in the language of an exercise, which say so by `lang` or `translate="no"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField

_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{[^}]*\}|<[^>]*>|&\w+;|[^A-Za-z&<%{]+")
_RUNES = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "АБЦДЕФГХИЙКЛМНОПЯРСТУВШЖЫЗабцдефгхийклмнопярстувшжыз",
)
_NUMBER = re.compile(r"\d[\d.,]*")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SILENT = ("script", "style", "code", "pre", "math", "kbd", "samp", "textarea")
_VOID = (
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
)
_READ = ("title", "alt", "placeholder", "aria-label", "aria-description")
# proper names, formats and units, the same in every language
NAMES = frozenset(
    _WORD.findall(
        "Gradus Canvas Moodle Brightspace Blackboard LaTeX Python numpy torch YOLO"
        " CSV XLSX XML JSON ICS PDF ZIP API URL csv xlsx xml json zip toml md py ipynb"
        " UTC GPU CPU ms MB KB GB MiB KiB GiB Ctrl Shift Enter Esc Tab Alt Cmd"
    )
)


def runes(text: str) -> str:
    """Return the text in other letters; placeholders, tags and entities stay."""
    found, at = [], 0
    for kept in _KEPT.finditer(text):
        found += [text[at : kept.start()].translate(_RUNES), kept.group()]
        at = kept.end()
    return "".join([*found, text[at:].translate(_RUNES)])


def speak_runes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every translation of the process answer in runes."""
    said = {
        "gettext": runes,
        "pgettext": lambda context, message: runes(message),
        "ngettext": lambda one, many, number: runes(one if number == 1 else many),
        "npgettext": lambda context, one, many, number: runes(one if number == 1 else many),
    }
    for name, function in said.items():
        monkeypatch.setattr(f"django.utils.translation._trans.{name}", function, raising=False)


def words_of_data() -> frozenset[str]:
    """Return the words of all names, titles and reasons in the database: nobody translates them."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField) and not field.choices
            and field.name not in ("statement", "starter", "manifest", "parts")
        ]  # fmt: skip
        for row in model._default_manager.values_list(*names) if names else ():
            found.update(_WORD.findall(" ".join(map(str, row))))
    return frozenset(found)


def unspoken(html: str, data: frozenset[str]) -> list[str]:
    """Return each text of the page with a word that is neither runes nor data nor a proper name."""
    reader = _Reader()
    reader.feed(html)
    known = data | NAMES
    return [text for text in reader.texts if any(w not in known for w in _WORD.findall(text))]


def numbers_for_programs(html: str) -> list[str]:
    """Return the numbers in attributes and scripts: what forms send and what a browser draws."""
    reader = _Numbers()
    reader.feed(html)
    return reader.numbers


class _Numbers(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        for name, value in attrs:
            if name not in _READ:
                self.numbers += _NUMBER.findall(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.numbers += _NUMBER.findall(data)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []  # for each open element: whether its words are not ours

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        having: dict[str, Any] = dict(attrs)
        foreign = tag in _SILENT or having.get("translate") == "no"
        foreign = foreign or ("lang" in having and tag != "html") or any(self._open[-1:])
        if not foreign:
            self.texts += [text for text in self._spoken(tag, having) if text.strip()]
        if tag not in _VOID:
            self._open.append(foreign)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open[-1:]):
            self.texts.append(" ".join(data.split()))

    @staticmethod
    def _spoken(tag: str, having: dict[str, Any]) -> Iterator[str]:
        yield from (str(having[name]) for name in _READ if having.get(name))
        if tag == "input" and having.get("type") in ("submit", "button", "reset"):
            yield str(having.get("value") or "")
