"""Questions about a result: asked by students, answered by staff; and the end of mails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gradus.accounts import letters
from gradus.courses.models import Enrolment
from gradus.courses.selectors import enrolment_of
from gradus.questions import policy, selectors, services
from gradus.questions.errors import AnsweredAlready, QuestionRefused
from gradus.questions.models import Question
from gradus.submissions.models import Submission
from gradus.submissions.selectors import standing
from gradus.web.http import SignedInRequest, enrolment_or_404, page_of, submission_or_404
from gradus.web.roster import around
from gradus.web.words import HIDDEN_CHECK, told_title


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it?"), choices=Question.Kind.choices)
    check_id = forms.ChoiceField(label=_("About"), required=False)
    reason = forms.CharField(
        label=_("What did you expect, and why?"),
        max_length=services.MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The staff of your course see it with your submission and its verdict."),
    )

    def __init__(self, checks: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["check_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("The whole result")), *checks]


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(o.value, o.label) for o in services.ANSWERS],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=services.MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The student gets it by mail, and reads it beside the verdict."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest, submission_id: int) -> HttpResponse:
    found, viewer = submission_or_404(request, submission_id)
    if not policy.may_ask(viewer, found):
        raise PermissionDenied
    form = QuestionForm(_checks(found, viewer), request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.ask(submission=found, now=timezone.now(), **form.cleaned_data)
        except QuestionRefused as refusal:
            refused = refusal.message
        else:
            messages.success(request, gettext("Your question is with the staff of your course."))
            return redirect("web:submission", submission_id)
    context = {
        "form": form,
        "refused": refused,
        "course": viewer.course,
        "heading": gettext("Ask about submission {number}").format(
            number=found.attempt or found.pk
        ),
        "lead": gettext("{title}. Read first what the verdict says of each check.").format(
            title=found.item.version.title
        ),
        "verb": gettext("Ask"),
    }
    return render(request, "web/form.html", context, status=422 if refused or form.errors else 200)


@login_required
@require_POST
def withdraw(request: SignedInRequest, question_id: int) -> HttpResponse:
    question, viewer = _question_or_404(request, question_id)
    if question.submission.enrolment_id != viewer.pk:
        raise Http404
    try:
        services.withdraw(question=question, actor=request.user, now=timezone.now())
    except AnsweredAlready as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("Your question is withdrawn."))
    return redirect("web:submission", question.submission_id)


@login_required
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    page = page_of(request, selectors.of_person(request.user))
    return render(request, "web/questions_mine.html", {"page": page})


@login_required
@require_GET
def queue(request: SignedInRequest, course_id: int) -> HttpResponse:
    enrolment = enrolment_or_404(request, course_id)
    if not policy.may_answer(enrolment):
        raise Http404
    is_open = request.GET.get("show") != "answered"
    page = page_of(request, selectors.of_course(enrolment.course, is_open=is_open))
    context = {**around(enrolment), "tab": "questions", "page": page, "is_open": is_open}
    return render(request, "web/questions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def question(request: SignedInRequest, question_id: int) -> HttpResponse:
    """One question for staff, with the form of its answer."""
    found, viewer = _question_or_404(request, question_id)
    if not policy.may_answer(viewer):
        raise Http404
    form = AnswerForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(
                question=found, actor=request.user, outcome=form.cleaned_data["outcome"],
                text=form.cleaned_data["answer"], now=timezone.now(),
            )  # fmt: skip
        except QuestionRefused as refusal:
            refused = refusal.message
            found.refresh_from_db()
        else:
            messages.success(request, gettext("The answer is sent."))
            return redirect("web:questions", viewer.course_id)
    context = {
        **around(viewer),
        "tab": "questions",
        "question": found,
        "check": dict(_checks(found.submission, viewer)).get(found.check_id, found.check_id),
        "form": form,
        "refused": refused,
    }
    status = 422 if refused or form.errors else 200
    return render(request, "web/question.html", context, status=status)


@csrf_exempt  # the token is the right; mail programs post without a page of ours (RFC 8058)
@require_http_methods(["GET", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails to whoever the token names; a GET only asks, for mail scanners follow links."""
    user = letters.user_of_stop_token(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        letters.set_wanted(user=user, wanted=False)
    context = {"stopped": request.method == "POST"}
    return render(request, "web/mail_stop.html", context)


def _checks(found: Submission, viewer: Enrolment) -> list[tuple[str, str]]:
    """Id and title of each check, as this person may see the verdict."""
    verdict = standing(found, viewer, timezone.now()).verdict
    checks = verdict["checks"] if verdict else []
    return [(check["id"], told_title(check["title"]) or str(HIDDEN_CHECK)) for check in checks]


def _question_or_404(request: SignedInRequest, question_id: int) -> tuple[Question, Enrolment]:
    found = selectors.one(question_id)
    if found is None:
        raise Http404
    viewer = enrolment_of(request.user, found.submission.item.assignment.course_id)
    if viewer is None or not (viewer.is_staff or viewer.pk == found.submission.enrolment_id):
        raise Http404
    return found, viewer
