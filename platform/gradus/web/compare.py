"""The page of what changed from one submission to another of the same student and exercise."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gradus.courses.models import Enrolment
from gradus.submissions.models import Submission
from gradus.submissions.selectors import history, standing
from gradus.web import sheets
from gradus.web.difference import changed_checks, changed_code, changed_steps
from gradus.web.http import SignedInRequest, submission_or_404
from gradus.web.text import visible
from gradus.web.verdict import present

MOST_OTHERS = 50  # to choose from


@login_required
@require_GET
def changes(request: SignedInRequest, submission_id: int) -> HttpResponse:
    """Since `?since=`, or since the one before; the earlier of the two is always the old side."""
    found, viewer = submission_or_404(request, submission_id)
    if found.mode != Submission.Mode.SUBMIT:
        raise Http404
    others = [s for s in history(found.enrolment, found.item, most=MOST_OTHERS) if s != found]
    context = {
        "place": "submissions" if found.enrolment_id == viewer.pk else "course",
        "course": found.item.assignment.course,
        "item": found.item,
        "submission": found,
        "others": others,
        "person": "" if found.enrolment_id == viewer.pk else visible(_name(found)),
    }
    other = _other(others, found, request.GET.get("since", ""))
    if other is None:
        return render(request, "web/changes_none.html", context)
    old, new = sorted((other, found), key=lambda s: s.attempt or 0)
    return render(request, "web/changes.html", context | _context(old, new, other, viewer))


def _other(others: list[Submission], found: Submission, since: str) -> Submission | None:
    """Raises: Http404 for what is no other submission of this student for this item."""
    if since:
        chosen = next((s for s in others if str(s.pk) == since), None)
        if chosen is None:
            raise Http404
        return chosen
    before = (s for s in others if (s.attempt or 0) < (found.attempt or 0))
    return next(before, None)


def _context(
    old: Submission, new: Submission, other: Submission, viewer: Enrolment
) -> dict[str, Any]:
    now = timezone.now()
    before, after = standing(old, viewer, now), standing(new, viewer, now)
    checks = changed_checks(before.verdict, after.verdict)
    steps = changed_steps(before.verdict, after.verdict, _labels(new))
    return {
        "old": old,
        "new": new,
        "other": other,
        "before": present(before.verdict) if before.verdict else None,
        "after": present(after.verdict) if after.verdict else None,
        "checks": [check for check in checks if check.is_change],
        "same_checks": sum(not check.is_change for check in checks),
        "steps": [step for step in steps if step.is_change],
        "same_steps": sum(not step.is_change for step in steps),
        "code": changed_code(old.parts.get("solution.py", ""), new.parts.get("solution.py", "")),
    }


def _labels(submission: Submission) -> dict[str, str]:
    """What each answer is called; a question by its place, because its text may be long."""
    mine = submission.student_item
    sheet = sheets.sheet_of(mine.form) if mine else None
    if sheet is None:
        return {}
    asked = {
        question.id: _("Question {number}").format(number=k)
        for k, question in enumerate(sheet.questions, start=1)
    }
    return asked | {step.id: step.label for group in sheet.steps for step in group.fields}


def _name(submission: Submission) -> str:
    return submission.enrolment.user.shown_name
