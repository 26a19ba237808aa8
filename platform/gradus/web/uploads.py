"""A file from one's own computer into the editor: a Python file at once, a notebook by cells."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gradus.courses.models import Enrolment, Item
from gradus.lib.refusal import Refused
from gradus.submissions import policy, services
from gradus.submissions.drafts import services as drafts
from gradus.submissions.drafts.models import Why
from gradus.submissions.errors import MayNotSubmit, PartsRefused
from gradus.submissions.models import StudentItem
from gradus.web import own_work
from gradus.web.http import SignedInRequest, item_or_404, refusal_page
from gradus.web.items import preparing_page, refused_page
from gradus.web.notebook import TAG, defined_names, missing_names, read_notebook
from gradus.web.own_work import typed_parts
from gradus.web.text import visible

PREVIEW = "web/notebook.html"


@login_required
@require_POST
def upload(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Put the chosen file into the draft, or show the cells of a notebook to choose from."""
    found, enrolment = _code_item_or_404(request, item_id)
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    if not mine.is_prepared:
        return preparing_page(request, found, mine)
    try:
        if not policy.may_submit(enrolment, found):
            raise MayNotSubmit
        file = request.FILES.get("file")
        if file is None:
            raise PartsRefused(_("Choose a file first, a .py or an .ipynb."))
        own_work.remember(request, found, enrolment, mine, with_file=False)
        if str(file.name).lower().endswith(".ipynb"):
            return _preview(request, found, mine, file)
        parts = typed_parts(request.POST, found, mine, request.FILES)
        _save(found, enrolment, parts, Why.UPLOAD)
    except Refused as refusal:
        return refused_page(request, found, enrolment, refusal)
    said = _("{name} is in the editor. What was there before is in the history.")
    messages.success(request, said.format(name=visible(str(file.name))))
    return redirect("web:item", found.pk)


@login_required
@require_POST
def notebook(request: SignedInRequest, item_id: int) -> HttpResponse:
    """Put the chosen cells, one after the other, into the draft."""
    found, enrolment = _code_item_or_404(request, item_id)
    mine = services.open_item(enrolment=enrolment, item=found, now=timezone.now())
    if not mine.is_prepared:
        return preparing_page(request, found, mine)
    cells = [text.replace("\r\n", "\n") for text in request.POST.getlist("cell")]
    try:
        if not cells:
            raise PartsRefused(
                _("No cell is chosen. Choose at least one, or go back to the editor.")
            )
        work = own_work.newest(found, enrolment, mine)
        parts = dict(work.draft.parts) if work.draft else {}
        parts["solution.py"] = "\n\n\n".join(cells).rstrip() + "\n"
        _save(found, enrolment, parts, Why.NOTEBOOK)
    except Refused as refusal:
        context = {**_around(found), "refused": refusal.message, "cells": []}
        return refusal_page(request, PREVIEW, context, refusal)
    said = ngettext(
        "%d cell is in the editor. What was there before is in the history.",
        "%d cells are in the editor. What was there before is in the history.",
        len(cells),
    )
    messages.success(request, said % len(cells))
    return redirect("web:item", found.pk)


def _preview(
    request: SignedInRequest, item: Item, mine: StudentItem, file: UploadedFile[bytes]
) -> HttpResponse:
    """Raises: PartsRefused."""
    name = visible(str(file.name))
    wanted = sorted(defined_names(mine.starter))
    try:
        cells = read_notebook(file.read(), wanted)
    except PartsRefused as refusal:
        raise PartsRefused(f"{name}: {refusal.message}") from refusal
    context = {
        "cells": cells,
        "name": name,
        "wanted": wanted,
        "missing": _as_code(missing_names(cells, wanted)),
        "is_tagged": any(cell.is_tagged for cell in cells),
    }
    return render(request, PREVIEW, _around(item) | context)


def _as_code(names: list[str]) -> SafeString:
    return format_html_join(", ", "<code>{}</code>", ([name] for name in names))


def _save(item: Item, enrolment: Enrolment, parts: dict[str, str], why: Why) -> None:
    """An act of its own: it replaces whatever was saved last, which joins the history."""
    now = timezone.now()
    drafts.save(enrolment=enrolment, item=item, parts=parts, origin=None, now=now, why=why)


def _code_item_or_404(request: SignedInRequest, item_id: int) -> tuple[Item, Enrolment]:
    found, enrolment = item_or_404(request, item_id)
    if not found.version.has_code:
        raise Http404
    return found, enrolment


def _around(item: Item) -> dict[str, object]:
    return {
        "place": "course",
        "course": item.assignment.course,
        "item": item,
        "tag": TAG,
    }
