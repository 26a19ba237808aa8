"""What people marked of an exercise, as its student reads it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gradus.gradebook.rubrics import selectors
from gradus.web.http import SignedInRequest, item_or_404
from gradus.web.roster import around


@login_required
@require_GET
def human_part(request: SignedInRequest, item_id: int) -> HttpResponse:
    """One's own; what is not told yet is not there."""
    item, enrolment = item_or_404(request, item_id)
    held = item.assignment.is_held and not enrolment.is_staff
    part = None if held else selectors.human_part(enrolment, item)
    context = {**around(enrolment), "tab": "grades", "item": item, "part": part}
    return render(request, "web/human_part.html", context)
