"""What the named parts of a submission may be. Pure rules; the limits are in the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from grader.answers import AnswerError, parse_sheet
from gradus.catalog.models import Version
from gradus.submissions.errors import PartsRefused, PartsTooLarge

CONSOLE_PART = "console.py"  # what was typed into the console
MAX_TYPED_BYTES = 8 << 10
CONSOLE_SECONDS = 5.0  # at most, for one call


def refuse_unusable(parts: Mapping[str, str], version: Version) -> None:
    """Raises: PartsRefused, PartsTooLarge, with the name of the part in the message."""
    _refuse_unknown_names(parts, version)
    if not any(text.strip() for text in parts.values()):
        raise PartsRefused(_nothing_sent(version.part_names))
    _refuse_too_large(parts)
    if "answers.json" in parts:
        _refuse_bad_answers(parts["answers.json"], may_be_blank="solution.py" in parts)


def refuse_unstorable(parts: Mapping[str, str], version: Version) -> None:
    """What not even a draft may be; it may be empty, and hold answers that cannot be read yet.

    Raises: PartsRefused, PartsTooLarge.
    """
    _refuse_unknown_names(parts, version)
    _refuse_too_large(parts)


def refuse_unusable_console(parts: Mapping[str, str]) -> None:
    """Raises: PartsRefused, PartsTooLarge; the file may be as it is when one begins."""
    if not parts[CONSOLE_PART].strip():
        raise PartsRefused(
            _("Type a call first, such as the name of a function with its arguments.")
        )
    for name, text in parts.items():
        size_bytes = _size_bytes(name, text)
        if name == CONSOLE_PART and size_bytes > MAX_TYPED_BYTES:
            said = _("The call has {size} bytes; at most {limit} are allowed.")
            raise PartsTooLarge(said.format(size=size_bytes, limit=MAX_TYPED_BYTES))


def content_hash(parts: Mapping[str, str]) -> str:
    """sha256 over names and texts, whatever their order."""
    canonical = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _refuse_unknown_names(parts: Mapping[str, str], version: Version) -> None:
    wanted = version.part_names
    for name in parts:
        if name not in wanted:
            raise PartsRefused(
                _("There is no part named {name} here; expected: {wanted}.").format(
                    name=_shown(name), wanted=", ".join(wanted)
                )
            )


def _refuse_too_large(parts: Mapping[str, str]) -> None:
    total_bytes = sum(_size_bytes(name, text) for name, text in parts.items())
    if total_bytes > settings.MAX_PARTS_BYTES:
        said = _("The parts have {size} bytes; at most {limit} are allowed.")
        raise PartsTooLarge(said.format(size=total_bytes, limit=settings.MAX_PARTS_BYTES))


def _size_bytes(name: str, text: str) -> int:
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        said = _("{name} is no text: line {line} has half of a character.")
        raise PartsRefused(said.format(name=name, line=line)) from error
    if size_bytes > settings.MAX_PART_BYTES:
        said = _("{name} has {size} bytes; at most {limit} are allowed.")
        limit = settings.MAX_PART_BYTES
        raise PartsTooLarge(said.format(name=name, size=size_bytes, limit=limit))
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        said = _("{name} is no text: line {line} has a NUL character.")
        raise PartsRefused(said.format(name=name, line=line))
    return size_bytes


def _refuse_bad_answers(text: str, *, may_be_blank: bool) -> None:
    try:
        answers = parse_sheet(text.encode())
    except AnswerError as error:
        raise PartsRefused(f"answers.json: {error}") from error
    if not may_be_blank and not any(str(answer or "").strip() for answer in answers.values()):
        raise PartsRefused(_("answers.json: every answer is empty; no attempt was used."))


def _nothing_sent(names: Sequence[str]) -> str:
    if len(names) == 1:
        return _("Nothing was sent. This exercise asks for {name}.").format(name=names[0])
    said = _("Nothing was sent. This exercise asks for {names} and {last}.")
    return said.format(names=", ".join(names[:-1]), last=names[-1])


def _shown(name: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in name[:60])
    return f"'{printable}'"
