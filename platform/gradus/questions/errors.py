"""Why a question or an answer is refused."""

from __future__ import annotations

from gradus.lib.refusal import Refused


class QuestionRefused(Refused):
    message = "This question cannot be asked."


class AnsweredAlready(QuestionRefused):
    message = "This question has been answered already. See the answer below."
