"""exercise.toml, items.toml and concepts.toml: what is read, and errors with file and line."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ExerciseError
from grader.exercise.limits import Limits
from grader.exercise.manifest import LimitsTable, parse_concepts, parse_items, parse_manifest

GOOD = """\
id = "conv2d-fast"    # = folder name
title = "Fast [convolution] = yes # no comment"
kind = "performance"
points = 30
flavour = "numpy"
order = 9
difficulty = 3
concepts = [
  "conv-layer",   # a comment with ] in it
]
sources = ["000_49ce046eb74c1a87"]

[limits]
memory_mib = 256
wall_seconds = 2

[functions."Net.forward"]
stable = true
mutates = ["state"]

[performance.fast]
metric = "ratio"
function = "conv2d"
baseline = "conv2d_loops"
thresholds = [[15, 0.6], [60, 1.0]]
"""

ITEMS = '''\
[[items]]
id = "rnn-name"
concept = "rnn"
source = "000"
kind = "single"
text = "What does [the] R = # stand for?"
options = [
  { text = "Recurrent", right = true, why = "The state is fed back." },
  { text = "Recursive", why = "Those work on trees." },
]

[[items]]
id = "dense"
concept = "layer-shapes"
source = "003"
kind = "numeric"
text = """
answer = 3
"""
draw = { n = [5, 60], k = [2, 12] }
answer = "n * k"
why = "One weight for each pair."
'''


def test_reads_a_manifest() -> None:
    manifest = parse_manifest(GOOD)
    assert manifest.id == "conv2d-fast"
    assert manifest.limits == Limits(memory_mib=256, wall_seconds=2.0)
    assert manifest.functions["Net.forward"].mutates == ("state",)
    assert manifest.performance["fast"].thresholds == ((15.0, 0.6), (60.0, 1.0))
    assert manifest.performance["fast"].calibrated


def test_the_limits_table_has_the_names_and_defaults_of_the_limits() -> None:
    assert set(LimitsTable.model_fields) == {field.name for field in fields(Limits)}
    assert Limits(**LimitsTable().model_dump()) == Limits()


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("stable", "stabel", 18, "stabel: is no key"),
        ("points = 30\n", "", 1, "points: is missing"),
        ("points = 30", "points = 0", 4, "greater than 0"),
        ("points = 30", "points = nan", 4, "finite"),
        ("points = 30", 'points = "30"', 4, "valid number"),
        ("points = 30", "points = true", 4, "valid number"),
        ("points = 30", "points = 1979-05-27", 4, "valid number"),
        ('"conv2d-fast"', '"Conv2D"', 1, "id: "),
        ('"conv2d-fast"', '"../conv"', 1, "id: "),
        ('kind = "performance"', 'kind = "exam"', 3, "kind: "),
        ('"numpy"', '"jax"', 5, "flavour: "),
        ("order = 9", "order = -1", 6, "order: "),
        ("difficulty = 3", "difficulty = 6", 7, "difficulty: "),
        ('"conv-layer",', '"conv-layer", "conv-layer",', 8, "'conv-layer' is there twice"),
        ('"conv-layer",', "", 8, "concepts: "),
        ("memory_mib = 256", "memory_mib = 1", 14, "memory_mib: "),
        ("memory_mib = 256", "memory_mib = 256.5", 14, "integer"),
        ("memory_mib", "memory", 14, "limits.memory: is no key"),
        ("wall_seconds = 2", "wall_seconds = 100", 13, "wall_seconds"),
        ('"Net.forward"', '"a.b.c"', 17, "functions.a.b.c"),
        ('mutates = ["state"]', 'mutates = ["a b"]', 19, "mutates.1"),
        ("[15, 0.6]", "[70, 0.6]", 21, "value rises"),
        ("[15, 0.6]", "[15, 1.0]", 25, "larger share"),
        ("[15, 0.6]", "[15, 0.0]", 25, "above 0"),
        ("[15, 0.6]", "[0, 0.6]", 21, "above 0"),
        ("[15, 0.6]", "[15]", 25, "thresholds.1.2: is missing"),
        (", [60, 1.0]", "", 25, "the last one is 1"),
        ("[[15, 0.6], [60, 1.0]]", "[]", 25, "thresholds: "),
        ('"ratio"', '"count"', 21, "count has no `function`"),
        ('baseline = "conv2d_loops"\n', "", 21, "ratio needs `baseline`"),
        ('metric = "ratio"', 'metric = "ratio"\nlane = "gpu"', 1, "torch-cuda"),
        ("[limits]", "[limits", 13, "No valid TOML"),
        ("order = 9", "order = ", 6, "No valid TOML"),
        ("order = 9", "order = 9\norder = 9", 7, "No valid TOML"),
        ("order = 9", 'order = 9\nbans = ["torch.*"]', 7, "bans.1"),
        ("order = 9", 'order = 9\nbans = ["to*ch.softmax"]', 7, "bans.1"),
        ("order = 9", 'prerequisites = ["a\\u0000b"]', 6, "NUL"),
        ("order = 9", '"a\\U00000000b" = 1', 6, "NUL"),
        ('["000_49ce046eb74c1a87"]', '[]\nprerequisites = ["conv2d-fast"]', 1, "before itself"),
    ],
)
def test_refuses_with_the_line(old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(ExerciseError) as caught:
        parse_manifest(GOOD.replace(old, new, 1), "conv/exercise.toml")
    assert reason in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("conv/exercise.toml", line)


def test_a_ban_may_end_in_a_star() -> None:
    manifest = parse_manifest("bans = ['torch.conv*', 'torch.nn.Linear']\n" + GOOD)
    assert manifest.bans == ("torch.conv*", "torch.nn.Linear")


def test_a_count_gets_better_downwards() -> None:
    count = GOOD[: GOOD.index("[performance")] + '[performance.few]\nmetric = "count"\n'
    good = parse_manifest(count + "thresholds = [[200, 0.5], [100, 1.0]]\n")
    assert good.performance["few"].thresholds[0] == (200.0, 0.5)
    with pytest.raises(ExerciseError, match="value falls"):
        parse_manifest(count + "thresholds = [[100, 0.5], [200, 1.0]]\n")


def test_refuses_a_manifest_that_is_too_long() -> None:
    with pytest.raises(ExerciseError, match="longer than"):
        parse_manifest("# " + "x" * (1 << 20))


def test_refuses_a_manifest_that_is_nested_too_deeply() -> None:
    for text in ("a = " + "[" * 50_000, f"[{'a.' * 2000}a]\n", f"a{'.a' * 70} = 1\n"):
        with pytest.raises(ExerciseError, match="nested too deeply"):
            parse_manifest(text)


def test_reads_items() -> None:
    single, numeric = parse_items(ITEMS).items
    assert single.kind == "single"
    assert numeric.kind == "numeric"
    assert numeric.draw == {"n": (5, 60), "k": (2, 12)}


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('why = "Those work on trees."', 'whi = "x"', 7, "options.2.whi"),
        ("right = true, ", "", 1, "exactly one option is right, not 0"),
        ('"Recursive", why', '"Recursive", right = true, why', 1, "not 2"),
        ('"Recursive"', '" recurrent"', 1, "twice"),
        ('kind = "numeric"', 'kind = "essay"', 12, "essay"),
        ('id = "dense"', 'id = "rnn-name"', 1, "'rnn-name' is there twice"),
        ("k = [2, 12]", "k = [12, 2]", 20, "low not above high"),
        ("k = [2, 12]", "k = [2, 12.5]", 20, "draw.k.2"),
        ('concept = "rnn"\n', "", 1, "items.1.concept: is missing"),
        ('answer = "n * k"', 'answer = ""', 21, "answer"),
        ('answer = "n * k"', 'answer = "n * k"\ntolerance = inf', 22, "tolerance"),
    ],
)
def test_refuses_items_with_the_line(old: str, new: str, line: int, reason: str) -> None:
    assert old in ITEMS
    with pytest.raises(ExerciseError) as caught:
        parse_items(ITEMS.replace(old, new, 1))
    assert reason in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("items.toml", line)


def test_reads_concepts() -> None:
    assert parse_concepts('[gru]\ntitle = "GRU"\nunit = "rnn"\n')["gru"].title == "GRU"


def test_refuses_a_concept_without_unit() -> None:
    with pytest.raises(ExerciseError, match=r"concepts.toml:1: gru.unit: is missing"):
        parse_concepts('[gru]\ntitle = "GRU"\n')


@settings(deadline=None)
@given(st.text(alphabet="abid=\"[]{}#\n'.,0 ", max_size=60))
def test_any_text_is_refused_with_a_line_at_most_its_last(text: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        parse_manifest(text)
    assert 1 <= (caught.value.line or 0) <= text.count("\n") + 1
