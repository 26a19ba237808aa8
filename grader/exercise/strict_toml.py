"""Author-written TOML to strict pydantic models, with errors that name file and line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.errors import ExerciseError

MAX_TOML_BYTES = 512 * 1024
MAX_DEPTH = 64  # of tables and arrays within each other
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")
_NAME = re.compile(r"""\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_COMMENT = re.compile(r"#[^\n]*")
_NUL = re.compile(r"\\u0000|\\U00000000")

Path = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """Unknown keys, wrong types, NaN and infinities are errors; what was read never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def parse(model: type[M], text: str, file: str) -> M:
    """Read a TOML text into a model.

    Raises: ExerciseError with file and line, for bad TOML and for whatever the model refuses.
    """
    data = parse_plain(text, file)
    try:  # as JSON, because strict mode takes arrays for tuples and integers for floats only there
        return model.model_validate_json(json.dumps(data, default=_refused))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        path = _path(data, first["loc"])
        raise ExerciseError(_message(path, first), file, line_of(text, path)) from error


def parse_plain(text: str, file: str) -> dict[str, Any]:
    """Read a TOML text into plain data.

    Raises: ExerciseError with file and line.
    """
    if len(text.encode()) > MAX_TOML_BYTES:
        raise ExerciseError(f"The file is longer than {MAX_TOML_BYTES} bytes.", file)
    try:
        data = tomllib.loads(text)
        has_nul = any("\0" in found for found in texts(data))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT_LINE.search(message)
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise ExerciseError(f"No valid TOML: {_AT_LINE.sub('', message)}.", file, line) from error
    except RecursionError as error:
        raise ExerciseError("No valid TOML: nested too deeply.", file) from error
    if has_nul:
        escape = _NUL.search(text)
        at = text.count("\n", 0, escape.start()) + 1 if escape else 1
        raise ExerciseError("A text holds a NUL character.", file, at)
    return data


def texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in plain data, keys too. Raises: RecursionError, where it is nested too deeply."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from texts(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, depth + 1)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of a key, of the nearest table around it, or 1."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        if (line := lines.get(tuple(path[:length]))) is not None:
            return line
    return 1


def _lines(text: str) -> dict[Path, int]:
    """Where each table and key starts. Strings are blanked first, so that their text is no key."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth = 0  # of brackets of a value that goes on over several lines
    for number, line in enumerate(_blanked(text).splitlines(), start=1):
        if depth == 0 and (header := _HEADER.match(line)):
            table = _table(header.group(2), header.group(1) == "[[", counts)
            found.setdefault(table, number)
            continue
        if depth == 0 and (key := _KEY.match(line)):
            path = table
            for name in _names(key.group(1)):
                path = (*path, name)
                found.setdefault(path, number)
            line = line[key.end() :]
        depth = max(0, depth + sum(line.count(c) for c in "[{") - sum(line.count(c) for c in "]}"))
    return found


def _table(dotted: str, is_array: bool, counts: dict[Path, int]) -> Path:
    """The path of a header, with the index of each array of tables that it goes through."""
    path: Path = ()
    names = _names(dotted)
    for position, name in enumerate(names):
        path = (*path, name)
        if is_array and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _names(dotted: str) -> list[str]:
    return ["".join(found.groups(default="")) for found in _NAME.finditer(dotted)]


def _blanked(text: str) -> str:
    """The text with strings and comments emptied, line for line; a quoted key stays a key."""

    def blank(found: re.Match[str]) -> str:
        string = found.group(0)
        if string.startswith("#"):
            return ""
        after = text[found.end() : found.end() + 8].lstrip(" \t")
        if after.startswith(("=", "]", ".")) and not set(string) & set("\n[]{}#"):
            return string
        return '""' + "\n" * string.count("\n")

    return re.sub(f"{_STRING.pattern}|{_COMMENT.pattern}", blank, text, flags=re.DOTALL)


def _path(data: Any, location: Sequence[str | int]) -> Path:
    """Where in the file an error is; pydantic's names of union members are left out."""
    path: Path = ()
    for position, part in enumerate(location):
        table = dict(enumerate(data)) if isinstance(data, list) else data
        if isinstance(table, dict) and part in table:
            data = table[part]
        elif position < len(location) - 1:
            continue
        path = (*path, part)
    return path


def _message(path: Path, error: Any) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    what = {
        "extra_forbidden": "is no key that is known here",
        "missing": "is missing",
    }.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    return f"{where}: {what}." if where else f"{what}."


def _refused(value: object) -> object:
    return {"a TOML value that is not allowed here": str(value)}  # dates and times
