"""From a verdict, redacted for its reader, to what the page says: order, words, drawings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gradus.web import arrays
from gradus.web.performance import ShownBar, shown_bar
from gradus.web.svg.figure import DrawnFigure, draw_figure
from gradus.web.text import paragraphs, split_title, visible
from gradus.web.verdict_summary import sentence_of, title_of
from gradus.web.words import HIDDEN_CHECK, SHAPES, told_title

MOST_ARRAYS = 12
SHOWN_OPEN = 2  # failed checks; the others are folded
_RAISED = re.compile(r"\bin line (\d{1,5})\b")
_UNREADABLE = re.compile(r"^Line (\d{1,5})\b")


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One check as its reader sees it."""

    id: str
    title: str
    is_named: bool  # else the title is a word of ours
    shape: str
    points: float
    max_points: float
    hidden: bool
    mistake: str | None
    message: list[str]
    inputs: list[arrays.Table]
    got: list[arrays.Table]
    expected: list[arrays.Table]
    call: str
    differs: str
    output: str
    figures: list[DrawnFigure]
    bar: ShownBar | None
    seconds: float
    line: int | None  # of the student's file, where an exception or warning named one

    @property
    def lost(self) -> float:
        return self.max_points - self.points

    @property
    def is_failed(self) -> bool:
        return self.shape in ("failed", "partial")

    @property
    def said(self) -> list[str]:
        """What happened: the message, without the hint of a named mistake."""
        return self.message[:1] if self.mistake else self.message

    @property
    def hint(self) -> list[str]:
        """What the named mistake is about."""
        return self.message[1:] if self.mistake else []

    @property
    def why(self) -> str:
        """One line for a row that is not opened: why it was skipped or waits."""
        if self.shape == "skipped":
            return " ".join(self.message) or _("Not run: a check before it failed.")
        return " ".join(self.message) if self.shape in ("waiting", "error") else ""


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """Everything the verdict panel needs; templates decide nothing."""

    status: str
    shape: str
    title: str
    sentence: str
    message: list[str]
    points: float
    max_points: float
    to_fix: list[ShownCheck]  # points were lost, most important (first failed) first
    skipped: list[ShownCheck]
    waiting: list[ShownCheck]
    passed: list[ShownCheck]
    ours: list[ShownCheck]  # checks that ended by a fault of ours
    passed_points: tuple[float, float]
    facts: list[tuple[str, str]]
    guarantees: list[str]  # of the sandbox, that held
    is_run: bool
    seconds: float

    @property
    def lines(self) -> set[int]:
        """Lines of the student's file that the verdict names."""
        said = " ".join(self.message)
        found = _UNREADABLE.match(said) or _RAISED.search(said)
        return {c.line for c in self.to_fix if c.line} | ({int(found[1])} if found else set())

    @property
    def is_scored(self) -> bool:
        return self.status not in ("invalid", "error")

    @property
    def is_complete(self) -> bool:
        """Nothing is left for the student to do; a part may still wait for a worker."""
        only_waits = self.waiting and not (self.to_fix or self.skipped or self.ours)
        return self.status in ("passed", "error") or bool(only_waits)

    @property
    def first_to_fix(self) -> list[ShownCheck]:
        """What is shown open."""
        return self.to_fix[:SHOWN_OPEN]

    @property
    def rest_to_fix(self) -> list[ShownCheck]:
        return self.to_fix[SHOWN_OPEN:]

    @property
    def ordered(self) -> list[ShownCheck]:
        """Failed first, passed last."""
        return [*self.to_fix, *self.ours, *self.skipped, *self.waiting, *self.passed]


def present(
    verdict: Mapping[str, Any],
    *,
    figures: Mapping[str, Mapping[str, Any]] | None = None,
    is_run: bool = False,
) -> ShownVerdict:
    """Arrange a redacted verdict. `figures` holds figure data by sha256."""
    bars = {p["id"]: p for p in verdict.get("performance", [])}
    checks = [
        _check(k, check, bars.pop(check["id"], None), figures or {})
        for k, check in enumerate(verdict.get("checks", []))
    ]
    by_shape: dict[str, list[ShownCheck]] = {}
    for check in checks:
        by_shape.setdefault(check.shape, []).append(check)
    passed = by_shape.get("passed", [])
    to_fix = [c for c in checks if c.is_failed]
    return ShownVerdict(
        status=verdict["status"],
        shape=SHAPES[verdict["status"]],
        title=title_of(verdict, is_run),
        sentence=sentence_of(
            verdict,
            [(c.title, c.lost) for c in to_fix if c.lost > 0],
            waiting=sum(c.max_points for c in by_shape.get("waiting", ())),
        ),
        message=paragraphs(visible(verdict.get("message", ""))),
        points=verdict["points"],
        max_points=verdict["max_points"],
        to_fix=to_fix,
        skipped=by_shape.get("skipped", []),
        waiting=by_shape.get("waiting", []),
        passed=passed,
        ours=by_shape.get("error", []),
        passed_points=(sum(c.points for c in passed), sum(c.max_points for c in passed)),
        facts=_facts(verdict),
        guarantees=[
            str(name).replace("_", " ")
            for name in (verdict.get("environment") or {}).get("guarantees") or ()
        ],
        is_run=is_run,
        seconds=(verdict.get("usage") or {}).get("seconds", 0.0),
    )


