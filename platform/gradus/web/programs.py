"""Programs that act for a person: allow one that asks, make a token, see and end what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gradus.accounts import device_login, services
from gradus.accounts.models import ApiToken, Right, User
from gradus.courses.models import STAFF, Course, Enrolment
from gradus.web.http import SignedInRequest
from gradus.web.text import visible

MOST_TOKENS = 50
UNKNOWN_CODE = gettext_lazy(
    "No program waits with this code. It is valid for ten minutes; begin again there."
)


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    def label_from_instance(self, obj: Any) -> str:
        return visible(f"{obj.title}, {obj.term}" if obj.term else obj.title)


class TokenForm(forms.Form):
    """A token for a script."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What it is for, as “nightly export”."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        choices=[
            (30, gettext_lazy("30 days")),
            (180, gettext_lazy("180 days")),
            (365, gettext_lazy("a year")),
        ],
        initial=180,
    )
    course = CourseField(
        Course.objects.none(), required=False,
        empty_label=gettext_lazy("All that I may do, everywhere"),
        label=gettext_lazy("Good for"),
        help_text=gettext_lazy("A course whose staff you are; the token opens nothing else."),
    )  # fmt: skip
    rights = forms.MultipleChoiceField(
        choices=Right.choices, required=False, widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Rights in the course"),
        help_text=gettext_lazy("Never more than your role there allows."),
    )  # fmt: skip

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["course"]
        assert isinstance(field, forms.ModelChoiceField)
        mine = Enrolment.objects.filter(user=user, is_active=True, role__in=STAFF)
        staffed = Course.objects.filter(enrolments__in=mine).order_by("is_archived", "title", "pk")
        field.queryset = staffed
        self.has_courses = staffed.exists()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        course, rights = data.get("course"), data.get("rights")
        if course and not rights and "rights" not in self.errors:
            self.add_error("rights", _("Choose at least one right."))
        if rights and not course and "course" not in self.errors:
            self.add_error("course", _("Rights belong to a course; choose one."))
        return data


@login_required
@require_http_methods(["GET", "POST"])
def allow(request: SignedInRequest) -> HttpResponse:
    """Type the code that a program shows, see who asks, allow or refuse."""
    now = timezone.now()
    code = (request.POST or request.GET).get("code", "")[:40]
    if request.method == "GET" or not code:  # looking a code up counts as a guess: POST alone does
        return render(request, "web/allow_program.html", {"code": code})
    if not ratelimit.consume(request, action="device_guess", user=request.user):
        problem = _("Too many codes were tried. Wait ten minutes, then begin again in the program.")
        return render(request, "web/allow_program.html", {"problem": problem}, status=429)
    login = device_login.find(code, now=now)
    if login is None:
        shown = {"problem": UNKNOWN_CODE, "code": code}
        return render(request, "web/allow_program.html", shown, status=422)
    decision = request.POST.get("decision")
    if decision not in ("allow", "refuse"):
        return render(request, "web/allow_program.html", {"login": login})
    allowed = decision == "allow"
    if not device_login.decide(login=login, user=request.user, allow=allowed, now=now):
        return render(request, "web/allow_program.html", {"problem": UNKNOWN_CODE}, status=422)
    if allowed:
        messages.success(
            request,
            _("{program} may act for you. You can close this page.").format(program=login.client),
        )
    else:
        messages.success(
            request, _("{program} was refused, and got nothing.").format(program=login.client)
        )
    return redirect("web:tokens")


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's tokens, and a form for a new one, whose text is shown once."""
    form = TokenForm(request.user, request.POST if request.method == "POST" else None)
    made, text, status = None, None, 200
    if request.method == "POST":
        if request.user.api_tokens.count() >= MOST_TOKENS:
            form.add_error(
                None, _("You have {count} tokens. End one first.").format(count=MOST_TOKENS)
            )
        if form.is_valid():
            made, text = _make(request.user, form.cleaned_data)
            form = TokenForm(request.user)
        else:
            status = 422
    context: dict[str, Any] = {"form": form, "made": made, "text": text, "now": timezone.now()}
    context["tokens"] = _shown(request.user)
    response = render(request, "web/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _make(user: User, data: Mapping[str, Any]) -> tuple[ApiToken, str]:
    course = data.get("course")
    return services.create_token(
        user=user,
        name=data["name"],
        expires_at=timezone.now() + timedelta(days=data["days"]),
        course_id=course.pk if course else None,
        rights=[Right(value) for value in data.get("rights", ())] if course else (),
    )


@dataclass(frozen=True, slots=True)
class ShownToken:
    token: ApiToken
    course: str  # empty: everywhere
    rights: str


def _shown(user: User) -> list[ShownToken]:
    """Newest first. Two queries."""
    tokens = list(user.api_tokens.order_by("-created_at", "-pk"))
    ids = {token.course_id for token in tokens if token.course_id is not None}
    titles = dict(Course.objects.filter(pk__in=ids).values_list("pk", "title")) if ids else {}
    return [
        ShownToken(
            token,
            "" if token.course_id is None else visible(titles.get(token.course_id, _("a course"))),
            ", ".join(right for right in Right if right in token.right_set),
        )
        for token in tokens
    ]


@login_required
@require_POST
def token_end(request: SignedInRequest, token_id: int) -> HttpResponse:
    token = ApiToken.objects.filter(pk=token_id, user=request.user).first()
    if token is None:
        raise Http404
    services.revoke_token(token=token)
    messages.success(request, _("“{name}” no longer works.").format(name=token.name))
    return redirect("web:tokens")
