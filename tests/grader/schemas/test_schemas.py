"""The published schemas are those of the models, and accept what the models accept."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import schemas
from grader.verdict import CheckResult, CheckStatus, PerformanceResult, sum_up, to_dict

BANK = Path(__file__).parents[3] / "exercises"


def schema(name: str) -> dict[str, Any]:
    return dict(json.loads((schemas.FOLDER / f"{name}.schema.json").read_text()))


def test_the_files_are_those_of_the_models() -> None:
    written = {path.name: path.read_text() for path in schemas.FOLDER.glob("*.json")}
    assert written == schemas.documents(), "run python -m grader.schemas"


@pytest.mark.parametrize("name", ["exercise", "items", "concepts", "verdict"])
def test_each_is_a_schema_with_a_name(name: str) -> None:
    document = schema(name)
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$schema"] == schemas.DRAFT
    assert document["$id"] == f"urn:gradus:schema:{name}:1"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("exercise", "*/*/exercise.toml"), ("items", "*/*/items.toml"), ("concepts", "concepts.toml")],
)
def test_the_bank_keeps_to_them(name: str, pattern: str) -> None:
    files = sorted(BANK.glob(pattern))
    assert files
    validator = jsonschema.Draft202012Validator(schema(name))
    errors = [
        f"{path}: {error.message}"
        for path in files
        for error in validator.iter_errors(tomllib.loads(path.read_text()))
    ]
    assert errors == []


def test_a_verdict_with_an_infinite_ratio_keeps_to_its_schema() -> None:
    check = CheckResult(id="c", title="C", status=CheckStatus.FAILED, points=0, max_points=1)
    ratio = PerformanceResult(
        id="p", metric="ratio", value=float("inf"), thresholds=((1, 1.0),), band=(1, float("inf"))
    )
    verdict = to_dict(sum_up("e", "v", checks=[check], performance=[ratio]))
    jsonschema.Draft202012Validator(schema("verdict")).validate(verdict)


def test_a_verdict_with_an_unknown_status_does_not() -> None:
    verdict = to_dict(sum_up("e", "v")) | {"status": "great"}
    assert list(jsonschema.Draft202012Validator(schema("verdict")).iter_errors(verdict))
