"""Gradings in real sandboxes of small exercises written for one test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from grader.contracts import Console, Op, Refused, VerdictLine
from grader.job.alone import adopt, do
from grader.job.backend import HostBackend
from grader.verdict import CheckResult, Verdict, from_json

MANIFEST = """
id = "{name}"
title = "A test"
kind = "code"
points = 10
flavour = "{flavour}"
concepts = ["arrays"]
{extra}
"""


@dataclass(frozen=True)
class Graded:
    """The verdict of one grading and the lines before it."""

    last: BaseModel
    lines: tuple[BaseModel, ...]

    @property
    def verdict(self) -> Verdict:
        assert isinstance(self.last, VerdictLine), self.last
        return from_json(self.last.verdict)

    def __getitem__(self, check: str) -> CheckResult:
        return next(result for result in self.verdict.checks if result.id == check)

    @property
    def console(self) -> Console:
        assert isinstance(self.last, Console), self.last
        return self.last

    @property
    def refused(self) -> str:
        assert isinstance(self.last, Refused), self.last
        return self.last.why

    def events(self, name: str) -> list[Any]:
        return [line for line in self.lines if line.event == name]  # type: ignore[attr-defined]


Grade = Callable[..., Graded]


@pytest.fixture
def grade(backend: HostBackend, versions: Path, tmp_path: Path) -> Grade:
    """Return a function that grades a source with some checks against a reference."""

    def run(
        source: str | bytes | None,
        checks: str = "",
        solution: str = "",
        *,
        extra: str = "",
        files: dict[str, str] | None = None,
        answers: Any = None,
        typed: str | None = None,
        op: Op = Op.GRADE,
        flavour: str = "numpy",
        **fields: Any,
    ) -> Graded:
        folder = tmp_path / _name(checks, solution, extra, files, flavour)
        if not folder.exists():
            _write(folder, checks, solution, extra, files or {}, flavour)
        parts: dict[str, bytes] = {}
        if source is not None:
            parts["solution.py"] = source if isinstance(source, bytes) else source.encode()
        if answers is not None:
            text = answers if isinstance(answers, str) else json.dumps(answers)
            parts["answers.json"] = text.encode()
        if typed is not None:
            parts["console.py"] = typed.encode()
        lines: list[BaseModel] = []
        fields.setdefault("seed", "0123456789abcdef")
        last = do(
            backend,
            adopt(folder, versions),
            op,
            parts,
            watch=lambda line, payload: lines.append(line),
            **fields,
        )
        return Graded(last, tuple(lines))

    return run


def _name(*content: Any) -> str:
    return "test-" + hashlib.sha256(repr(content).encode()).hexdigest()[:12]


def _write(
    folder: Path, checks: str, solution: str, extra: str, files: dict[str, str], flavour: str
) -> None:
    found = {
        "exercise.toml": MANIFEST.format(name=folder.name, extra=extra, flavour=flavour),
        "statement.md": "# A test\n",
        **(
            {"checks.py": HEAD + checks, "solution.py": solution, "starter.py": ""}
            if checks
            else {}
        ),
        **files,
    }
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


HEAD = """
import numpy as np
from grader.authoring import *
"""
