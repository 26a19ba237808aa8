"""Answer sheets: the prepared form of a by-hand exercise or quiz, and what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grader.answers import AnswerError, parse_integer, parse_number
from gradus.lib.markdown import render
from gradus.web.text import visible
from gradus.web.words import STATUS_WORDS, STEP_ICONS

PREFIX = "a-"
MOST_TYPED = 400  # characters of an answer that are looked at
Answers = dict[str, str]  # option keys of a choice are separated by spaces


@dataclass(slots=True)
class Field:
    """One answer: what is asked, what was typed, and, after grading, how it was marked."""

    id: str
    label: str
    points: float
    latex: str = ""
    unit: str = ""
    section: str = ""
    integer: bool = False
    tolerance: float = 0.0
    value: str = ""
    error: str = ""
    # after grading
    shape: str = ""
    given: str = ""
    own_points: float = 0.0
    mistake: str = ""
    message: list[str] = field(default_factory=list)
    is_first_wrong: bool = False

    @property
    def name(self) -> str:
        return self.label or self.id

    @property
    def icon(self) -> str:
        return STEP_ICONS.get(self.shape, "waiting")

    @property
    def word(self) -> str:
        return str(STATUS_WORDS.get(self.shape, ""))


@dataclass(slots=True)
class Option:
    key: str
    text: SafeString
    raw: str = ""  # the author's Markdown
    chosen: bool = False
    right: bool = False  # these two only where every option is explained
    why: str = ""

    @property
    def shape(self) -> str:
        if self.right:
            return "value"
        return "wrong" if self.chosen else "skipped"

    @property
    def icon(self) -> str:
        return STEP_ICONS.get(self.shape, self.shape)


@dataclass(slots=True)
class Question(Field):
    """A quiz item. `kind`: single, multiple, numeric."""

    kind: str = "single"
    text: SafeString = field(default_factory=SafeString)
    options: list[Option] = field(default_factory=list)
    is_explained: bool = False  # every option is


@dataclass(slots=True)
class Group:
    title: str
    fields: list[Field]

    @property
    def points(self) -> float:
        return sum(f.points for f in self.fields)


@dataclass(slots=True)
class Sheet:
    steps: list[Group]
    questions: list[Question]

    @property
    def fields(self) -> list[Field]:
        return [*(f for group in self.steps for f in group.fields), *self.questions]

    @property
    def has_steps(self) -> bool:
        return bool(self.steps)

    @property
    def unreadable(self) -> list[Field]:
        """What must be corrected before anything can be submitted."""
        return [f for f in self.fields if f.error]

    @property
    def heading(self) -> str:
        return _("Your steps") if self.steps else _("Your answers")

    @property
    def points(self) -> float:
        return sum(f.own_points for f in self.fields)

    @property
    def max_points(self) -> float:
        return sum(f.points for f in self.fields)

    @property
    def right_count(self) -> int:
        """Right, or right for one's own earlier answers."""
        return sum(f.shape in ("value", "follow") for f in self.fields)

    @property
    def first_wrong(self) -> Field | None:
        return next((f for f in self.fields if f.is_first_wrong), None)

    @property
    def summary(self) -> str:
        """How many steps have which mark."""
        shapes = [f.shape for f in self.fields]
        words = {
            "value": _("{count} right"),
            "follow": _("{count} right for your own earlier answers"),
            "wrong": _("{count} wrong"),
        }
        return ", ".join(w.format(count=shapes.count(s)) for s, w in words.items() if s in shapes)


def sheet_of(form: Mapping[str, Any] | None) -> Sheet | None:
    """The sheet of a prepared form; None where nothing is to be answered."""
    if not form:
        return None
    fields = form.get("fields") or ()
    steps = [_step(f) for f in fields if f.get("kind", "number") == "number"]
    asked = [f for f in fields if f.get("kind", "number") != "number"]
    questions = [_question(f, number) for number, f in enumerate(asked, start=1)]
    return Sheet(_grouped(steps), questions) if steps or questions else None


