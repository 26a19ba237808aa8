"""Why a question or an answer is refused."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from gradus.lib.refusal import Refused


class QuestionRefused(Refused):
    message = gettext_noop("This question cannot be asked.")


class AnsweredAlready(QuestionRefused):
    message = gettext_noop("This question has been answered already. See the answer below.")
