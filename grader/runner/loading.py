"""Loads the student's file as the module `solution`, with what is given beside it."""

from __future__ import annotations

import importlib
import linecache
import os
import random
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from types import CodeType, ModuleType
from typing import Any, NoReturn

import numpy as np

from grader.frames import FrameError, Load

MODULE = "solution"
GIVEN = "given"
_MOST_NAMES = 500
_LONGEST_NAME = 200


def load(request: Load, folder: Path) -> ModuleType:
    """Run the student's file and return its module. Raises: whatever the file raises."""
    _write_given(request.given, folder / GIVEN)
    _seed(request.seed)
    for name in request.bans:
        _ban(name)
    code = _compiled(request)
    module = ModuleType(MODULE)
    module.__file__ = request.filename
    sys.modules[MODULE] = module
    _show_lines(request)
    exec(code, module.__dict__)  # noqa: S102 - running the student's file is what this process is for
    return module


def _compiled(request: Load) -> CodeType:
    """Raises: SyntaxError, ValueError."""
    try:
        return compile(request.source, request.filename, "exec", dont_inherit=True)
    except (MemoryError, RecursionError):  # what the parser raises, without a line
        raise SyntaxError("it is too long, or nested too deeply, to be compiled") from None


def public_names(module: ModuleType) -> dict[str, str]:
    """Return the names that the file holds and what they are; modules are left out."""
    names: dict[str, str] = {}
    for name, value in list(vars(module).items()):
        if not _is_public(name) or isinstance(value, ModuleType):
            continue
        if len(names) == _MOST_NAMES:
            break
        is_class = isinstance(value, type)
        names[name] = "class" if is_class else "function" if callable(value) else "value"
    return names


def _is_public(name: object) -> bool:
    if type(name) is not str or name.startswith("_") or len(name) > _LONGEST_NAME:
        return False
    return name.isidentifier()  # globals() takes any text, half a surrogate pair included


def _write_given(given: dict[str, bytes], folder: Path) -> None:
    """Write the given files where the code can read them; make the modules importable."""
    if not given:
        return
    for name, content in given.items():
        path = PurePosixPath(name)
        if path.is_absolute() or not path.parts or ".." in path.parts:
            raise FrameError(f"a given file cannot be named {name!r}")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def _seed(seed: int | None) -> None:
    """Give the session random numbers of its own: all forks of a zygote inherit one state."""
    if seed is None:
        seed = int.from_bytes(os.urandom(8), "little")
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed % 2**63)


def _ban(name: str) -> None:
    """Replace what a dotted path names (its last part may hold a *) by functions that raise.

    Raises: ImportError, AttributeError for a path that leads nowhere.
    """
    *path, last = name.split(".")
    owner: Any = importlib.import_module(path[0])
    for index, part in enumerate(path[1:], start=2):
        if not hasattr(owner, part):
            importlib.import_module(".".join(path[:index]))
        owner = getattr(owner, part)
    found = [attribute for attribute in dir(owner) if fnmatchcase(attribute, last)]
    if not found:
        raise AttributeError(f"{name} cannot be banned: there is no such name")
    for attribute in found:
        setattr(owner, attribute, _refusal(".".join([*path, attribute])))


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise RuntimeError(f"{name} is not allowed in this exercise")

    return refuse


def _show_lines(request: Load) -> None:
    """Let tracebacks and `inspect` find the source, which is in no file."""
    source = request.source
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    lines = text.splitlines(keepends=True)
    linecache.cache[request.filename] = (len(text), None, lines, request.filename)
