"""The gates of a verification as a page shows them: solutions by checks, the rest as rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gradus.web.text import visible

Gates = Sequence[Mapping[str, Any]]
GROUPS = (
    (gettext_lazy("Must pass"), ("reference", "right")),
    (gettext_lazy("Must fail"), ("starter",)),
    (gettext_lazy("Each must fail at least one check"), ("wrong", "slow")),
)
_OF_FILES = frozenset(gate for _, gates in GROUPS for gate in gates)
_WORDS = {
    "passed": gettext_lazy("passes"),
    "failed": gettext_lazy("fails"),
    "skipped": gettext_lazy("skipped"),
    "": gettext_lazy("not run"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    status: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One solution over all draws."""

    subject: str
    cells: list[Cell]
    shape: str
    word: str
    told: str
    messages: list[str]
    draws: str


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: list[str]
    groups: list[tuple[str, list[Row]]]
    others: list[Row]  # of answers and mistakes: without checks
    whole: list[Row]  # gates of the exercise as a whole

    @property
    def width(self) -> int:
        return len(self.columns) + 2


def matrix_of(gates: Gates, files: Iterable[str] = (), seeds: int = 1) -> Matrix:
    """Arrange gates; `files` are those that are still to come."""
    titles = _titles(gates)
    by_subject = _grouped(gates, files)
    groups = [
        (
            str(title),
            [_row(one, of, titles, seeds) for one, of in by_subject.items() if of[0] in kinds],
        )
        for title, kinds in GROUPS
    ]
    others: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for gate in gates:
        if gate["subject"] and gate["gate"] not in _OF_FILES:
            others.setdefault((gate["gate"], gate["subject"]), []).append(gate)
    return Matrix(
        columns=[visible(title) for title in titles.values()],
        groups=[(title, rows) for title, rows in groups if rows],
        others=[_plain(f"{gate}: {one}", of, seeds) for (gate, one), of in others.items()],
        whole=[_plain(gate["gate"], [gate], 1) for gate in gates if not gate["subject"]],
    )


def _titles(gates: Gates) -> dict[str, str]:
    found: dict[str, str] = {}
    for gate in gates:
        for check in gate.get("checks", ()):
            found.setdefault(check["id"], check["title"])
    return found


Subject = tuple[str, list[Mapping[str, Any]]]


def _grouped(gates: Gates, files: Iterable[str]) -> dict[str, Subject]:
    """By file: the kind of its gate, and the gates so far."""
    found: dict[str, Subject] = {}
    for gate in gates:
        if gate["gate"] in _OF_FILES:
            found.setdefault(gate["subject"], (gate["gate"], []))[1].append(gate)
    for path in files:
        kind = _kind(path)
        if kind:
            found.setdefault(path, (kind, []))
    return dict(sorted(found.items()))


def _kind(path: str) -> str:
    if path.endswith(".py") and path.startswith(("right/", "wrong/")):
        return path.partition("/")[0]
    return {"solution.py": "reference", "starter.py": "starter"}.get(path, "")


def _row(subject: str, of: Subject, titles: Mapping[str, str], seeds: int) -> Row:
    kind, gates = of
    cells = [_cell(check_id, gates) for check_id in titles]
    red = [gate for gate in gates if not gate["passed"]]
    wanted = 1 if kind == "starter" or any(g["gate"] == "slow" for g in gates) else seeds
    return Row(
        subject=subject,
        cells=cells,
        shape=_shape(gates, red, wanted),
        word=_word(kind, cells, gates, red),
        told=visible(next((g["told"] for g in gates if g.get("told")), "")),
        messages=_messages(red),
        draws=_progress(len(gates), wanted),
    )


def _progress(done: int, wanted: int) -> str:
    return _("{done} of {wanted}").format(done=done, wanted=wanted) if done < wanted > 1 else ""


def _cell(check_id: str, gates: Gates) -> Cell:
    """Failed in any draw is failed: what kills a wrong file, or what a right one trips on."""
    seen = {
        check["status"] for gate in gates for check in gate["checks"] if check["id"] == check_id
    }
    for status in ("error", "failed", "passed", "skipped"):
        if status in seen:
            known = "failed" if status == "error" else status
            return Cell(known, str(_WORDS[known]))
    return Cell("", str(_WORDS[""]))


def _shape(gates: Gates, red: Gates, wanted: int) -> str:
    if red:
        return "failed"
    if not gates:
        return "waiting"
    return "passed" if len(gates) >= wanted else "running"


def _word(kind: str, cells: Sequence[Cell], gates: Gates, red: Gates) -> str:
    if not gates:
        return _("Waits")
    if red:
        survives = str(red[0]["message"]).startswith("survives")
        return _("Survives") if survives and kind == "wrong" else _("Does not hold")
    if kind in ("reference", "right"):
        return _("Passes")
    if kind == "starter":
        return _("Fails")
    kills = sum(cell.status == "failed" for cell in cells)
    if not kills:
        return _("Too slow")
    return ngettext("Killed by {count}", "Killed by {count}", kills).format(count=kills)


def _plain(title: str, gates: Gates, seeds: int) -> Row:
    red = [gate for gate in gates if not gate["passed"]]
    shape = _shape(gates, red, 1)
    word = _("Does not hold") if red else _("Holds")
    told = visible(next((gate["told"] for gate in gates if gate.get("told")), "") or "")
    said = ngettext("{count} draw", "{count} draws", len(gates)).format(count=len(gates))
    draws = said if len(gates) > 1 else ""
    return Row(visible(title), [], shape, word, told, _messages(red), draws)


def _messages(red: Gates) -> list[str]:
    """Each once, the first three."""
    return [visible(text) for text in dict.fromkeys(str(gate["message"]) for gate in red)][:3]
