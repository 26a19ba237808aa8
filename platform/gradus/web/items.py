"""The page of an item: read the statement, run, submit, look back."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from gradus.courses.models import Enrolment, Item
from gradus.lib.refusal import Refused
from gradus.submissions import selectors, services
from gradus.submissions.errors import PartsRefused
from gradus.submissions.models import StudentItem
from gradus.web import item_page, own_work, sheets
from gradus.web.forms import SourceForm
from gradus.web.http import SignedInRequest, item_or_404, page_of, refusal_page
from gradus.web.rows import submission_rows
from gradus.web.text import visible

PREPARING_PAUSE = "1s"
STARTER_RUNS = gettext_noop(
    "The starter runs as it is. Press Run to see how the visible checks answer."
)
NOT_BEGUN = gettext_noop("They appear here with the first answers that you submit.")


@login_required
@require_GET
def item(request: SignedInRequest, item_id: int) -> HttpResponse:
    found, enrolment = item_or_404(request, item_id)
    now = timezone.now()
    student_item = services.open_item(enrolment=enrolment, item=found, now=now)
    if not student_item.is_prepared:
        return preparing_page(request, found, student_item)
    if request.htmx:  # the waiting page asks whether it may go on
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    page = item_page.first_view(found, enrolment, student_item, now)
    return render(request, page.template, page.context)


@login_required
@require_POST
def run(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Run the visible checks; with scripts the answer is the panel under the editor."""
    found, enrolment = item_or_404(request, item_id)
    now = timezone.now()
    try:
        own_work.remember(request, found, enrolment, _student_item(found, enrolment))
        parts = _parts(request, found, enrolment)
        made = services.run_visible(enrolment=enrolment, item=found, parts=parts, now=now)
    except Refused as refusal:
        if not request.htmx:
            return refused_page(request, found, enrolment, refusal)
        panel = {"refused": refusal.message} | item_page.last_run_panel(enrolment, found, now)
        return refusal_page(request, "web/parts/results.html", panel, refusal)
    if not request.htmx:
        return HttpResponseRedirect(reverse("web:item", args=[found.pk]) + "#results")
    return render(request, "web/parts/results.html", item_page.run_panel(made, enrolment, now))


@login_required
@require_POST
def submit(request: SignedInRequest, item_id: int) -> HttpResponse:
    found, enrolment = item_or_404(request, item_id)
    try:
        own_work.remember(request, found, enrolment, _student_item(found, enrolment))
        parts = _parts(request, found, enrolment)
        made = services.submit(enrolment=enrolment, item=found, parts=parts, now=timezone.now())
    except Refused as refusal:
        return refused_page(request, found, enrolment, refusal)
    return redirect("web:submission", made.pk)


@login_required
@require_POST
def read_answer(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Whether one typed number can be read, by the parser that marks it; nothing is stored."""
    found, enrolment = item_or_404(request, item_id)
    sheet = sheets.sheet_of(_student_item(found, enrolment).form)
    wanted = request.GET.get("field", "")
    entry = next((f for f in sheet.fields if f.id == wanted), None) if sheet else None
    if entry is None:
        raise Http404
    entry.value = request.POST.get(sheets.PREFIX + entry.id, "")[:400]
    return render(request, "web/parts/answer_error.html", {"error": sheets.unreadable(entry)})


@login_required
@require_GET
def history(request: SignedInRequest, item_id: int) -> HttpResponse:
    found, enrolment = item_or_404(request, item_id)
    page = page_of(request, selectors.history(enrolment, found, most=1000))
    context = {
        "place": "submissions",
        "course": found.assignment.course,
        "item": found,
        "heading": _("Your submissions"),
        "empty": _(STARTER_RUNS if found.version.has_code else NOT_BEGUN),
        "page": page,
        "show_changes": True,
        "rows": submission_rows(page.object_list, request.user, timezone.now()),
    }
    return render(request, "web/submissions.html", context)


def _student_item(item: Item, enrolment: Enrolment) -> StudentItem:
    return services.open_item(enrolment=enrolment, item=item, now=timezone.now())


def _parts(request: SignedInRequest, item: Item, enrolment: Enrolment) -> dict[str, str]:
    """The named parts of what was posted.

    Raises: PartsRefused, for a file that is no text and for answers that cannot be read.
    """
    parts = {}
    if item.version.has_code:
        form = SourceForm(request.POST, request.FILES)
        if not form.is_valid():
            raise PartsRefused(" ".join(str(e) for errors in form.errors.values() for e in errors))
        parts["solution.py"] = form.text
    sheet = (
        sheets.sheet_of(_student_item(item, enrolment).form) if item.version.has_answers else None
    )
    if sheet:
        may_be_blank = item.version.has_code
        parts["answers.json"] = answers_part(sheet, request.POST, may_be_blank=may_be_blank)
    return parts


def answers_part(sheet: sheets.Sheet, data: QueryDict, *, may_be_blank: bool = False) -> str:
    """answers.json of what was typed. Raises: PartsRefused; the fields then say what is wrong."""
    answers = sheets.read_answers(sheet, data)
    if sheet.unreadable:
        raise PartsRefused(_unreadable([visible(f.name) for f in sheet.unreadable]))
    if sheets.is_blank(answers) and not may_be_blank:
        raise PartsRefused(_("Every field is empty. Answer at least one."))
    return json.dumps(answers, ensure_ascii=False)


def _unreadable(names: list[str]) -> str:
    count, named = len(names), ", ".join(names[:4])
    if count > 4:
        said = _("{count} of your answers cannot be read: {named} and {more} more.")
        return said.format(count=count, named=named, more=count - 4)
    said = ngettext(
        "One of your answers cannot be read: {named}.",
        "{count} of your answers cannot be read: {named}.",
        count,
    )
    return said.format(count=count, named=named)


def refused_page(
    request: SignedInRequest, item: Item, enrolment: Enrolment, refusal: Refused
) -> HttpResponse:
    """The same page with everything that was typed, and why it was refused."""
    student_item = _student_item(item, enrolment)
    if not student_item.is_prepared:
        return preparing_page(request, item, student_item)
    page = item_page.refused_view(item, enrolment, student_item, request, refusal)
    return refusal_page(request, page.template, page.context, refusal)


def preparing_page(
    request: SignedInRequest, item: Item, student_item: StudentItem, page: str = "web:item"
) -> HttpResponse:
    """What is shown while numbers are drawn; it asks `page` whether they are there."""
    if request.htmx:
        return HttpResponse(status=204)
    context = {
        "item": item,
        "course": item.assignment.course,
        "student_item": student_item,
        "pause": PREPARING_PAUSE,
        "at": reverse(page, args=[item.pk]),
        "is_practice": student_item.practice > 0,
    }
    return render(request, "web/preparing.html", context)