def read_answers(sheet: Sheet, data: QueryDict) -> Answers:
    """What was typed or chosen, by id; also written into the sheet, with what cannot be read.

    A blank is no error: it counts as wrong.
    """
    answers: Answers = {}
    for entry in sheet.fields:
        typed = data.getlist(PREFIX + entry.id)
        if isinstance(entry, Question) and entry.options:
            keys = {o.key for o in entry.options}
            chosen = [t for t in typed if t in keys]
            answers[entry.id] = " ".join(chosen if entry.kind == "multiple" else chosen[:1])
        else:
            answers[entry.id] = typed[0].strip() if typed else ""
    fill(sheet, answers)
    for entry in sheet.fields:
        entry.error = unreadable(entry)
    return answers


def draft_part(sheet: Sheet, data: QueryDict) -> str:
    """answers.json of a draft: what is typed so far, whether it can be read or not."""
    answers = {key: text[:MOST_TYPED] for key, text in read_answers(sheet, data).items()}
    return json.dumps(answers, ensure_ascii=False)


def is_blank(answers: Answers) -> bool:
    return not any(answers.values())


def unreadable(entry: Field) -> str:
    """Why a typed number cannot be read; empty where it can, or where nothing was typed."""
    if isinstance(entry, Question) and entry.options:
        return ""
    if not entry.value.strip():
        return ""
    try:
        if entry.integer:
            parse_integer(entry.value)
        else:
            parse_number(entry.value)
    except AnswerError as error:
        return visible(str(error))
    return ""


def fill(sheet: Sheet, answers: Mapping[str, Any]) -> None:
    """Show answers in the sheet."""
    for entry in sheet.fields:
        answer = answers.get(entry.id, "")
        texts = [str(t) for t in answer] if isinstance(answer, list) else [str(answer)]
        entry.value = " ".join(texts)
        if isinstance(entry, Question):
            chosen = set(entry.value.replace(",", " ").split())
            for option in entry.options:
                option.chosen = option.key in chosen


def fill_from_part(sheet: Sheet, part: str) -> None:
    """Show the answers of an earlier answers.json."""
    try:
        answers = json.loads(part)
    except (ValueError, RecursionError):
        return
    if isinstance(answers, dict):
        fill(sheet, answers)


def _step(data: Mapping[str, Any]) -> Field:
    return Field(
        id=str(data["id"]),
        label=str(data.get("label") or data["id"]),
        points=float(data.get("points", 1)),
        latex=str(data.get("latex") or ""),
        unit=str(data.get("unit") or ""),
        section=str(data.get("section") or ""),
        integer=bool(data.get("integer")),
        tolerance=float(data.get("tolerance") or 0),
    )


def _question(data: Mapping[str, Any], number: int) -> Question:
    return Question(
        id=str(data["id"]),
        label=str(data.get("label") or _("Question {number}").format(number=number)),
        points=float(data.get("points", 1)),
        unit=str(data.get("unit") or ""),
        integer=bool(data.get("integer")),
        kind=str(data.get("kind", "single")),
        text=_one_line(str(data.get("text", ""))),
        options=[
            Option(key=str(o["key"]), text=_one_line(str(o["text"])), raw=str(o["text"]))
            for o in data.get("options") or ()
        ],
    )


def _one_line(text: str) -> SafeString:
    """Markdown of an author as phrasing content: the paragraph around a single paragraph goes."""
    html = render(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return mark_safe(html if "<p>" in inner else inner)  # noqa: S308 render cleans it


def _grouped(steps: list[Field]) -> list[Group]:
    """Steps under the heading that they or a step before them carry."""
    groups: list[Group] = []
    for entry in steps:
        if not groups or (entry.section and entry.section != groups[-1].title):
            groups.append(Group(entry.section, []))
        groups[-1].fields.append(entry)
    return groups
