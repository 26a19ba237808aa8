"""Which checks and steps of an item fail whom, under which names, and how fast solutions are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min

from gradus.analytics.estimates import Five, Share, five, share
from gradus.analytics.people import People
from gradus.analytics.tries import Tries
from gradus.courses.models import Item
from gradus.submissions.models import Finding, Verdict

_PARTS = {Finding.Kind.CHECK: "checks", Finding.Kind.STEP: "steps"}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A check, step or question."""

    kind: str
    name: str
    title: str
    failed: Share | None  # students whom it failed at least once, of those for whom it ran

    @property
    def never_failed(self) -> bool:
        return self.failed is not None and not self.failed.k


@dataclass(frozen=True, slots=True)
class MistakeLine:
    mistake: str
    students: Share
    shown_by: tuple[str, ...]  # titles of checks


@dataclass(frozen=True, slots=True)
class Threshold:
    value: float
    worth: float  # share of the points
    reached: Share


@dataclass(frozen=True, slots=True)
class SpeedLine:
    """A timed part, by each student's best value."""

    name: str
    title: str
    less_is_better: bool
    values: Five
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    parts: tuple[PartLine, ...]  # as the exercise orders them
    mistakes: tuple[MistakeLine, ...]  # the most frequent first
    unnamed: Share | None  # students with a failure that has no name
    speed: tuple[SpeedLine, ...]


def failures_of(item: Item, people: People, tries: Tries) -> Failures:
    """Three queries, whatever the number of students and submissions."""
    body = _newest_body(tries)
    titles = _titles(body)
    wrong: dict[tuple[str, str], set[int]] = defaultdict(set)
    skipped: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    named: dict[str, set[int]] = defaultdict(set)
    shown_by: dict[str, set[str]] = defaultdict(set)
    for kind, name, result, mistake, enrolment_id, count in _findings(item, people):
        if enrolment_id not in tries.of:
            continue  # its first verdict was stored a moment ago, and is no grade event yet
        if result == Finding.Result.SKIPPED:
            skipped[kind, name][enrolment_id] = count
        if result != Finding.Result.FAILED:
            continue
        wrong[kind, name].add(enrolment_id)
        named[mistake].add(enrolment_id)
        shown_by[mistake].add(titles.get((kind, name), name))
    unnamed = named.pop("", set())
    order = [*titles, *sorted((wrong.keys() | skipped.keys()) - titles.keys())]
    ranked = sorted(named, key=lambda mistake: (-len(named[mistake]), mistake))
    return Failures(
        tuple(_part(key, titles, wrong[key], skipped[key], tries) for key in order),
        tuple(MistakeLine(m, _of(named[m], tries), tuple(sorted(shown_by[m]))) for m in ranked),
        share(len(unnamed), tries.students),
        tuple(_speed(item, people, body, titles)),
    )


def _of(students: set[int], tries: Tries) -> Share:
    return Share(len(students), tries.students)


def _part(
    key: tuple[str, str],
    titles: Mapping[tuple[str, str], str],
    wrong: set[int],
    skipped: Mapping[int, int],
    tries: Tries,
) -> PartLine:
    """It ran for all but those for whom every submission skipped it."""
    never = sum(count >= len(tries.of.get(pk, ())) for pk, count in skipped.items())
    ran = max(tries.students - never, len(wrong))
    return PartLine(key[0], key[1], titles.get(key, key[1]), share(len(wrong), ran))


def _findings(item: Item, people: People) -> Iterable[tuple[str, str, str, str, int, int]]:
    found = Finding.objects.filter(people.among("enrolment__"), item=item)
    grouped = found.exclude(kind=Finding.Kind.SPEED).order_by()
    columns = ("kind", "name", "result", "mistake", "enrolment_id")
    return grouped.values_list(*columns).annotate(Count("pk"))


def _newest_body(tries: Tries) -> Mapping[str, Any]:
    if tries.newest_verdict_id is None:
        return {}
    body: dict[str, Any] = Verdict.objects.values_list("body", flat=True).get(
        pk=tries.newest_verdict_id
    )
    return body


def _titles(body: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """In the order of the exercise. Steps have no title in a verdict, only their id."""
    return {
        (kind.value, part["id"]): part.get("title") or part["id"]
        for kind, of in _PARTS.items()
        for part in body.get(of, ())
    }


def _speed(
    item: Item,
    people: People,
    body: Mapping[str, Any],
    titles: Mapping[tuple[str, str], str],
) -> Iterable[SpeedLine]:
    rows = (
        Finding.objects.filter(people.among("enrolment__"), item=item, kind=Finding.Kind.SPEED)
        .order_by().values_list("name", "enrolment_id")
        .annotate(Max("value"), Min("value"))
    )  # fmt: skip
    values: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, _, most, least in rows:
        values[name].append((most, least))
    for part in body.get("performance", ()):
        less = part["metric"] == "count"
        best = [least if less else most for most, least in values.get(part["id"], ())]
        shown = five(best)
        if shown is None:
            continue
        title = titles.get((Finding.Kind.CHECK.value, part["id"]), part["id"])
        reached = tuple(
            _threshold(value, worth, best, less=less) for value, worth in part["thresholds"]
        )
        yield SpeedLine(part["id"], title, less, shown, reached)


def _threshold(value: float, worth: float, best: list[float], *, less: bool) -> Threshold:
    count = sum(own <= value if less else own >= value for own in best)
    return Threshold(value, worth, Share(count, len(best)))
