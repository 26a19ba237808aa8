"""Marks written into a file that a learning platform exported: upload, look, download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gradus.gradebook.exports import fill_in, kept, lms_file
from gradus.gradebook.exports.files import record_filled
from gradus.gradebook.exports.table import GradeTable, grade_table
from gradus.gradebook.grid import make_grid
from gradus.gradebook.models import FillInFile
from gradus.lib.downloads import download_headers
from gradus.web.exports import exporter_or_refused
from gradus.web.http import SignedInRequest
from gradus.web.roster import around
from gradus.web.text import visible

MOST_NAMES = 200


class FillInForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File from your learning platform"),
        help_text=gettext_lazy(
            "As Canvas, Moodle, Brightspace or Blackboard exported it; at most 4 MiB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xls,text/csv,text/plain"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > lms_file.MAX_BYTES:
            raise forms.ValidationError(_("{file} is larger than 4 MiB.").format(file=upload.name))
        if str(upload.name).lower().endswith((".xlsx", ".ods", ".numbers")):
            told = _("{file} is a spreadsheet. Upload the file that the platform exported.")
            raise forms.ValidationError(told.format(file=upload.name))
        return upload


@dataclass(frozen=True, slots=True)
class Choice:
    """A column of the file, and what goes into it."""

    number: int
    title: str
    chosen: str  # key of one of our columns; empty: stays as it is


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = exporter_or_refused(request, course_id)
    form = FillInForm(request.POST or None, request.FILES or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = kept.keep(
                course=enrolment.course, uploader=request.user, name=visible(file.name),
                data=file.read(), now=timezone.now(),
            )  # fmt: skip
        except lms_file.FillInRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:fill_in_preview", course_id, found.pk)
    context = {**around(enrolment), "tab": "gradebook", "form": form, "refused": refused}
    status = 422 if refused or form.errors else 200
    return render(request, "web/fill_in.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: SignedInRequest, course_id: int, upload_id: int) -> HttpResponse:
    """What would be written where, and who is on one side only; a post downloads the file."""
    enrolment = exporter_or_refused(request, course_id)
    mine = FillInFile.objects.filter(course=enrolment.course, uploader=request.user)
    found = get_object_or_404(mine, pk=upload_id)
    asked = request.POST if request.method == "POST" else request.GET
    table = grade_table(
        make_grid(enrolment.course, timezone.now()),
        by_assignment=asked.get("columns") == "assignments",
        missing_is_zero=asked.get("missing") == "zero",
    )
    sheet = lms_file.read(bytes(found.data))
    choices = _choices(sheet, table, asked)
    refused, filled = "", None
    try:
        filled = fill_in.fill(sheet, table, {c.number: c.chosen for c in choices if c.chosen})
    except lms_file.FillInRefused as refusal:
        refused = refusal.message
    if request.method == "POST" and filled is not None:
        record_filled(
            course=enrolment.course, name=found.name, platform=sheet.platform,
            written=filled.written,
        )  # fmt: skip
        return _download(found, sheet, filled.data)
    context: dict[str, Any] = {
        **around(enrolment),
        "tab": "gradebook",
        "upload": found,
        "platform": sheet.platform,
        "choices": choices,
        "columns": table.columns,
        "by_assignment": asked.get("columns") == "assignments",
        "missing_is_zero": asked.get("missing") == "zero",
        "filled": filled,
        "refused": refused,
    }
    if filled is not None:
        context["strangers"] = [visible(text) for text in filled.not_in_course[:MOST_NAMES]]
        context["absent"] = [visible(s.sorted_name) for s in filled.not_in_file[:MOST_NAMES]]
    status = 422 if request.method == "POST" else 200
    return render(request, "web/fill_in_preview.html", context, status=status)


def _choices(sheet: lms_file.Sheet, table: GradeTable, asked: Any) -> list[Choice]:
    proposed = {} if "chosen" in asked else fill_in.proposed(sheet, table)
    return [
        Choice(number, visible(title), asked.get(f"c{number}", proposed.get(number, "")))
        for number, title in sheet.score_columns().items()
    ]


def _download(found: FillInFile, sheet: lms_file.Sheet, data: bytes) -> HttpResponse:
    charset = "utf-16" if sheet.encoding.startswith("utf-16") else "utf-8"
    stem = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "-" for c in found.name)
    return HttpResponse(
        data,
        content_type=f"text/csv; charset={charset}",
        headers=download_headers(f"filled-{stem}"),
    )
