"""The scratch console under the editor: one's own calls in the sandbox, and what they gave."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gradus.lib.refusal import Refused
from gradus.submissions import selectors, services
from gradus.submissions.selectors import ConsoleCall
from gradus.web import own_work
from gradus.web.calls import ENTRY, LOG, shown_call
from gradus.web.forms import SourceForm
from gradus.web.http import SignedInRequest, item_or_404, refusal_page
from gradus.web.items import refused_page
from gradus.web.text import visible


@login_required
@require_POST
def call(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Make a call; with scripts the answer is its entry, without them the page of the item."""
    found, enrolment = item_or_404(request, item_id)
    form, now = SourceForm({"source": request.POST.get("source", "")}), timezone.now()
    form.is_valid()
    mine = services.open_item(enrolment=enrolment, item=found, now=now)
    own_work.remember(request, found, enrolment, mine, with_file=False)
    typed = request.POST.get("typed", "").replace("\r\n", "\n")
    try:
        made = services.call(
            enrolment=enrolment, item=found, source=form.text, typed=typed, now=now
        )
    except Refused as refusal:
        refused = {"refused": refusal.message, "typed": visible(typed)[:1000]}
        if request.htmx:
            return refusal_page(request, ENTRY, refused, refusal)
        return refused_page(request, found, enrolment, refusal)
    if not request.htmx:
        at = reverse("web:item", args=[found.pk])
        return HttpResponseRedirect(f"{at}#{LOG}")
    return _entry(request, selectors.console_call(request.user, made.pk))


@login_required
@require_GET
def answer(request: SignedInRequest, submission_id: int) -> HttpResponse:
    """The entry of one call, with its answer as soon as there is one."""
    return _entry(request, selectors.console_call(request.user, submission_id))


def _entry(request: SignedInRequest, found: ConsoleCall | None) -> HttpResponse:
    if found is None:
        raise Http404
    return render(request, ENTRY, {"call": shown_call(found, timezone.now()), "oob": True})
