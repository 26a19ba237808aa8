"""The commands as people and scripts call them: exit codes, output, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from tests.grader.bank import write_exercise

ROOT = Path(__file__).resolve().parents[2]
Capture = pytest.CaptureFixture[str]
WRONG = "def double(x):\n    return x * x\n"


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bank with one exercise in the current folder."""
    write_exercise(tmp_path / "exercises" / "first-steps" / "double")
    concepts = '[arrays]\ntitle = "Arrays"\nunit = "first-steps"\n'
    (tmp_path / "exercises" / "concepts.toml").write_text(concepts)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return name


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(arguments)
    return code, json.loads(capsys.readouterr().out)


def test_grade_finds_an_exercise_by_id_and_prints_a_verdict(bank: Path, capsys: Capture) -> None:
    code, verdict = call(capsys, "grade", "double", write(bank, "a.py", WRONG), "--json")
    assert code == 0
    assert verdict["status"] == "failed"
    assert verdict["checks"][0]["mistake"]


def test_grade_without_json_is_a_readable_table(bank: Path, capsys: Capture) -> None:
    assert main(["grade", "double", write(bank, "a.py", WRONG)]) == 0
    text = capsys.readouterr().out
    assert "double: failed, 0 of 4 points" in text
    assert "✗     0/1  Doubles a vector" in text
    assert "expected = float64 of shape" in text


def test_what_a_student_printed_cannot_steer_the_terminal(bank: Path, capsys: Capture) -> None:
    source = "def double(x):\n    print('\\x1b[2J\\x07')\n    return x * x\n"
    assert main(["grade", "double", write(bank, "a.py", source)]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\x07" not in text


def test_run_grades_only_visible_checks(bank: Path, capsys: Capture) -> None:
    _, verdict = call(capsys, "grade", "double", write(bank, "a.py", WRONG), "--run", "--json")
    assert [check["id"] for check in verdict["checks"]] == ["vector"]


def test_an_error_of_the_author_has_a_verdict_and_exit_code_2(bank: Path, capsys: Capture) -> None:
    checks = bank / "exercises/first-steps/double/checks.py"
    checks.write_text("def broken(:\n")
    code, verdict = call(capsys, "grade", "double", write(bank, "a.py", WRONG), "--json")
    assert code == 2
    assert verdict["status"] == "error"
    assert "checks.py:1" in verdict["message"]


def test_replay_gives_the_same_verdict(bank: Path, capsys: Capture) -> None:
    file = write(bank, "a.py", WRONG)
    assert main(["grade", "double", file, "--record", "record.json", "--json"]) == 0
    capsys.readouterr()
    code, found = call(capsys, "replay", "record.json", "--json")
    assert code == 0
    assert found["same"]


def test_replay_shows_a_difference_and_exits_1(bank: Path, capsys: Capture) -> None:
    file = write(bank, "a.py", WRONG)
    assert main(["grade", "double", file, "--record", "record.json", "--json"]) == 0
    record = json.loads((bank / "record.json").read_text())
    record["verdict"]["checks"][0]["message"] = "Well done."
    (bank / "record.json").write_text(json.dumps(record))
    capsys.readouterr()
    code, found = call(capsys, "replay", "record.json", "--json")
    assert code == 1
    assert [one["path"] for one in found["differences"]] == ["checks.0.message"]


def test_replay_refuses_another_version(bank: Path, capsys: Capture) -> None:
    file = write(bank, "a.py", WRONG)
    main(["grade", "double", file, "--record", "record.json", "--json"])
    write(bank, "exercises/first-steps/double/statement.md", "changed\n")
    assert main(["replay", "record.json"]) == 2
    assert "is not the version of the record" in capsys.readouterr().err


def test_a_record_is_for_its_owner_only(bank: Path, capsys: Capture) -> None:
    main(["grade", "double", write(bank, "a.py", WRONG), "--record", "record.json", "--json"])
    assert (bank / "record.json").stat().st_mode & 0o077 == 0


def test_verify_is_green_for_a_good_exercise(bank: Path, capsys: Capture) -> None:
    assert main(["verify", "double", "--seeds", "2"]) == 0
    text = capsys.readouterr().out
    assert "✓ double" in text
    assert "told: The input is squared." in text


def test_verify_exits_1_on_a_red_gate(bank: Path, capsys: Capture) -> None:
    write(bank, "exercises/first-steps/double/statement.md", "{{ missing }}\n")
    assert main(["verify", "--seeds", "1", "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["gate"] for line in lines[:-1] if not line["passed"]] == ["statement"]
    assert lines[-1] == {"event": "verified", "gates": len(lines) - 1, "red": 1}


def test_coverage_counts_exercises_of_each_concept(bank: Path, capsys: Capture) -> None:
    assert call(capsys, "coverage", "--json") == (0, {"arrays": ["double"]})


def test_coverage_exits_1_where_a_concept_has_no_exercise(bank: Path, capsys: Capture) -> None:
    with (bank / "exercises/concepts.toml").open("a") as file:
        file.write('[lonely]\ntitle = "Lonely"\nunit = "first-steps"\n')
    code, found = call(capsys, "coverage", "--json")
    assert code == 1
    assert found["lonely"] == []


def test_doctor_tells_each_guarantee(capsys: Capture) -> None:
    code, found = call(capsys, "doctor", "--json")
    assert code == 0
    assert {"network_namespace", "seccomp", "memory_cgroup"} <= {one["name"] for one in found}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "nothing", "a.py"], "nothing is neither a folder"),
        (["grade", "double", "missing.py"], "missing.py: No such file"),
        (["grade", "double", "a.txt"], "double takes solution.py"),
        (["grade", "double", "a.json"], "double takes solution.py"),
        (["grade", "double", "a.py", "a.py"], "there is a .py file already"),
        (["grade", "double", "a.py", "--backend", "magic"], "no backend 'magic'"),
        (["grade", "double", "a.py", "--numbers", "a.py"], "a.py: no JSON"),
        (["verify", "nowhere"], "nowhere is neither a folder"),
        (["verify", "empty"], "empty: no exercise.toml below"),
        (["replay", "a.py"], "a.py: "),
        (["coverage", "--bank", "empty"], "concepts.toml"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    bank: Path, capsys: Capture, arguments: list[str], says: str
) -> None:
    write(bank, "a.py", WRONG)
    (bank / "empty").mkdir()
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.startswith("grader: ")
    assert error.count("\n") == 1


def test_a_mistake_in_a_manifest_is_told_with_file_and_line(bank: Path, capsys: Capture) -> None:
    manifest = bank / "exercises/first-steps/double/exercise.toml"
    manifest.write_text(manifest.read_text() + "surprise = 1\n")
    assert main(["grade", "double", write(bank, "a.py", WRONG)]) == 2
    assert "exercise.toml:9" in capsys.readouterr().err


@pytest.mark.parametrize("seed", ["xyz", "", "0" * 65, "-1"])
def test_a_bad_seed_is_refused(bank: Path, capsys: Capture, seed: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["grade", "double", "a.py", f"--seed={seed}"])
    assert ended.value.code == 2
    assert "hexadecimal" in capsys.readouterr().err


def test_the_module_can_be_run(bank: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "--version"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.strip()
