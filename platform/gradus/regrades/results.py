"""What each submission of a run had and what it got, without reading more verdicts than differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gradus.courses.models import Item
from gradus.regrades.causes import Why, why
from gradus.regrades.models import Regrading, Run
from gradus.submissions.joining import join
from gradus.submissions.models import Job, Submission, Verdict
from gradus.submissions.selectors import item_points

_OPEN = (Job.State.QUEUED, Job.State.RUNNING)
_NO_SCORE = (Verdict.Status.INVALID, Verdict.Status.ERROR)
_MOST_FAULT = 300  # characters
_AT_ONCE = 500  # verdicts in memory


@dataclass(frozen=True, slots=True)
class Result:
    """One submission of a run."""

    regrading: Regrading  # with submission
    replaced: tuple[int, ...] = ()  # verdicts that count now
    verdicts: tuple[int, ...] = ()  # those that would, in the order of their jobs
    is_open: bool = False  # not graded yet
    failure: str = ""  # in words; then nothing would change
    is_changed: bool = False  # the next three are of what changes alone
    old: Decimal | None = None  # points of the item; none: it had none
    new: Decimal = Decimal(0)
    why: Why | None = None

    @property
    def submission(self) -> Submission:
        return self.regrading.submission


class _Graded(NamedTuple):
    """A job with the head of its verdict, if there is one."""

    selection: str
    state: str
    verdict_id: int | None
    status: str | None
    points: Decimal | None
    max_points: Decimal | None


_Gradings = dict[int, list[_Graded]]  # by submission: the last job, then its speed job


def results(run: Run, items: Mapping[int, Item]) -> list[Result]:
    """Of all submissions of a run that is not applied; `items` by id."""
    rows = run.regradings.select_related("submission").defer("submission__parts").order_by("pk")
    old = gradings(Job.objects.filter(submission__regradings__run=run))
    new = gradings(Job.everything.filter(fair_key=run.fair_key))
    regradings = list(rows)
    found: list[Result] = []
    for start in range(0, len(regradings), _AT_ONCE):
        chunk = regradings[start : start + _AT_ONCE]
        pairs = [(one, old[one.submission_id], new[one.submission_id]) for one in chunk]
        bodies = _bodies(pairs)
        found += [_result(*pair, items[pair[0].submission.item_id], bodies) for pair in pairs]
    return found


def gradings(jobs: QuerySet[Job]) -> _Gradings:
    """The last grading of each submission that these jobs are of."""
    rows = jobs.order_by("pk").values_list(
        "submission_id", "selection", "state", "verdict__pk", "verdict__status",
        "verdict__points", "verdict__max_points",
    )  # fmt: skip
    found: _Gradings = defaultdict(list)
    for submission_id, *fields in rows:
        one = _Graded._make(fields)
        if one.selection != Job.Selection.SPEED:
            found[submission_id] = []
        found[submission_id].append(one)
    return found


def _bodies(pairs: Iterable[tuple[Regrading, list[_Graded], list[_Graded]]]) -> dict[int, Any]:
    """Verdicts of those whose outcome may differ."""
    wanted = {
        one.verdict_id
        for _, old, new in pairs
        if _may_differ(old, new)
        for one in (*old, *new)
        if one.verdict_id is not None
    }
    rows = Verdict.everything.filter(pk__in=wanted).order_by()
    return dict(rows.values_list("pk", "body"))


def _may_differ(old: list[_Graded], new: list[_Graded]) -> bool:
    scores = [[(one.status in _NO_SCORE, one.points, one.max_points) for one in of]
              for of in (old, new)]  # fmt: skip
    return scores[0] != scores[1] or any(one.status in _NO_SCORE for one in new)


def _result(
    regrading: Regrading,
    old: list[_Graded],
    new: list[_Graded],
    item: Item,
    bodies: Mapping[int, Any],
) -> Result:
    replaced = tuple(one.verdict_id for one in old if one.verdict_id is not None)
    if regrading.hindrance:
        words = _("Incompatible numbers: none are stored for this student.")
        return Result(regrading, replaced, failure=words)
    if not new or any(one.state in _OPEN for one in new):
        return Result(regrading, replaced, is_open=True)
    verdicts = tuple(one.verdict_id for one in new if one.verdict_id is not None)
    if not _may_differ(old, new):
        return Result(regrading, replaced, verdicts)
    unscored = [bodies[one.verdict_id or 0] for one in new if one.status in _NO_SCORE]
    before, after = _joined(bodies, replaced), _joined(bodies, verdicts)
    had = item_points(before, item) if before else None
    got = item_points(after, item) if after else None
    if unscored or after is None or got is None:  # correctness alone would say too little
        return Result(regrading, replaced, verdicts, failure=_failure(next(iter(unscored), after)))
    if got == had:
        return Result(regrading, replaced, verdicts)
    return Result(
        regrading, replaced, verdicts,
        is_changed=True, old=had, new=got, why=why(before, after),
    )  # fmt: skip


def _joined(bodies: Mapping[int, Any], verdicts: Iterable[int]) -> dict[str, Any] | None:
    first, *rest = [bodies[pk] for pk in verdicts] or [None]
    return None if first is None else join(first, rest[-1] if rest else None)


def _failure(body: Mapping[str, Any] | None) -> str:
    if body is None:
        return _("Not graded")
    text = str(body.get("message", ""))
    if "IncompatibleNumbers" in text or "incompatible numbers" in text.lower():
        first = text.strip().splitlines()[0] if text.strip() else ""
        return _("Incompatible numbers: {why}").format(why=first)[:_MOST_FAULT]
    lines = text.strip().splitlines()
    if body["status"] == "invalid":
        return _named(_("Could not be graded"), _("Could not be graded: {why}"), lines)
    return _named(_("A fault of ours"), _("A fault of ours: {why}"), lines)


def _named(word: str, with_reason: str, lines: Sequence[str]) -> str:
    return with_reason.format(why=lines[0])[:_MOST_FAULT] if lines else word
