"""A course's own exercises: the list, the wizard, one of them with its files, archives of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradus.authoring import archive, policy, scaffold, selectors, services
from gradus.authoring.errors import AuthoringRefused, FilesRefused
from gradus.authoring.models import AuthorJob, WorkingCopy
from gradus.authoring.services.copies import with_id
from gradus.authoring.services.publishing import is_newest, why_not
from gradus.catalog.models import Exercise
from gradus.catalog.selectors import usable_exercises
from gradus.courses.models import Course, Enrolment
from gradus.lib.downloads import download_headers
from gradus.web.http import SignedInRequest, enrolment_or_404
from gradus.web.roster import around

BEGINNINGS = (
    ("code", gettext_lazy("Code: students write functions, checks call them")),
    ("performance", gettext_lazy("Fast code: correct first, then timed against a baseline")),
    ("by-hand", gettext_lazy("By hand: numbers of one's own, steps with tolerances")),
    ("quiz", gettext_lazy("Quiz: questions drawn from a pool")),
    ("copy", gettext_lazy("A copy of an exercise that is here")),
    ("zip", gettext_lazy("A zip archive of an exercise folder")),
)
_ARCHIVE = {"accept": ".zip,application/zip"}


class NewExerciseForm(forms.Form):
    begins = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        choices=BEGINNINGS,
        widget=forms.RadioSelect,
        initial="code",
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, required=False,
        help_text=gettext_lazy("What students read."),
    )  # fmt: skip
    slug = forms.CharField(
        label=gettext_lazy("Id"), max_length=60,
        help_text=gettext_lazy(
            "In addresses and files: lower-case letters, digits and hyphens. It stays."
        ),
    )  # fmt: skip
    source = forms.ModelChoiceField(
        label=gettext_lazy("Exercise to copy"),
        queryset=Exercise.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose one"),
    )
    file = forms.FileField(
        label=gettext_lazy("Archive"), required=False, widget=forms.FileInput(attrs=_ARCHIVE),
        help_text=format_lazy(
            gettext_lazy("At most {size} MB."), size=archive.MOST_ZIP_BYTES >> 20
        ),
    )  # fmt: skip

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = usable_exercises(course.pk)


@login_required
@require_GET
def exercises(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = reader_or_refused(request, course_id)
    last = selectors.last_verifications(viewer.course)
    copies = selectors.copies_of(viewer.course)
    published = selectors.published_digests(viewer.course)
    rows = [
        (copy, _state(copy, last.get(copy.pk), published.get(copy.exercise_id, "")))
        for copy in copies
    ]
    context = {
        **around(viewer),
        "tab": "exercises",
        "rows": [row for row in rows if row[0].deleted_at is None],
        "deleted": [row[0] for row in rows if row[0].deleted_at is not None],
    }
    return render(request, "web/authoring/exercises.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, course_id: int) -> HttpResponse:
    viewer = author_or_refused(request, course_id)
    form = NewExerciseForm(viewer.course, request.POST or None, request.FILES or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create(
                course=viewer.course, slug=form.cleaned_data["slug"], actor=request.user,
                files=_first_files(viewer.course, form.cleaned_data), now=timezone.now(),
            )  # fmt: skip
        except AuthoringRefused as refusal:
            refused = refusal.message
        else:
            return redirect("web:own_exercise", course_id, made.pk)
    context = {**around(viewer), "tab": "exercises", "form": form, "refused": refused}
    status = 422 if refused or form.errors else 200
    return render(request, "web/authoring/new.html", context, status=status)


@login_required
@require_GET
def exercise(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    viewer, copy = copy_or_404(request, course_id, copy_id)
    context = {
        **about(viewer, copy, "files"),
        "files": selectors.present_files(copy),
        "gone": selectors.gone_files(copy),
    }
    return render(request, "web/authoring/files.html", context)


@login_required
@require_POST
def delete(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    services.delete(copy=copy, now=timezone.now())
    messages.success(
        request, _("{title} is deleted. It can be brought back below.").format(title=copy.title)
    )
    return redirect("web:own_exercises", course_id)


@login_required
@require_POST
def restore(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    services.restore(copy=copy)
    messages.success(request, _("{title} is back.").format(title=copy.title))
    return redirect("web:own_exercise", course_id, copy_id)


@login_required
@require_GET
def download(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    __, copy = copy_or_404(request, course_id, copy_id)
    name = copy.exercise.slug
    packed = archive.write(name, services.take_files(copy=copy))
    headers = download_headers(f"{name}.zip")
    return HttpResponse(packed, content_type="application/zip", headers=headers)


@login_required
@require_POST
def upload(request: SignedInRequest, course_id: int, copy_id: int) -> HttpResponse:
    """Replace all files by those of an archive, or none of them."""
    __, copy = own_copy_or_refused(request, course_id, copy_id)
    try:
        files = with_id(_archive(request.FILES.get("file")), copy.exercise.slug)
        changed = services.replace_all(
            copy=copy, files=files, actor=request.user, now=timezone.now()
        )
    except AuthoringRefused as refusal:
        messages.error(request, _("Nothing was changed. {why}").format(why=refusal.message))
    else:
        messages.success(request, _stored(len(files), changed))
    return redirect("web:own_exercise", course_id, copy_id)


def _stored(count: int, copy: WorkingCopy) -> str:
    """The fault itself is on each page of the exercise."""
    said = ngettext(
        "The archive's {count} file is stored.", "The archive's {count} files are stored.", count
    )
    if copy.fault:
        said = ngettext(
            "The archive's {count} file is stored. It is no exercise yet.",
            "The archive's {count} files are stored. They are no exercise yet.",
            count,
        )
    return said.format(count=count)


def reader_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_read(viewer):
        raise PermissionDenied
    return viewer


def author_or_refused(request: SignedInRequest, course_id: int) -> Enrolment:
    viewer = enrolment_or_404(request, course_id)
    if not policy.may_author(viewer):
        raise PermissionDenied
    return viewer


def copy_or_404(
    request: SignedInRequest, course_id: int, copy_id: int
) -> tuple[Enrolment, WorkingCopy]:
    viewer = reader_or_refused(request, course_id)
    found = selectors.copy_of(viewer.course, copy_id)
    if found is None:
        raise Http404
    return viewer, found


def own_copy_or_refused(
    request: SignedInRequest, course_id: int, copy_id: int
) -> tuple[Enrolment, WorkingCopy]:
    viewer, found = copy_or_404(request, course_id, copy_id)
    if not policy.may_author(viewer):
        raise PermissionDenied
    return viewer, found


def about(viewer: Enrolment, copy: WorkingCopy, part: str) -> dict[str, Any]:
    """What every page of an own exercise needs."""
    last = selectors.last_verification(copy)
    return {
        **around(viewer),
        "tab": "exercises",
        "copy": copy,
        "part": part,
        "last": last,
        "why_not": why_not(copy, last),
        "is_published": is_newest(copy),
        "may_author": policy.may_author(viewer) and copy.deleted_at is None,
    }


def _first_files(course: Course, data: dict[str, Any]) -> dict[str, bytes]:
    """Raises: AuthoringRefused."""
    begins, slug = data["begins"], data["slug"]
    if begins == "zip":
        return with_id(_archive(data["file"]), slug)
    if begins == "copy":
        if data["source"] is None:
            raise FilesRefused(_("Choose the exercise to copy."))
        return services.copy_of_exercise(course, data["source"].pk, slug)
    return scaffold.files(begins, slug, data["title"])


def _archive(file: Any) -> dict[str, bytes]:
    if file is None:
        raise FilesRefused(_("Choose a zip archive first."))
    return archive.read(file.read(archive.MOST_ZIP_BYTES + 1))


def _state(copy: WorkingCopy, last: AuthorJob | None, published: str) -> tuple[str, str]:
    """Shape and word for the list."""
    if copy.digest == published:
        return "passed", _("Published")
    if copy.fault:
        return "failed", _("Not an exercise yet")
    if last is not None and last.is_open:
        return "running", _("Being verified")
    if not why_not(copy, last):
        return "passed", _("Every gate holds")
    if last is not None and last.digest == copy.digest and last.red_count:
        return "failed", _("Gates do not hold")
    return "waiting", _("To be verified")
