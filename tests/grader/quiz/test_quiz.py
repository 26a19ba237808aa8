"""Quizzes: what a student draws, what the page shows of it, and how it is marked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader import sheet
from grader.answers import AnswerError
from grader.byhand.numbers import IncompatibleNumbers
from grader.draws import Draw
from grader.errors import ExerciseError
from grader.exercise.bank import concepts
from grader.exercise.load import Exercise, load
from grader.exercise.manifest import Choice, NumericItem, parse_items
from grader.quiz.items import draw_items, key_of, prove
from grader.quiz.marking import right_answer
from grader.verdict import StepResult, StepStatus

BANK = Path(__file__).parents[3] / "exercises"
ITEMS = """
[[items]]
id = "single"
concept = "rnn"
source = "000"
kind = "single"
text = "R?"
options = [
  { text = "Recurrent", right = true, why = "Fed back." },
  { text = "Recursive", why = "Trees." },
  { text = "Residual", why = "Skips." },
]

[[items]]
id = "many"
concept = "rnn"
source = "000"
kind = "multiple"
text = "Which?"
options = [
  { text = "A", right = true, why = "A is." },
  { text = "B", right = true, why = "B is." },
  { text = "C", why = "C is not." },
]

[[items]]
id = "count"
concept = "rnn"
source = "000"
kind = "numeric"
text = "How many from {{ n }} to {{ k }}?"
draw = { n = [5, 60], k = [2, 12] }
answer = "n * k / 7"
why = "{{ n }} times {{ k }}, by seven."
"""


@pytest.fixture
def quiz(tmp_path: Path) -> Exercise:
    (tmp_path / "items.toml").write_text(ITEMS)
    (tmp_path / "statement.md").write_text("Answer.")
    (tmp_path / "exercise.toml").write_text(
        'id = "q"\ntitle = "Q"\nkind = "quiz"\npoints = 4\nflavour = "numpy"\n'
        'concepts = ["rnn"]\n[quiz]\ndraw = 3\n'
    )
    return load(tmp_path)


def key(quiz: Exercise, item: str, text: str) -> str:
    choice = next(i for i in quiz.items if i.id == item)
    assert isinstance(choice, Choice)
    return key_of(choice, next(o for o in choice.options if o.text == text))


def mark(quiz: Exercise, **answers: str) -> dict[str, StepResult]:
    numbers = {
        "quiz": [
            {"id": "count", "values": {"n": 14, "k": 3}},
            {"id": "many", "options": [key(quiz, "many", t) for t in "CAB"]},
            {"id": "single", "options": keys_of(quiz, "single")},
        ]
    }
    return {result.id: result for result in sheet.mark(quiz, None, numbers, answers)}


def keys_of(quiz: Exercise, item: str) -> list[str]:
    choice = next(i for i in quiz.items if i.id == item)
    assert isinstance(choice, Choice)
    return [key_of(choice, option) for option in choice.options]


def test_all_right_is_full_marks(quiz: Exercise) -> None:
    many = f"{key(quiz, 'many', 'B')} {key(quiz, 'many', 'A')}"
    results = mark(quiz, single=key(quiz, "single", "Recurrent"), many=many, count="6,0")
    assert {r.status for r in results.values()} == {StepStatus.VALUE}
    assert sum(r.points for r in results.values()) == pytest.approx(4)
    assert results["single"].message == "Fed back."
    assert results["count"].message == "14 times 3, by seven."


def test_a_wrong_choice_explains_itself_and_not_the_right_one(quiz: Exercise) -> None:
    result = mark(quiz, single=key(quiz, "single", "Recursive"))["single"]
    assert (result.status, result.points, result.message) == (StepStatus.WRONG, 0.0, "Trees.")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("A", "A is. There is more to choose."),
        ("ABC", "C is not."),
        ("C", "C is not."),
        ("", "Nothing is chosen."),
    ],
)
def test_several_choices_count_only_together(quiz: Exercise, texts: str, message: str) -> None:
    given = " ".join(key(quiz, "many", text) for text in texts)
    result = mark(quiz, many=given)["many"]
    assert (result.status, result.points, result.message) == (StepStatus.WRONG, 0.0, message)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("6", StepStatus.VALUE), ("6.0009", StepStatus.VALUE), ("6.0011", StepStatus.WRONG),
        ("42/7", StepStatus.VALUE), ("", StepStatus.WRONG), ("six", StepStatus.WRONG),
    ],
)  # fmt: skip
def test_numbers_have_a_tolerance(quiz: Exercise, given: str, status: StepStatus) -> None:
    assert mark(quiz, count=given)["count"].status is status


def test_two_options_of_a_single_choice_are_wrong(quiz: Exercise) -> None:
    both = " ".join(keys_of(quiz, "single"))
    result = mark(quiz, single=both)["single"]
    assert (result.points, result.message) == (0.0, "Only one option can be chosen here.")


@pytest.mark.parametrize("given", ["ffffffff", "Recurrent", "<script>", "0", "\x00"])
def test_what_is_no_option_is_wrong(quiz: Exercise, given: str) -> None:
    assert mark(quiz, single=given)["single"].points == 0


def test_an_answer_to_nothing_makes_the_sheet_invalid(quiz: Exercise) -> None:
    with pytest.raises(AnswerError, match="'other' is no answer of this sheet"):
        mark(quiz, other="1")


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"quiz": []},
        {"quiz": [{}, {}, {}]},
        {"quiz": ["a", "b", "c"]},
        {"quiz": [{"id": "count", "values": {"n": 1}}] * 3},
        {"quiz": [{"id": "count"}] * 3},
        {"quiz": [{"id": "single", "options": ["00000000"]}] * 3},
        {"quiz": [{"id": "gone", "options": []}] * 3},
    ],
)
def test_items_that_the_version_no_longer_has_are_incompatible(
    quiz: Exercise, numbers: dict[str, Any]
) -> None:
    with pytest.raises(IncompatibleNumbers):
        sheet.mark(quiz, None, numbers, {})


def test_the_form_holds_no_key_of_a_right_answer(quiz: Exercise) -> None:
    prepared = sheet.prepare(quiz, None, b"seed")
    text = json.dumps([prepared.form, prepared.numbers])
    assert "right" not in text
    assert "Fed back" not in text
    assert "/ 7" not in text
    fields = {field["id"]: field for field in (prepared.form or {})["fields"]}
    assert set(fields["single"]) == {"id", "kind", "points", "text", "options"}
    assert {option["text"] for option in fields["single"]["options"]} == {
        "Recurrent", "Recursive", "Residual",
    }  # fmt: skip


def test_the_form_shows_the_drawn_numbers(quiz: Exercise) -> None:
    numbers = sheet.prepare(quiz, None, b"seed").numbers
    values = next(entry for entry in numbers["quiz"] if entry["id"] == "count")["values"]
    form = sheet.form_of(quiz, None, numbers)
    field = next(field for field in (form or {})["fields"] if field["id"] == "count")
    assert field["text"] == f"How many from {values['n']} to {values['k']}?"


def test_every_place_of_an_option_is_as_likely(quiz: Exercise) -> None:
    right = key(quiz, "single", "Recurrent")
    places = Counter(
        entry["options"].index(right)
        for i in range(600)
        for entry in draw_items(quiz.items, 3, Draw(b"%d" % i, "quiz"))
        if entry["id"] == "single"
    )
    assert sorted(places) == [0, 1, 2]
    assert min(places.values()) > 150  # 200 expected, deviation 11.5


def test_the_same_seed_gives_the_same_quiz(quiz: Exercise) -> None:
    assert sheet.prepare(quiz, None, b"a") == sheet.prepare(quiz, None, b"a")
    assert sheet.prepare(quiz, None, b"a") != sheet.prepare(quiz, None, b"b")


def test_stored_numbers_give_the_same_form_again(quiz: Exercise) -> None:
    first = sheet.prepare(quiz, None, b"a")
    assert sheet.prepare(quiz, None, b"other", first.numbers) == first


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("n * k / 7", "n * m", "'m' is not drawn"),
        ("n * k / 7", "n / (k - 2)", "no value"),
        ("{{ n }} to", "{{ x }} to", "x }} is not drawn"),
        ("{{ n }} times", "{{ y }} times", "y }} is not drawn"),
    ],
)
def test_items_are_proven_at_the_corners_of_their_ranges(old: str, new: str, reason: str) -> None:
    with pytest.raises(ExerciseError, match=f"count: .*{reason}"):
        prove(parse_items(ITEMS.replace(old, new)).items)


def concept_quiz() -> Exercise:
    return load(BANK / "concepts" / "concept-quiz")


def test_the_items_of_the_bank_are_proven() -> None:
    prove(concept_quiz().items)


def test_the_items_of_the_bank_name_known_concepts_and_sources() -> None:
    exercise = concept_quiz()
    assert {item.concept for item in exercise.items} <= set(concepts(BANK))
    assert {item.source for item in exercise.items} <= set(exercise.manifest.sources)


@pytest.mark.parametrize("sign", [1, -1], ids=["longest", "shortest"])
def test_choosing_by_length_does_not_pay_in_the_bank(sign: int) -> None:
    single = [i for i in concept_quiz().items if isinstance(i, Choice) and i.kind == "single"]
    wrong = [max(sign * len(o.text) for o in item.options if not o.right) for item in single]
    right = [next(sign * len(o.text) for o in item.options if o.right) for item in single]
    told = sum(mine > other for mine, other in zip(right, wrong, strict=True))
    assert told < 0.3 * len(single)  # a quarter by chance


@pytest.mark.parametrize("seed", range(40))
def test_the_key_of_the_bank_gets_full_marks_and_a_blank_sheet_none(seed: int) -> None:
    exercise = concept_quiz()
    numbers = sheet.prepare(exercise, None, bytes([seed])).numbers
    right = sheet.answer_key(exercise, None, numbers).right
    points = sum(step.points for step in sheet.mark(exercise, None, numbers, right))
    assert points == pytest.approx(exercise.manifest.points)
    assert sum(step.points for step in sheet.mark(exercise, None, numbers, {})) == 0


def test_numeric_items_of_the_bank_have_positive_answers() -> None:
    exercise = concept_quiz()
    numeric = [item for item in exercise.items if isinstance(item, NumericItem)]
    for index in range(20):
        drawn = draw_items(numeric, len(numeric), Draw(b"%d" % index, "quiz"))
        items = {item.id: item for item in numeric}
        keys = [right_answer(items[entry["id"]], entry) for entry in drawn]
        assert all(float(answer) > 0 for answer in keys)


@pytest.mark.parametrize("seed", range(5))
def test_the_key_has_a_sheet_on_which_every_answer_is_given_and_wrong(
    quiz: Exercise, seed: int
) -> None:
    prepared = sheet.prepare(quiz, None, bytes([seed]))
    wrong = sheet.answer_key(quiz, None, prepared.numbers).wrong
    marked = sheet.mark(quiz, None, prepared.numbers, wrong)
    assert all(wrong.values())
    assert [step.points for step in marked] == [0.0, 0.0, 0.0]