def _check(
    k: int,
    check: Mapping[str, Any],
    performance: Mapping[str, Any] | None,
    figures: Mapping[str, Mapping[str, Any]],
) -> ShownCheck:
    shape = SHAPES[check["status"]]
    if shape == "failed" and check["points"] > 0:
        shape = "partial"
    title = told_title(check.get("title"))
    example = check.get("counterexample") or {}
    # A limit that was passed ends the check: what had been returned was compared with nothing.
    got, expected = ([], []) if check.get("outcome") else _compared(example)
    return ShownCheck(
        id=check["id"],
        title=title or str(HIDDEN_CHECK),
        is_named=bool(title),
        shape=shape,
        points=check["points"],
        max_points=check["max_points"],
        hidden=not check.get("visible", False),
        mistake=visible(check["mistake"]) if check.get("mistake") else None,
        message=split_title(visible(check.get("message") or "")),
        inputs=_inputs(example.get("inputs") or []),
        got=got,
        expected=expected,
        call=visible(str(example.get("call") or "")),
        differs=_differs(example),
        output=visible(check.get("output") or ""),
        figures=_figures(f"c{k}", check.get("figures", ()), figures),
        bar=shown_bar(f"p{k}", performance) if performance else None,
        seconds=check.get("seconds", 0.0),
        line=_line(check.get("message") or ""),
    )


def _line(message: str) -> int | None:
    found = _RAISED.search(message)
    return int(found[1]) if found else None


def _inputs(inputs: Sequence[Any]) -> list[arrays.Table]:
    shown = [t for k, value in enumerate(inputs) for t in _input(k, value, len(inputs))]
    return shown[:MOST_ARRAYS]


def _input(k: int, value: Any, count: int) -> list[arrays.Table]:
    if isinstance(value, dict) and set(value) >= {"name", "value"}:
        return arrays.tables(str(value["name"]), value["value"])
    name = _("Argument") if count == 1 else _("Argument {number}").format(number=k + 1)
    return arrays.tables(name, value)


def _compared(example: Mapping[str, Any]) -> tuple[list[arrays.Table], list[arrays.Table]]:
    if not example or (example.get("got") is None and example.get("expected") is None):
        return [], []
    if example.get("expected") is None:  # nothing to compare with: not the expectation of a None
        return arrays.tables(_("Yours"), example.get("got")), []
    return arrays.compared(example.get("got"), example.get("expected"))


def _differs(example: Mapping[str, Any]) -> str:
    differs, count = example.get("differs"), example.get("count")
    if not differs or not count or count == 1:
        return ""
    return _("{differing} of {count} differ").format(differing=differs, count=count)


def _figures(
    uid: str, hashes: Sequence[str], figures: Mapping[str, Mapping[str, Any]]
) -> list[DrawnFigure]:
    drawn = [
        draw_figure(dict(figures[sha256]), f"{uid}f{k}")
        for k, sha256 in enumerate(hashes)
        if sha256 in figures
    ]
    return [figure for figure in drawn if figure]


def _facts(verdict: Mapping[str, Any]) -> list[tuple[str, str]]:
    environment = verdict.get("environment") or {}
    usage = verdict.get("usage") or {}
    facts = [(_("Version"), str(verdict.get("version", ""))[:15])]
    if usage.get("seconds"):
        facts.append((_("Graded in"), f"{usage['seconds']:.2f} s"))
    if usage.get("peak_bytes"):
        most = _("{size} MiB at most").format(size=f"{usage['peak_bytes'] / 2**20:.0f}")
        facts.append((_("Memory"), most))
    sandbox = ", ".join(filter(None, (environment.get("backend"), environment.get("flavour"))))
    if sandbox:
        facts.append((_("Sandbox"), sandbox))
    for name, version in sorted((environment.get("libraries") or {}).items()):
        facts.append((name, str(version)))
    facts += [  # redacted for all but staff
        (_("For staff"), f"{part['id']}: {flag}")
        for part in verdict.get("performance", ())
        for flag in part.get("flags", ())
    ]
    of_host = (
        (_("Processor"), "cpu"), ("GPU", "device"), (_("Engine"), "engine"), (_("Image"), "image"),
    )  # fmt: skip
    for label, key in of_host:
        if environment.get(key):
            facts.append((label, visible(str(environment[key]))[:60]))
    return facts
