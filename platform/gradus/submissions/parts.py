"""What the named parts of a submission may be. Pure rules; the limits are in the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.conf import settings

from gradus.catalog.models import Version
from gradus.submissions.errors import PartsRefused, PartsTooLarge

MAX_ANSWERS = 200
MAX_ANSWER_CHARACTERS = 400


def refuse_unusable(parts: Mapping[str, str], version: Version) -> None:
    """Raises: PartsRefused, PartsTooLarge, with the name of the part in the message."""
    wanted = version.part_names
    for name in parts:
        if name not in wanted:
            raise PartsRefused(
                f"There is no part named {_shown(name)} here; expected: {', '.join(wanted)}."
            )
    if not any(text.strip() for text in parts.values()):
        raise PartsRefused(f"Nothing was sent. This exercise asks for {' and '.join(wanted)}.")
    total_bytes = 0
    for name, text in parts.items():
        total_bytes += _size_bytes(name, text)
    if total_bytes > settings.MAX_PARTS_BYTES:
        raise PartsTooLarge("The parts have", total_bytes, settings.MAX_PARTS_BYTES)
    if "answers.json" in parts:
        _refuse_bad_answers(parts["answers.json"])


def content_hash(parts: Mapping[str, str]) -> str:
    """sha256 over names and texts, whatever their order."""
    canonical = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _size_bytes(name: str, text: str) -> int:
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise PartsRefused(f"{name} is no text: line {line} has half of a character.") from error
    if size_bytes > settings.MAX_PART_BYTES:
        raise PartsTooLarge(f"{name} has", size_bytes, settings.MAX_PART_BYTES)
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise PartsRefused(f"{name} is no text: line {line} has a NUL character.")
    return size_bytes


def _refuse_bad_answers(text: str) -> None:
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise PartsRefused(f"answers.json is no JSON: see line {line}.") from error
    if not isinstance(answers, dict):
        raise PartsRefused('answers.json must be an object, such as {"delta5": "0,6781"}.')
    if len(answers) > MAX_ANSWERS:
        raise PartsRefused(
            f"answers.json has {len(answers)} answers; at most {MAX_ANSWERS} are allowed."
        )
    for field, answer in answers.items():
        texts = answer if isinstance(answer, list) else [answer]
        if not all(isinstance(one, str) for one in texts):
            raise PartsRefused(
                f"answers.json: {_shown(field)} must be a string, or a list of strings."
            )
        if len(field) + sum(map(len, texts)) > MAX_ANSWER_CHARACTERS:
            raise PartsRefused(
                f"answers.json: {_shown(field)} has more than {MAX_ANSWER_CHARACTERS} characters."
            )


def _shown(name: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in name[:60])
    return f"'{printable}'"
