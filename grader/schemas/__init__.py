"""The published JSON Schemas, generated from the models: for editors and other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from grader import verdict
from grader.exercise.manifest import Concepts, Items, Manifest

FOLDER = Path(__file__).parent
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, tuple[str, TypeAdapter[Any]]] = {
    "exercise": ("exercise.toml of a Gradus exercise", TypeAdapter(Manifest)),
    "items": ("items.toml of a Gradus quiz", TypeAdapter(Items)),
    "concepts": ("concepts.toml of a Gradus bank", TypeAdapter(Concepts)),
    "verdict": ("A Gradus verdict, schema 1", verdict.ADAPTER),
}


def documents() -> dict[str, str]:
    """Every schema as the text of its file, by file name."""
    return {
        f"{name}.schema.json": _text(name, title, model) for name, (title, model) in _MODELS.items()
    }


def write() -> None:
    """Write the schemas beside this module."""
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _text(name: str, title: str, model: TypeAdapter[Any]) -> str:
    schema = model.json_schema(mode="validation")
    schema |= {"$schema": DRAFT, "$id": f"urn:gradus:schema:{name}:1", "title": title}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
