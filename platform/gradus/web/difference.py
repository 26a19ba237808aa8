"""What changed from one submission to a later one: checks and answers, then the code. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradus.web.numbers import points
from gradus.web.text import visible
from gradus.web.words import HIDDEN_CHECK, SHAPES, STATUS_WORDS, told_title

MOST_LINES = 1500  # of either file: comparing costs up to the product of their lengths
MOST_CHARACTERS = 500  # of a line
CONTEXT_LINES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A check or an answer, before and after."""

    title: str
    is_named: bool  # else the title is a word of ours
    before: str  # shape
    after: str
    before_word: str
    after_word: str
    before_points: str
    after_points: str
    given_before: str = ""
    given_after: str = ""

    @property
    def is_change(self) -> bool:
        same = (self.before, self.before_points) == (self.after, self.after_points)
        return not same or self.given_before != self.given_after


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code: kept, added (`add`), taken away (`del`), or a count of lines left out."""

    kind: str
    number: int | None
    text: str

    @property
    def word(self) -> str:
        return {"add": _("Added:"), "del": _("Taken away:")}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class CodeChange:
    lines: list[Line]
    added: int
    taken: int
    is_too_long: bool = False

    @property
    def is_change(self) -> bool:
        return bool(self.added or self.taken or self.is_too_long)


def changed_checks(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[Change]:
    """Checks of two redacted verdicts in the order of the later one; those of one side come too."""
    return _paired(_by_id(before, "checks"), _by_id(after, "checks"), "title")


def changed_steps(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, labels: Mapping[str, str]
) -> list[Change]:
    """Answers of two redacted verdicts, under the labels of the sheet."""
    old, new = _by_id(before, "steps"), _by_id(after, "steps")
    named = {key: {**row, "label": labels.get(key, key)} for key, row in (old | new).items()}
    return _paired(
        {key: named[key] | old[key] for key in old}, {key: named[key] | new[key] for key in new},
        "label",
    )  # fmt: skip


def changed_code(before: str, after: str) -> CodeChange:
    """The lines that changed, with a few around them."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > MOST_LINES:
        return CodeChange([], 0, 0, is_too_long=before != after)
    lines: list[Line] = []
    shown = 0  # lines of the new file that are behind us
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT_LINES):
        _leave_out(lines, group[0][3] - shown)
        for what, i1, i2, j1, j2 in group:
            if what == "equal":
                lines += [Line("", j + 1, _text(new[j])) for j in range(j1, j2)]
                continue
            lines += [Line("del", i + 1, _text(old[i])) for i in range(i1, i2)]
            lines += [Line("add", j + 1, _text(new[j])) for j in range(j1, j2)]
        shown = group[-1][4]
    if lines:
        _leave_out(lines, len(new) - shown)
    kinds = [line.kind for line in lines]
    return CodeChange(lines, kinds.count("add"), kinds.count("del"))


def _leave_out(lines: list[Line], count: int) -> None:
    if count > 0:
        said = ngettext("%d line as before", "%d lines as before", count) % count
        lines.append(Line("skip", None, said))


def _text(line: str) -> str:
    cut = line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS] + " …"
    return visible(cut)


def _by_id(verdict: Mapping[str, Any] | None, part: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: dict(row) for row in (verdict or {}).get(part, ())}


def _paired(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]], title: str
) -> list[Change]:
    keys = [*new, *(key for key in old if key not in new)]
    return [_change(old.get(key), new.get(key), title) for key in keys]


def _change(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, title: str) -> Change:
    known = new or old or {}
    name = told_title(known.get(title))
    before, after = _shape(old), _shape(new)
    return Change(
        title=name or str(HIDDEN_CHECK),
        is_named=bool(name),
        before=before,
        after=after,
        before_word=str(STATUS_WORDS[before]) if old else _("Not there"),
        after_word=str(STATUS_WORDS[after]) if new else _("Not there"),
        before_points=points(old["points"]) if old else "",
        after_points=points(new["points"]) if new else "",
        given_before=visible(str((old or {}).get("given", ""))),
        given_after=visible(str((new or {}).get("given", ""))),
    )


def _shape(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "open"
    shape = SHAPES[row["status"]]
    return "partial" if shape == "failed" and row["points"] > 0 else shape
