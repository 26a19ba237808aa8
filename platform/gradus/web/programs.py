"""Programs that act for a person: allow one that asks, make a token, see and end what there is."""

from __future__ import annotations

from datetime import timedelta

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gradus.accounts import device_login, services
from gradus.accounts.models import ApiToken
from gradus.web.http import SignedInRequest

MOST_TOKENS = 50
UNKNOWN_CODE = "No program waits with this code. It is valid for ten minutes; begin again there."


class TokenForm(forms.Form):
    """A token for a script."""

    name = forms.CharField(max_length=80, help_text="What it is for, as “nightly export”.")
    days = forms.TypedChoiceField(
        label="Valid for",
        coerce=int,
        choices=[(30, "30 days"), (180, "180 days"), (365, "a year")],
        initial=180,
    )


@login_required
@require_http_methods(["GET", "POST"])
def allow(request: SignedInRequest) -> HttpResponse:
    """Type the code that a program shows, see who asks, allow or refuse."""
    now = timezone.now()
    code = (request.POST or request.GET).get("code", "")[:40]
    if request.method == "GET" or not code:  # looking a code up counts as a guess: POST alone does
        return render(request, "web/allow_program.html", {"code": code})
    if not ratelimit.consume(request, action="device_guess", user=request.user):
        problem = "Too many codes were tried. Wait ten minutes, then begin again in the program."
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
        messages.success(request, f"{login.client} may act for you. You can close this page.")
    else:
        messages.success(request, f"{login.client} was refused, and got nothing.")
    return redirect("web:tokens")


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's tokens, and a form for a new one, whose text is shown once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    text, status = None, 200
    if request.method == "POST":
        if request.user.api_tokens.count() >= MOST_TOKENS:
            form.add_error(None, f"You have {MOST_TOKENS} tokens. End one first.")
        if form.is_valid():
            days = timedelta(days=form.cleaned_data["days"])
            _, text = services.create_token(
                user=request.user, name=form.cleaned_data["name"], expires_at=timezone.now() + days
            )
            form = TokenForm()
        else:
            status = 422
    rows = request.user.api_tokens.order_by("-created_at", "-pk")
    context = {"form": form, "tokens": rows, "text": text, "now": timezone.now()}
    response = render(request, "web/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def token_end(request: SignedInRequest, token_id: int) -> HttpResponse:
    token = ApiToken.objects.filter(pk=token_id, user=request.user).first()
    if token is None:
        raise Http404
    services.revoke_token(token=token)
    messages.success(request, f"“{token.name}” no longer works.")
    return redirect("web:tokens")
