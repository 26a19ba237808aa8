"""Statistics of one item: who solves it, what fails, under which names; and those submissions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gradus.analytics.checks import Failures, failures_of
from gradus.analytics.draws import DrawLine, draws_of
from gradus.analytics.estimates import LEAST, Share, five, share
from gradus.analytics.marks import class_marks
from gradus.analytics.people import People, people_of
from gradus.analytics.tries import Tries, tries_of
from gradus.courses.models import Course, Item
from gradus.submissions.models import Finding, StudentItem, Submission
from gradus.web.http import SignedInRequest, page_of
from gradus.web.large import frame_first
from gradus.web.numbers import short
from gradus.web.roster import around
from gradus.web.shares import shown_discrimination, shown_share
from gradus.web.statistics import seer_or_404
from gradus.web.svg.inline import bar, interval

MOST_TRIES = 8  # told apart; the rest are one row


@login_required
@require_GET
def item_statistics(request: SignedInRequest, course_id: int, item_id: int) -> HttpResponse:
    viewer = seer_or_404(request, course_id)
    item = _item_or_404(viewer.course, item_id)
    frame = frame_first(request, viewer, heading=item.version.title, tab="statistics")
    if frame is not None:
        return frame
    people, sections = people_of(viewer.course, request.GET.get("section", "")[:20])
    tries = tries_of(item, people)
    solved = tries.solved()
    line = class_marks(people, timezone.now()).item(item.pk)
    failures = failures_of(item, people, tries)
    draws = draws_of(item, people, tries.of, solved) if item.version.is_personal else []
    context = {
        **around(viewer),
        "tab": "statistics",
        "item": item,
        "sections": sections,
        "chosen": people.section,
        "tries": tries,
        "line": line,
        "solved": _shown(share(len(solved), tries.students)),
        "discrimination": shown_discrimination(line.discrimination) if line else "",
        "until": _until(tries, solved),
        "times": _times(tries),
        "draws": [(one, shown_share(one.solved)) for one in draws],
        "worse": [one for one in draws if one.is_worse],
        "draws_are_few": _are_few(draws),
        "least": LEAST,
        **_failures(item, failures),
    }
    return render(request, "web/item_statistics.html", context)


@login_required
@require_GET
def found_submissions(request: SignedInRequest, course_id: int, item_id: int) -> HttpResponse:
    """Submissions with a named mistake, or that failed one check. Without names of people."""
    viewer = seer_or_404(request, course_id)
    item = _item_or_404(viewer.course, item_id)
    people, _ = people_of(viewer.course, request.GET.get("section", "")[:20])
    mistake, name = _asked(request, "mistake")[:200], _asked(request, "check")[:120]
    if not (mistake or name):
        raise Http404
    wanted = Q(result=Finding.Result.FAILED)
    wanted &= Q(mistake=mistake) if mistake else Q(name=name)
    page = page_of(request, _submissions(item, people, wanted))
    context = {
        **around(viewer),
        "tab": "statistics",
        "item": item,
        "page": page,
        "mistake": mistake,
        "name": name,
        "chosen": people.section,
    }
    return render(request, "web/found_submissions.html", context)


def _asked(request: SignedInRequest, name: str) -> str:
    """Without NUL, which PostgreSQL cannot compare with."""
    return request.GET.get(name, "").replace("\0", "")


def _submissions(item: Item, people: People, wanted: Q) -> Any:
    found = Finding.objects.filter(wanted, people.among("enrolment__"), item=item)
    numbers = found.order_by().values("verdict__submission_id")
    return Submission.objects.graded().filter(pk__in=numbers).order_by("-pk")


def _item_or_404(course: Course, item_id: int) -> Item:
    items = Item.objects.filter(assignment__course=course)
    return get_object_or_404(items.select_related("assignment", "version", "exercise"), pk=item_id)


def _shown(one: Share | None) -> dict[str, Any] | None:
    if one is None:
        return None
    drawn = interval(one.interval.low, one.value, one.interval.high) if one.is_firm else None
    return {"share": one, "text": shown_share(one), "bar": drawn}


def _until(tries: Tries, solved: dict[int, int]) -> list[tuple[str, int, SafeString]]:
    """How many needed 1, 2, 3, … submissions to full points; the last row: who has none."""
    counts = Counter(min(place, MOST_TRIES) for place in solved.values())
    rows = [(str(k), counts[k]) for k in range(1, max(counts, default=0) + 1)]
    if counts[MOST_TRIES]:
        rows[-1] = (_("{count} or more").format(count=MOST_TRIES), counts[MOST_TRIES])
    rows.append((_("not yet"), tries.students - len(solved)))
    most = max(count for _, count in rows) or 1
    return [(word, count, bar(count / most)) for word, count in rows]


def _times(tries: Tries) -> dict[str, str] | None:
    spread = five([time.total_seconds() for time in tries.times()])
    if spread is None:
        return None
    names = ("lower", "median", "upper")
    return {name: _duration(getattr(spread, name)) for name in names}


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return _("{count} min").format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} h").format(count=f"{minutes / 60:.0f}")
    return _("{count} days").format(count=f"{minutes / 1440:.1f}")


def _failures(item: Item, failures: Failures) -> dict[str, Any]:
    labels = _labels(item) if any(part.kind == "step" for part in failures.parts) else {}
    parts: list[dict[str, Any]] = [
        {
            "line": part,
            "title": labels.get(part.name, part.title) if part.kind == "step" else part.title,
            "text": shown_share(part.failed) if part.failed else "",
            "bar": bar(part.failed.value) if part.failed else None,
        }
        for part in failures.parts
    ]
    speed = [
        {
            "line": one,
            "median": short(one.values.median, 3),
            "rows": [
                (
                    short(t.value, 4),
                    f"{100 * t.worth:g}",
                    shown_share(t.reached),
                    bar(t.reached.value),
                )
                for t in one.thresholds
            ],
        }
        for one in failures.speed
    ]
    return {
        "parts": parts,
        "never": [part for part in parts if part["line"].never_failed],
        "mistakes": [
            (one, shown_share(one.students), bar(one.students.value)) for one in failures.mistakes
        ],
        "unnamed": failures.unnamed,
        "speed": speed,
    }


def _labels(item: Item) -> dict[str, str]:
    """What steps are called on the page of the exercise."""
    prepared = StudentItem.objects.filter(item=item, practice=0).exclude(form=None)
    form = prepared.values_list("form", flat=True).order_by("-pk").first() or {}
    return {
        field["id"]: field.get("label") or field.get("text") or field["id"]
        for field in form.get("fields", ())
    }


def _are_few(draws: list[DrawLine]) -> bool:
    return any(one.is_worse is None for one in draws)
