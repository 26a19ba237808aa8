"""The part answers.json of a submission, read as it is everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from grader.contracts import Op, Prepared
from grader.verdict import Status, Verdict

if TYPE_CHECKING:
    from tests.grader.checker.conftest import Grade

Mark = Callable[[Any], Verdict]

ITEMS = """
[[items]]
id = "zeros"
kind = "multiple"
concept = "arrays"
source = "000_49ce046eb74c1a87"
text = "Which are zero?"
options = [
  { text = "0", right = true, why = "Yes." },
  { text = "-0", right = true, why = "Yes." },
  { text = "1", why = "No." },
]

[[items]]
id = "count"
kind = "numeric"
concept = "arrays"
source = "000_49ce046eb74c1a87"
text = "How many?"
answer = "2"
tolerance = 0.001
why = "Two."
"""
QUIZ = {"items.toml": ITEMS}
EXTRA = "[quiz]\ndraw = 2\n"


@pytest.fixture
def marked(grade: Grade) -> Mark:
    """Return a function that grades a sheet of the quiz; "zeros" is replaced by its right keys."""
    made = grade(None, files=QUIZ, extra=EXTRA, op=Op.PREPARE, student_seed="ab" * 16).last
    assert isinstance(made, Prepared)
    assert made.form is not None
    field = next(field for field in made.form["fields"] if field["id"] == "zeros")
    keys = [option["key"] for option in field["options"] if option["text"] != "1"]

    def mark(answers: Any) -> Verdict:
        if isinstance(answers, dict) and answers.get("zeros") == "right":
            answers = {**answers, "zeros": keys}
        return grade(None, files=QUIZ, extra=EXTRA, answers=answers, numbers=made.numbers).verdict

    return mark


def test_options_may_be_a_list_and_numbers_be_numbers(marked: Mark) -> None:
    assert marked({"zeros": "right", "count": 2}).status is Status.PASSED


def test_a_blank_is_wrong_and_costs_no_other_answer(marked: Mark) -> None:
    verdict = marked({"zeros": "right", "count": None})
    assert (verdict.status, verdict.points) == (Status.PARTIAL, 5.0)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("{", "no JSON"),
        ("[1]", "one object"),
        ('{"count": "1", "count": "2"}', "there twice"),
        ({"count": "2" * 401}, "count: the answer has 401 characters"),
        ({"count": {"deep": 1}}, "count: an answer is a text"),
        ({"nothing": "1"}, "'nothing' is no answer of this sheet"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_invalid_and_says_why(
    marked: Mark, answers: Any, message: str
) -> None:
    verdict = marked(answers)
    assert verdict.status is Status.INVALID
    assert message in verdict.message
