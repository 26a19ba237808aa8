"""Versions of an own exercise: who uses which, what changed between two, items moved on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gradus.authoring import selectors, services
from gradus.authoring.errors import AuthoringRefused
from gradus.authoring.models import WorkingCopy
from gradus.authoring.selectors import PublishedVersion
from gradus.catalog.services import files_of
from gradus.web.authoring import about, copy_or_404, own_copy_or_refused
from gradus.web.authoring_files import as_text
from gradus.web.difference import CodeChange, changed_code
from gradus.web.http import SignedInRequest

WORKING = "working"  # the working copy among the versions to compare


@dataclass(frozen=True, slots=True)
class FileChange:
    path: str
    word: str  # added, deleted, changed
    code: CodeChange | None  # none: no text

    @property
    def said(self) -> str:
        """The word, with how much of a text that is."""
        if self.word == "added":
            return _("added")
        if self.word == "deleted":
            return _("deleted")
        if self.code is None or self.code.is_too_long:
            return _("changed")
        said = ngettext(
            "changed: {added} line added, {taken} taken away",
            "changed: {added} lines added, {taken} taken away",
            self.code.added,
        )
        return said.format(added=self.code.added, taken=self.code.taken)


@login_required
@require_GET
def versions(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    viewer, copy = copy_or_404(request, course_id, copy_id)
    known = selectors.versions_of(copy.exercise)
    ordinals = {one.version.pk: one.ordinal for one in known}
    items = [
        (item, ordinals.get(item.version_id, 0))
        for item in selectors.items_of(copy.exercise, viewer.course)
    ]
    context = {
        **about(viewer, copy, "versions"),
        "versions": known,
        "newest": ordinals.get(copy.exercise.newest_id or 0, 0),
        "items": items,
    }
    return render(request, "web/authoring/versions.html", context)


@login_required
@require_GET
def changes(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """File by file from `?from=` to `?to=`: ordinals of versions, or the working copy."""
    viewer, copy = copy_or_404(request, course_id, copy_id)
    known = {str(one.ordinal): one for one in selectors.versions_of(copy.exercise)}
    newest = next((k for k, v in known.items() if v.version.pk == copy.exercise.newest_id), "")
    old, new = request.GET.get("from", newest), request.GET.get("to", WORKING)
    if not known or any(side != WORKING and side not in known for side in (old, new)):
        raise Http404
    before, after = (_files(copy, known, side) for side in (old, new))
    context = {
        **about(viewer, copy, "versions"),
        "changes": changed_files(before, after),
        "sides": [*sorted(known, key=int), WORKING],
        "old": old,
        "new": new,
    }
    return render(request, "web/authoring/changes.html", context)


@login_required
@require_POST
def item_newest(
    request: SignedInRequest, course_id: int, copy_id: int, item_id: int
) -> HttpResponse:
    viewer, copy = own_copy_or_refused(request, course_id, copy_id)
    item = selectors.items_of(copy.exercise, viewer.course).filter(pk=item_id).first()
    if item is None:
        raise Http404
    try:
        services.move_to_newest(item=item)
    except AuthoringRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("{title} now uses the newest version.").format(title=item.assignment.title)
        )
    return redirect("web:own_versions", course_id, copy_id)


def changed_files(before: dict[str, bytes], after: dict[str, bytes]) -> list[FileChange]:
    """What differs, by path."""
    found = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        word = "added" if path not in before else "deleted" if path not in after else "changed"
        old, new = as_text(before.get(path, b"")), as_text(after.get(path, b""))
        is_text = old is not None and new is not None
        found.append(
            FileChange(path, word, changed_code(old or "", new or "") if is_text else None)
        )
    return found


def _files(copy: WorkingCopy, known: dict[str, PublishedVersion], side: str) -> dict[str, bytes]:
    """Without what was measured, which a working copy does not have."""
    if side == WORKING:
        return services.files_of(copy)
    files: dict[str, Any] = files_of(known[side].version.digest)
    files.pop("derived.json", None)
    return files
