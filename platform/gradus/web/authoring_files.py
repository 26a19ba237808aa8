"""One file of an own exercise: edited, made, taken away, brought back; the statement's preview."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradus.authoring import selectors, services
from gradus.authoring.errors import AuthoringRefused, ChangedMeanwhile, FilesRefused
from gradus.authoring.files import MOST_TYPED_BYTES, refuse_path
from gradus.authoring.models import CopyFile, WorkingCopy
from gradus.courses.models import Enrolment
from gradus.lib.downloads import download_headers
from gradus.lib.markdown import render as render_markdown
from gradus.web.authoring import about, copy_or_404, own_copy_or_refused
from gradus.web.difference import changed_code
from gradus.web.http import SignedInRequest

STATEMENT = "statement.md"


@login_required
@require_http_methods(["GET", "POST"])
def file(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    viewer, copy = copy_or_404(request, course_id, copy_id)
    path = request.GET.get("path", "")
    if request.method == "POST":
        own_copy_or_refused(request, course_id, copy_id)
        return _save(request, viewer, copy, path)
    found = _there(copy, path)
    if found is None:
        raise Http404
    text = as_text(bytes(found.data))
    context = {"text": text, "base": found.sha256, "is_text": text is not None}
    return _page(request, viewer, copy, path, context)


def _save(
    request: SignedInRequest, viewer: Enrolment, copy: WorkingCopy, path: str
) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    context: dict[str, Any] = {"text": text, "base": request.POST.get("base", "")[:64]}
    context["is_text"] = True
    data = text.encode("utf-8", "replace")
    try:
        if len(data) > MOST_TYPED_BYTES:
            raise FilesRefused(
                _("The text has {count:,} bytes; {most:,} can be edited here.").format(
                    count=len(data), most=MOST_TYPED_BYTES
                )
            )
        services.save_file(
            copy=copy, path=path, data=data, base=context["base"], actor=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except ChangedMeanwhile as refusal:
        theirs = as_text(refusal.theirs) if refusal.theirs is not None else None
        context |= {"refused": refusal.message, "base": refusal.sha256, "is_conflict": True}
        context |= {"theirs": changed_code(theirs or "", text) if theirs is not None else None}
        return _page(request, viewer, copy, path, context, status=409)
    except AuthoringRefused as refusal:
        return _page(
            request, viewer, copy, path, context | {"refused": refusal.message}, status=422
        )
    messages.success(request, _("{path} is stored.").format(path=path))
    return redirect(_address(copy, path))


@login_required
@require_POST
def file_new(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """A new file: empty, or one from the author's computer; then it may also replace another."""
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    path, sent = request.POST.get("path", "").strip(), request.FILES.get("file")
    if sent is not None and (not path or path.endswith("/")):
        path += str(sent.name)
    there = _there(copy, path) if sent is not None else None
    try:
        if not path:
            raise FilesRefused(_("Say where the file belongs, such as wrong/sum_not_mean.py."))
        services.save_file(
            copy=copy, path=path, data=sent.read() if sent is not None else b"",
            base=there.sha256 if there else "", actor=request.user, now=timezone.now(),
        )  # fmt: skip
    except ChangedMeanwhile:
        messages.error(request, _("{path} is there already; this is it.").format(path=path))
        return redirect(_address(copy, path))
    except AuthoringRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("web:own_exercise", course_id, copy_id)
    messages.success(request, _("{path} is stored.").format(path=path))
    return redirect(_address(copy, path))


@login_required
@require_GET
def raw(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """One file as it is, to be kept; never shown by the browser."""
    __, copy = copy_or_404(request, course_id, copy_id)
    found = _there(copy, request.GET.get("path", ""))
    if found is None:
        raise Http404
    headers = download_headers(found.path.rpartition("/")[2])
    data = bytes(found.data)
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


@login_required
@require_POST
def delete(request: SignedInRequest, course_id: int, copy_id: int, file_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    said = _("{path} is deleted; see below to undo it.")
    return _done(request, copy, services.delete_file, file_id, said)


@login_required
@require_POST
def restore(request: SignedInRequest, course_id: int, copy_id: int, file_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    said = _("{path} is back as it was.")
    return _done(request, copy, services.restore_file, file_id, said)


def _done(
    request: SignedInRequest, copy: WorkingCopy, act: Any, file_id: int, said: str
) -> HttpResponse:
    try:
        found = act(copy=copy, file_id=file_id, actor=request.user, now=timezone.now())
    except AuthoringRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said.format(path=found.path))
    return redirect("web:own_exercise", copy.course_id, copy.pk)


@login_required
@require_POST
def statement(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """The typed statement as students would read it; nothing is stored."""
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    text = request.POST.get("text", "")[:MOST_TYPED_BYTES]
    shown = _shown(text, copy, request.user.pk)
    return render(request, "web/authoring/statement.html", {"shown": shown})


def _page(
    request: SignedInRequest,
    viewer: Enrolment,
    copy: WorkingCopy,
    path: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {**about(viewer, copy, "files"), "path": path, "address": _address(copy, path)} | (
        context
    )
    context["is_python"] = path.endswith(".py")
    if path == STATEMENT and context["text"] is not None:
        context["shown"] = _shown(context["text"], copy, request.user.pk)
    return render(request, "web/authoring/file.html", context, status=status)


def _shown(text: str, copy: WorkingCopy, user_id: int) -> str:
    """With the numbers of the author's last preview, where there was one."""
    last = selectors.last_preview(copy, user_id)
    numbers = (last.prepared or {}).get("numbers") if last else None
    return mark_safe(render_markdown(text, numbers or {}))  # noqa: S308 render cleans it


def _there(copy: WorkingCopy, path: str) -> CopyFile | None:
    try:
        refuse_path(path)
    except FilesRefused:
        return None
    return copy.files.filter(path=path, gone_at=None).first()


def as_text(data: bytes) -> str | None:
    """None: it cannot be edited here."""
    if len(data) > MOST_TYPED_BYTES or b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _address(copy: WorkingCopy, path: str) -> str:
    page = reverse("web:own_file", args=[copy.course_id, copy.pk])
    return f"{page}?{urlencode({'path': path})}"
