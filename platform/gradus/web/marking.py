"""Marking by a rubric: what is to do, and one student's work with the rubric beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from gradus.courses.models import Enrolment, Item
from gradus.gradebook import policy
from gradus.gradebook.errors import GradeRefused
from gradus.gradebook.history import history_of
from gradus.gradebook.models import HumanMark, Rubric, RubricRelease
from gradus.gradebook.rubrics import criteria, selectors, services
from gradus.gradebook.rubrics.errors import MarkedMeanwhile
from gradus.gradebook.rubrics.selectors import Paper
from gradus.gradebook.rubrics.services import Choice
from gradus.submissions.models import Submission
from gradus.submissions.selectors import standing
from gradus.web.code import shown_code
from gradus.web.http import SignedInRequest, enrolment_or_404, item_or_404
from gradus.web.roster import around
from gradus.web.submissions import marked_sheet
from gradus.web.text import visible

_OTHER_WORK = _("Other work counts now: it came, or was graded again, while you read. Look at it.")


@dataclass(frozen=True, slots=True)
class Desk:
    """An item with everything that is to mark of it."""

    item: Item
    viewer: Enrolment
    rubric: Rubric
    papers: list[Paper]
    release: RubricRelease | None

    @property
    def shows_names(self) -> bool:
        return not self.rubric.is_anonymous or self.release is not None

    def name_of(self, paper: Paper) -> str:
        user = paper.enrolment.user
        return visible(user.shown_name) if self.shows_names else ""


class MarkingForm(forms.Form):
    """A level for each criterion, and a comment."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=services.MOST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The student reads it beside the levels, once marks are told."),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, max_value=2**53, widget=forms.HiddenInput)
    attempt = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)

    def __init__(self, asked: criteria.Criteria, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, one in enumerate(asked):
            self.fields[f"level-{place}"] = forms.TypedChoiceField(
                label=one.title, coerce=int,
                choices=[(k, level.title) for k, level in enumerate(one.levels)],
                error_messages={
                    "required": _("Choose a level."), "invalid_choice": _("No such level."),
                },
            )  # fmt: skip
        self.asked = asked

    def with_data(self, **fields: int | None) -> MarkingForm:
        """The same choice, beside what is there now."""
        return MarkingForm(self.asked, {**dict(self.data.items()), **fields})

    @property
    def choice(self) -> Choice:
        data = self.cleaned_data
        levels = [data[f"level-{place}"] for place in range(len(self.asked))]
        return Choice(levels, data["comment"], data["seen"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Criteria for the page."""
        return [
            {
                "name": f"level-{place}",
                "title": one.title,
                "most": criteria.shown(one.most),
                "errors": self[f"level-{place}"].errors,
                "levels": [
                    {
                        "value": k,
                        "points": criteria.shown(level.points),
                        "title": level.title,
                        "chosen": str(self[f"level-{place}"].value()) == str(k),
                    }
                    for k, level in enumerate(one.levels)
                ],
            }
            for place, one in enumerate(self.asked)
        ]


@login_required
@require_GET
def markings(request: SignedInRequest, course_id: int) -> HttpResponse:
    """Everything of a course that people mark."""
    viewer = enrolment_or_404(request, course_id)
    if not viewer.is_staff:
        raise Http404
    context = {**around(viewer), "tab": "marking", "rows": selectors.marking_of(viewer.course)}
    return render(request, "web/markings.html", context)


@login_required
@require_GET
def marking(request: SignedInRequest, item_id: int) -> HttpResponse:
    """What is to mark of one item."""
    item, viewer = item_or_404(request, item_id)
    if not viewer.is_staff:
        raise Http404
    desk = _desk(item, viewer)
    rows = [(paper, desk.name_of(paper)) for paper in desk.papers] if desk else []
    todo = [paper for paper, _ in rows if paper.is_open]
    context = {
        **around(viewer),
        "tab": "marking",
        "item": item,
        "desk": desk,
        "rows": rows,
        "todo": len(todo),
        "next": todo[0] if todo else None,
        "may_mark": policy.may_mark(viewer),
        "may_set": policy.may_set_rubric(viewer),
    }
    return render(request, "web/marking.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: SignedInRequest, item_id: int, code: str) -> HttpResponse:
    item, viewer = item_or_404(request, item_id)
    desk = _desk(item, viewer) if policy.may_mark(viewer) else None
    found = [one for one in desk.papers if one.code == code] if desk else []
    if desk is None or not found:
        raise Http404
    if request.method == "GET":
        return _paper(request, desk, found[0], None)
    asked = criteria.from_json(desk.rubric.criteria)
    form = MarkingForm(asked, request.POST)
    if not form.is_valid():
        return _paper(request, desk, found[0], form, status=422)
    return _mark(request, desk, found[0], form)


def _mark(request: SignedInRequest, desk: Desk, one: Paper, form: MarkingForm) -> HttpResponse:
    read = _read(desk, one)
    if read.attempt != form.cleaned_data["attempt"]:
        form = form.with_data(attempt=read.attempt)
        return _paper(request, desk, one, form, refused=str(_OTHER_WORK), status=409)
    try:
        services.mark(
            rubric=desk.rubric, student=one.enrolment, submission=read,
            choice=form.choice, actor=request.user, now=timezone.now(),
        )  # fmt: skip
    except GradeRefused as refusal:
        meanwhile = isinstance(refusal, MarkedMeanwhile)
        if meanwhile:  # show the other's mark, keep this choice, and let it be sent on purpose
            desk = _desk(desk.item, desk.viewer) or desk
            one = next((p for p in desk.papers if p.code == one.code), one)
            form = form.with_data(seen=one.mark.pk if one.mark else 0)
        return _paper(
            request, desk, one, form, refused=refusal.message, meanwhile=meanwhile, status=409
        )
    following = _following(desk.papers, one)
    if following is None:
        messages.success(request, gettext("Everything is marked."))
        return redirect("web:marking", desk.item.pk)
    return redirect("web:paper", desk.item.pk, following.code)


def _paper(
    request: SignedInRequest,
    desk: Desk,
    one: Paper,
    form: MarkingForm | None,
    *,
    refused: str = "",
    meanwhile: bool = False,
    status: int = 200,
) -> HttpResponse:
    asked = criteria.from_json(desk.rubric.criteria)
    read = _read(desk, one)
    state = standing(read, desk.viewer, timezone.now())
    source = read.parts.get("solution.py")
    place = desk.papers.index(one)
    context = {
        **around(desk.viewer),
        "tab": "marking",
        "item": desk.item,
        "paper": one,
        "person": desk.name_of(one),
        "place": "course",
        "number": place + 1,
        "count": len(desk.papers),
        "before": desk.papers[place - 1] if place else None,
        "after": desk.papers[place + 1] if place + 1 < len(desk.papers) else None,
        "form": form or MarkingForm(asked, initial=_initial(desk, one, read)),
        "code": shown_code(source) if source else None,
        "sheet": marked_sheet(read, state.verdict or {}, desk.viewer),
        "worth": state.points,
        "refused": refused,
        "meanwhile": _lines(one.mark) if meanwhile and one.mark else [],
        "is_told": desk.release is not None,
        "total": criteria.shown(desk.rubric.points),
    }
    return render(request, "web/paper.html", context, status=status)


def _desk(item: Item, viewer: Enrolment) -> Desk | None:
    """None where people mark nothing."""
    last = selectors.newest_rubric(item)
    if last is None or not last.criteria:
        return None
    release = selectors.release_of(item)
    return Desk(item, viewer, last, selectors.papers(item, last), release)


def _read(desk: Desk, one: Paper) -> Submission:
    """What is read: the submission that counts, else the newest that has a verdict."""
    known = history_of(one.enrolment, desk.item, timezone.now())
    counts = known.by_submissions.submission_id if known.by_submissions else None
    chosen = Submission.objects.with_standing().select_related("student_item")
    return chosen.get(pk=counts or one.submission_id)


def _initial(desk: Desk, one: Paper, read: Submission) -> dict[str, object]:
    mark = one.mark
    found: dict[str, object] = {"seen": mark.pk if mark else 0, "attempt": read.attempt}
    if mark is not None:
        found["comment"] = mark.comment
        if mark.rubric_id == desk.rubric.pk:  # levels of an earlier rubric may mean other things
            found |= {f"level-{place}": level for place, level in enumerate(mark.levels)}
    return found


def _lines(mark: HumanMark) -> list[str]:
    """What somebody else gave, and who."""
    asked = criteria.from_json(mark.rubric.criteria)
    both = zip(asked, mark.levels, strict=True)
    given = [
        f"{one.title}: {criteria.shown(one.levels[k].points)} {one.levels[k].title}"
        for one, k in both
    ]
    who = gettext("By {person}").format(person=visible(mark.marker.shown_name))
    return [who, *given, *([mark.comment] * bool(mark.comment))]


def _following(papers: Sequence[Paper], one: Paper) -> Paper | None:
    """The next one that nobody has marked, round the corner too."""
    place = papers.index(one)
    return next((p for p in [*papers[place + 1 :], *papers[:place]] if p.is_open), None)
