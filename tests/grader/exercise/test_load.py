"""Exercise folders: what is loaded, what is refused, the version, the bank."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from grader.errors import ExerciseError
from grader.exercise import bank, derived
from grader.exercise.digest import MAX_FILES, version_of
from grader.exercise.load import load

QUIZ = """\
[[items]]
id = "one"
concept = "losses"
source = "004"
kind = "numeric"
text = "One?"
answer = "1"
why = "One."
"""


def add_quiz(folder: Path, rules: str) -> None:
    (folder / "items.toml").write_text(QUIZ)
    with (folder / "exercise.toml").open("a") as manifest:
        manifest.write(f"[quiz]\n{rules}\n")


def test_loads_what_the_folder_holds_and_executes_none_of_it(folder: Path) -> None:
    exercise = load(folder)
    assert exercise.parts == ("solution.py",)
    assert (exercise.right, exercise.wrong) == (("right/lambda_.py",), ("wrong/two.py",))
    assert exercise.given == ("given/data/words.csv",)
    assert exercise.statement == "Say **one**.\n"
    assert exercise.unit == "losses"
    assert exercise.read("given/data/words.csv") == "a,b\n"


def test_steps_make_a_sheet_of_answers_and_a_mere_draw_does_not(folder: Path) -> None:
    (folder / "problem.py").write_text("raise SystemExit\ndef draw(rng): ...\n")
    assert load(folder).parts == ("solution.py",)
    (folder / "problem.py").write_text("raise SystemExit\nsteps: list = []\n")
    assert load(folder).parts == ("solution.py", "answers.json")


def test_version_is_the_digest_over_sorted_lines(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"B")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c.txt").write_bytes(b"C")
    lines = sorted(
        f"{hashlib.sha256(data).hexdigest()} {name}\n"
        for data, name in ((b"B", "b.txt"), (b"C", "a/c.txt"))
    )
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert version_of(tmp_path) == f"sha256:{digest}"


def test_caches_and_dotfiles_are_not_part_of_the_version(folder: Path) -> None:
    before = version_of(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "checks.pyc").write_bytes(b"x")
    (folder / ".draft").write_text("x")
    assert version_of(folder) == before


@pytest.mark.parametrize("change", ["statement.md", "given/data/words.csv", "derived.json"])
def test_every_other_file_is(folder: Path, change: str) -> None:
    before = version_of(folder)
    (folder / change).write_text("changed")
    assert version_of(folder) != before


def test_refuses_links(folder: Path) -> None:
    (folder / "given" / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(ExerciseError, match="a link"):
        load(folder)


def test_refuses_a_link_in_the_place_of_a_folder(folder: Path) -> None:
    (folder / "given" / "etc").symlink_to("/etc")
    with pytest.raises(ExerciseError, match="a link"):
        load(folder)


def test_refuses_special_files(folder: Path) -> None:
    os.mkfifo(folder / "given" / "pipe")
    with pytest.raises(ExerciseError, match="no regular file"):
        load(folder)


@pytest.mark.parametrize(
    "name",
    ["given/a b.txt", "given/caf\u00e9.txt", "given/-x", "given/a/b/c/d/e/f.txt", "given/a\nb"],
)
def test_refuses_strange_names(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x")
    with pytest.raises(ExerciseError, match="no path for a file"):
        load(folder)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("check.py", "No exercise has a file"),
        ("tests/x.py", "No exercise has a file"),
        ("wrong/two-and-a-half.py", "named like modules"),
        ("right/notes.md", "named like modules"),
        ("right/deep/x.py", "named like modules"),
        ("items.toml", "need each other"),
    ],
)
def test_refuses_files_that_do_not_belong(folder: Path, name: str, reason: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(QUIZ)
    with pytest.raises(ExerciseError, match=reason):
        load(folder)


@pytest.mark.parametrize("name", ["exercise.toml", "statement.md", "starter.py", "solution.py"])
def test_refuses_a_folder_without(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ExerciseError, match=name):
        load(folder)


def test_refuses_wrong_solutions_without_checks(folder: Path) -> None:
    (folder / "checks.py").unlink()
    add_quiz(folder, "draw = 1")
    with pytest.raises(ExerciseError, match=r"need a checks\.py"):
        load(folder)


def test_refuses_an_exercise_with_nothing_to_mark(folder: Path) -> None:
    (folder / "checks.py").unlink()
    with pytest.raises(ExerciseError, match="nothing to mark"):
        load(folder)


def test_refuses_to_draw_more_items_than_there_are(folder: Path) -> None:
    add_quiz(folder, "draw = 2\npoints = 1")
    with pytest.raises(ExerciseError, match=r"quiz\.draw is 2, but items\.toml has 1"):
        load(folder)


def declare_opaque(folder: Path, names: str, solution: str) -> None:
    (folder / "solution.py").write_text(solution)
    with (folder / "exercise.toml").open("a") as manifest:
        manifest.write(f"[functions.one]\nopaque = {names}\n")


def test_an_opaque_output_is_one_that_the_reference_returns_by_this_name(folder: Path) -> None:
    declare_opaque(folder, '["cache"]', "def one():\n    return 1, cache\n")
    assert load(folder).manifest.functions["one"].opaque == ("cache",)


@pytest.mark.parametrize(
    ("solution", "reason"),
    [
        ("def one():\n    return 1, (2, 3)\n", r"functions\.one\.opaque: .* a variable `cache`"),
        ("def two():\n    return 1, cache\n", r"functions\.one\.opaque"),
        ("def one():\n    return (\n", r"solution\.py:2: No valid Python"),
        ("one = " + 5000 * "-" + "1", r"solution\.py: No valid Python"),
    ],
)
def test_refuses_an_opaque_output_that_the_reference_does_not_return(
    folder: Path, solution: str, reason: str
) -> None:
    declare_opaque(folder, '["cache"]', solution)
    with pytest.raises(ExerciseError, match=reason):
        load(folder)


@pytest.mark.parametrize("names", ['"cache"', "[1]", '["a b"]', '[""]'])
def test_refuses_opaque_outputs_that_are_no_names(folder: Path, names: str) -> None:
    declare_opaque(folder, names, "def one():\n    return 1, cache\n")
    with pytest.raises(ExerciseError, match=r"exercise\.toml.*functions\.one\.opaque"):
        load(folder)


def test_a_quiz_beside_other_parts_says_what_it_is_worth(folder: Path) -> None:
    add_quiz(folder, "draw = 1")
    with pytest.raises(ExerciseError, match=r"quiz\.points"):
        load(folder)


def test_refuses_text_that_is_no_utf8_and_names_the_line(folder: Path) -> None:
    (folder / "statement.md").write_bytes(b"one\ntwo \xff\n")
    with pytest.raises(ExerciseError, match=r"statement.md:2: .*UTF-8"):
        load(folder)


def test_refuses_text_with_a_nul_and_names_the_line(folder: Path) -> None:
    (folder / "statement.md").write_bytes(b"one\ntwo \0\n")
    with pytest.raises(ExerciseError, match=r"statement.md:2: .*NUL"):
        load(folder)


def test_refuses_a_problem_with_a_syntax_error_and_names_the_line(folder: Path) -> None:
    (folder / "problem.py").write_text("x = 1\nsteps = [\n")
    with pytest.raises(ExerciseError, match=r"problem.py:2: "):
        load(folder)


def test_refuses_more_files_than_a_version_may_have(folder: Path) -> None:
    for index in range(MAX_FILES):
        (folder / "given" / f"f{index}").touch()
    with pytest.raises(ExerciseError, match="more than 1000 files"):
        load(folder)


def test_refuses_more_bytes_than_a_version_may_have(folder: Path) -> None:
    with (folder / "given" / "large.bin").open("wb") as file:
        file.truncate((32 << 20) + 1)
    with pytest.raises(ExerciseError, match="bytes"):
        load(folder)


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="cannot be read"):
        load(tmp_path / "none")


def test_measured_numbers_hold_until_another_file_changes(folder: Path) -> None:
    derived.write(folder, tolerances={"z": 1e-4}, ratios={"fast": 30.5})
    measured = load(folder).derived
    assert measured is not None
    assert (measured.tolerances, measured.ratios) == ({"z": 1e-4}, {"fast": 30.5})
    (folder / "statement.md").write_text("Changed.")
    assert load(folder).derived is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 2}', '{"stamp": "x"}'])
def test_refuses_measured_numbers_that_are_none(folder: Path, text: str) -> None:
    (folder / "derived.json").write_text(text)
    with pytest.raises(ExerciseError, match=r"derived\.json"):
        load(folder)


def test_the_bank_finds_by_id_and_by_path(folder: Path) -> None:
    root = folder.parent.parent
    assert bank.folders(root) == [folder]
    assert bank.find(root, "tiny") == folder.resolve()
    assert bank.find(root, str(folder)) == folder.resolve()
    with pytest.raises(ExerciseError, match="neither a folder"):
        bank.find(root, "huge")


def test_an_id_that_is_there_twice_is_refused(folder: Path) -> None:
    root = folder.parent.parent
    (root / "other" / "tiny").mkdir(parents=True)
    (root / "other" / "tiny" / "exercise.toml").touch()
    with pytest.raises(ExerciseError, match="there twice"):
        bank.find(root, "tiny")


def test_in_a_bank_the_folder_has_the_id(folder: Path) -> None:
    assert bank.load_in_bank(folder).manifest.id == "tiny"
    other = folder.rename(folder.parent / "small")
    assert load(other).manifest.id == "tiny"
    with pytest.raises(ExerciseError, match="not the folder's name"):
        bank.load_in_bank(other)
