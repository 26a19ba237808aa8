"""A page with one form: it acts when it is told to, shows a refusal, and leads on when done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from gradus.courses.errors import CourseRefused
from gradus.web.http import SignedInRequest

Act = Callable[[dict[str, Any]], str]


def form_page(
    request: SignedInRequest,
    form: forms.BaseForm,
    act: Act,
    *,
    done: str,
    context: dict[str, Any],
    template: str = "web/form.html",
    refused_status: int = 409,
) -> HttpResponse:
    """Do `act` with what was sent, say what it returns, and go on to the address `done`.

    What cannot be read, or is refused by CourseRefused, is said on the form as it was filled in.
    """
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            told = act(form.cleaned_data)
        except CourseRefused as refusal:
            refused = refusal.message
        else:
            if told:
                messages.success(request, told)
            return redirect(done)
    status = refused_status if refused else 422 if form.errors else 200
    page = {**context, "form": form, "refused": refused}
    return render(request, template, page, status=status)
