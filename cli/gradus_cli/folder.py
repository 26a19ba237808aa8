"""A folder with one exercise, as `pull` makes it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus_cli.errors import CliError

MARK = ".gradus.json"
EXAMPLES = ".gradus-examples.json"
PARTS = ("solution.py", "answers.json")
MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Pulled:
    """Which item of which site a folder holds."""

    folder: Path
    site: str
    item: int
    exercise: str


def find(start: Path) -> Pulled:
    """Return the exercise whose folder this is, or lies above. Raises: CliError."""
    for folder in (start.resolve(), *start.resolve().parents):
        mark = folder / MARK
        if mark.is_file():
            try:
                found = json.loads(mark.read_text())
                return Pulled(folder, str(found["site"]), int(found["item"]), found["exercise"])
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise CliError(f"{mark} cannot be read. Pull the exercise again.") from error
    raise CliError("This is no folder of an exercise. Run `gradus pull EXERCISE`, then go into it.")


def write(
    folder: Path,
    site: str,
    item: dict[str, Any],
    given: list[dict[str, str]],
    examples: list[dict[str, Any]] | None = None,
) -> tuple[Pulled, list[str]]:
    """Write an exercise. One's own solution stays; returns which files were written."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = {"site": site, "item": item["id"], "exercise": item["exercise"]}
    mark["version"] = item["version"]
    files: dict[str, bytes] = {"statement.md": item["statement"].encode()}
    for one in given:
        files[str(inside(folder, one["path"]).relative_to(folder.resolve()))] = base64.b64decode(
            one["base64"]
        )
    if "solution.py" in item["parts"] and not (folder / "solution.py").exists():
        files["solution.py"] = item["starter"].encode()
    if "answers.json" in item["parts"] and not (folder / "answers.json").exists():
        files["answers.json"] = (json.dumps(blank(item["form"] or {}), indent=2) + "\n").encode()
    if examples is not None:
        files[EXAMPLES] = (json.dumps({"checks": examples}) + "\n").encode()
    else:
        (folder / EXAMPLES).unlink(missing_ok=True)  # those of another version
    files[MARK] = (json.dumps(mark, indent=1) + "\n").encode()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    pulled = Pulled(folder.resolve(), site, item["id"], item["exercise"])
    return pulled, [name for name in files if name not in (MARK, EXAMPLES)]


def inside(folder: Path, name: str) -> Path:
    """Return a path below a folder. Raises: CliError, for one that leads out of it."""
    path = (folder.resolve() / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise CliError(f"The site sent a file with the path {name!r}; nothing was written.")
    return path


def blank(form: dict[str, Any]) -> dict[str, Any]:
    """Return an answer sheet to fill in: each field with an empty text."""
    return {field["id"]: "" for field in form.get("fields", [])}


def parts(pulled: Pulled, files: list[Path]) -> dict[str, str]:
    """Read what is to be handed in: the files named, or what the folder has. Raises: CliError."""
    chosen = files or [pulled.folder / name for name in PARTS if (pulled.folder / name).is_file()]
    found: dict[str, str] = {}
    for path in chosen:
        name = {".py": "solution.py", ".json": "answers.json"}.get(path.suffix)
        if name is None:
            raise CliError(f"{path}: hand in a .py file or the answers as .json.")
        if name in found:
            raise CliError(f"{path}: there is a {path.suffix} file already.")
        found[name] = _text(path)
    if not found:
        raise CliError(f"{pulled.folder} has neither solution.py nor answers.json.")
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CliError(f"{path}: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise CliError(f"{path}: more than {MAX_BYTES} bytes.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CliError(f"{path}: no text in UTF-8 (byte {error.start}).") from error
