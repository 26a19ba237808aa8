"""`gradus test --offline`, and what a site may not make it do."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.contracts import Examples
from gradus.submissions import services
from gradus_cli import folder, offline
from gradus_cli.errors import CliError, Refused
from gradus_cli.site import Site
from tests.cli.conftest import Run, Said
from tests.people import Classroom

CALL: dict[str, Any] = {"op": "call", "on": None, "name": "double", "args": [4], "kwargs": {},
        "expects": [{"at": [], "value": 8, "rtol": 1e-9, "atol": 0.0}]}  # fmt: skip
CHECKS: list[dict[str, Any]] = [
    {"id": "doubles", "title": "Doubles a number", "steps": [CALL], "left_out": ""},
    {"id": "odd", "title": "Calls you back", "steps": [], "left_out": "passes functions to it"},
]
RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def pulled(
    classroom: Classroom, ada: Said, gradus: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The folder of an exercise whose examples were recorded."""
    now = datetime.now(tz=UTC)
    mine = services.open_item(enrolment=classroom.ada, item=classroom.item, now=now)
    services.open_examples(mine, now=now)
    job = services.claim_next("light", now=now)
    assert job is not None
    services.store_examples(job, Examples(checks=CHECKS), now=now)
    said = gradus("pull", "doubling")
    assert said.code == 0, said.err
    assert "2 visible checks as examples" in said.err
    monkeypatch.chdir(home / "doubling")
    return home / "doubling"


def test_agrees_and_says_what_it_is_not(pulled: Path, gradus: Run) -> None:
    (pulled / "solution.py").write_text("print('noise')\n" + RIGHT)
    said = gradus("test", "--offline")
    assert said.code == 0, said.err
    assert "✓ Doubles a number (1 value agree" in said.out
    assert "the check passes functions to it" in said.out
    assert "not the grader" in said.out


def test_a_difference_ends_with_1_and_shows_both_values(pulled: Path, gradus: Run) -> None:
    (pulled / "solution.py").write_text(RIGHT.replace("2", "3"))
    said = gradus("test", "--offline")
    assert said.code == 1
    assert "double is 12; expected 8." in said.out


def test_json_is_for_scripts(pulled: Path, gradus: Run) -> None:
    (pulled / "solution.py").write_text(RIGHT)
    found = json.loads(gradus("test", "--offline", "--json").out)
    assert [one["state"] for one in found] == ["agrees", "not compared"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def double(:\n", "cannot be imported: SyntaxError"),
        ("raise SystemExit(3)\n", "cannot be imported: SystemExit"),
    ],
)
def test_a_file_that_cannot_be_imported(pulled: Path, gradus: Run, source: str, words: str) -> None:
    (pulled / "solution.py").write_text(source)
    said = gradus("test", "--offline")
    assert said.code == 2
    assert words in said.err


def test_a_folder_without_examples_says_so(pulled: Path, gradus: Run) -> None:
    (pulled / ".gradus-examples.json").unlink()
    said = gradus("test", "--offline")
    assert (said.code, "Run `gradus pull` again" in said.err) == (2, True)


def test_a_python_without_numpy_is_named(pulled: Path, gradus: Run) -> None:
    said = gradus("test", "--offline", "--python", "/bin/true-not-there")
    assert (said.code, "/bin/true-not-there" in said.err) == (2, True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"checks": [1]}', '{"checks": [{"id": "a"}]}'])
def test_examples_that_make_no_sense_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / ".gradus-examples.json").write_text(text)
    with pytest.raises(CliError, match="cannot be read"):
        offline.examples(tmp_path)


def step(**changes: Any) -> dict[str, Any]:
    return {**CALL, "expects": [], "args": [], **changes}


@pytest.mark.parametrize(
    "steps",
    [
        [step(on="os", name="system", args=["touch here"])],
        [step(on="subprocess", name="getoutput", args=["touch here"])],
        [step(op="get", name="os", objects=[[[], 1]])],
        [step(op="get", name="__builtins__", objects=[[[], 1]])],
        [step(op="get", name="double", objects=[[[], 1]]),
         step(op="get", on={"object": 1}, name="__globals__", objects=[[[], 2]])],
    ],
)  # fmt: skip
def test_examples_of_a_hostile_site_reach_no_other_module(
    tmp_path: Path, steps: list[dict[str, Any]]
) -> None:
    (tmp_path / "solution.py").write_text("import os\n" + RIGHT)
    check = {"id": "a", "title": "\x1b[2J", "steps": steps, "left_out": ""}
    with pytest.raises(CliError, match="which no check does"):
        offline.run(tmp_path, [check], sys.executable)
    assert not (tmp_path / "here").exists()


def test_titles_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    shown = offline.Outcome("a", "\x1b[2J", 0, "\x1b", "\x1b", 1)
    assert "\x1b" not in "\n".join(offline.lines([shown]))


def test_pulling_a_version_without_examples_takes_the_old_ones_away(pulled: Path) -> None:
    item = {"id": 1, "exercise": "doubling", "version": "sha256:0", "statement": "", "parts": []}
    folder.write(pulled, "http://localhost", item, [], None)
    assert not (pulled / ".gradus-examples.json").exists()


@pytest.mark.usefixtures("ada")
def test_an_older_site_that_knows_no_examples_is_pulled_from_all_the_same(
    gradus: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Site.get

    def get(site: Site, path: str, **params: str) -> Any:
        if path.endswith("/examples"):
            raise Refused("There is no such address.")
        return asked(site, path, **params)

    monkeypatch.setattr(Site, "get", get)
    said = gradus("pull", "doubling")
    assert said.code == 0, said.err
    assert (home / "doubling" / "solution.py").exists()
