"""Runs in a process of its own, beside the student's file: makes the recorded calls and compares.

It is given the examples on standard input and writes one JSON line for each check. It imports
nothing of this package, so that any Python with numpy can run it as a file.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

FILE = "solution.py"
SPECIAL = ("__call__", "__getitem__", "__iter__", "__len__", "__next__")
TEXT = 400  # characters of a value in a message


class Differs(Exception):
    """A value is not as recorded; the text says where and how."""


class Refused(BaseException):
    """The examples ask for something that no check asks for."""


class Replay:
    """The student's module, with the objects that its calls made."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.objects: dict[int, Any] = {}

    def check(self, check: dict[str, Any]) -> dict[str, Any]:
        """Make the calls of one check. Returns how many values were compared, and what differs."""
        compared = 0
        for step in check["steps"]:
            try:
                compared += self.step(step)
            except Differs as differs:
                return {"id": check["id"], "compared": compared, "differs": str(differs)}
        return {"id": check["id"], "compared": compared, "differs": ""}

    def step(self, step: dict[str, Any]) -> int:
        """Make one call. Raises: Differs."""
        wanted = step.get("raises")
        call = _named(step)
        try:
            value = self._perform(step)
        except Refused:
            raise
        except BaseException as error:  # noqa: BLE001 - sys.exit() in a call is an exception like others
            names = [kind.__name__ for kind in type(error).__mro__]
            if wanted in names:
                return 1
            expected = f"; expected {wanted}" if wanted else ""
            raise Differs(
                f"{call} raised {names[0]}{_line(error)}: {error}"[:TEXT] + expected
            ) from None
        if wanted:
            raise Differs(f"{call} raised nothing; expected {wanted}.")
        for at, number in step.get("objects", []):
            self.objects[number] = _at(value, at, call)
        for expects in step.get("expects", []):
            where = call + "".join(f"[{part!r}]" for part in expects["at"])
            expected = self.read(expects["value"])
            compare(
                _at(value, expects["at"], call), expected, expects["rtol"], expects["atol"], where
            )
        return len(step.get("expects", []))

    def _perform(self, step: dict[str, Any]) -> Any:
        on, op = step["on"], step["op"]
        args = [self.read(one) for one in step["args"]]
        if op == "keep":
            return args[0]
        subject: Any = self.module
        if isinstance(on, dict):
            subject = self.objects[on["object"]]
        elif on is not None:
            subject = _given(on)
        if op == "call":
            target = _named_of(subject, step["name"]) if step["name"] else subject
            return target(*args, **{name: self.read(one) for name, one in step["kwargs"].items()})
        if op == "get":
            return _named_of(subject, step["name"])
        if op == "iter":
            return iter(subject)
        return next(subject) if op == "next" else subject

    def read(self, value: Any) -> Any:
        """Return the value that is written as JSON. Raises: KeyError, ValueError."""
        if isinstance(value, list):
            return [self.read(one) for one in value]
        if not isinstance(value, dict):
            return value
        kind = next(iter(value))
        if kind not in READERS:
            raise ValueError(f"a value of a kind that this program does not know: {kind}")
        return READERS[kind](self, value)


def _given(module: str) -> ModuleType:
    """Import a module that lies beside the file, and no other one. Raises: Refused."""
    if not Path(module.replace(".", "/")).with_suffix(".py").is_file():
        raise Refused(module)
    return importlib.import_module(module)


def _named_of(subject: Any, name: str) -> Any:
    """Return what a check may name: no inside of Python, no module. Raises: Refused."""
    found = getattr(subject, name)
    if (name.startswith("__") and name not in SPECIAL) or isinstance(found, ModuleType):
        raise Refused(name)
    return found


def array(written: dict[str, Any]) -> Any:
    dtype = np.dtype(written["dtype"])
    values = np.array(_numbers(written["values"]), dtype=np.float64 if dtype.kind == "c" else dtype)
    if dtype.kind == "c":
        values = (values[..., 0] + 1j * values[..., 1]).astype(dtype)
    return values.reshape(written["shape"])


def generator(state: int, inc: int, has_uint32: int, uinteger: int) -> np.random.Generator:
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": inc},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
    return np.random.Generator(bits)


def tensor(written: dict[str, Any]) -> Any:
    torch = importlib.import_module("torch")
    return torch.tensor(array(written["tensor"])).to(getattr(torch, written["dtype"]))


Reader = Callable[[Replay, dict[str, Any]], Any]
READERS: dict[str, Reader] = {
    "tuple": lambda replay, v: tuple(replay.read(one) for one in v["tuple"]),
    "dict": lambda replay, v: {replay.read(k): replay.read(one) for k, one in v["dict"]},
    "float": lambda _, v: float(v["float"]),
    "complex": lambda _, v: complex(*(float(part) for part in v["complex"])),
    "object": lambda replay, v: replay.objects[v["object"]],
    "array": lambda _, v: array(v["array"]),
    "scalar": lambda _, v: array({"dtype": v["dtype"], "shape": [], "values": v["scalar"]})[()],
    "generator": lambda _, v: generator(*v["generator"]),
    "tensor": lambda _, v: tensor(v),
}


def compare(got: Any, expected: Any, rtol: float, atol: float, where: str) -> None:
    """Raises: Differs."""
    got, expected = _plain(got), _plain(expected)
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            raise Differs(f"{where} is {_short(got)}; expected {len(expected)} values.")
        for at, (one, other) in enumerate(zip(got, expected, strict=True)):
            compare(one, other, rtol, atol, f"{where}[{at}]")
    elif isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            raise Differs(f"{where} is {_short(got)}; expected the keys {sorted(expected)}.")
        for key, other in expected.items():
            compare(got[key], other, rtol, atol, f"{where}[{key!r}]")
    elif isinstance(expected, bool | int | float | complex | np.generic | np.ndarray):
        _numeric(got, expected, rtol, atol, where)
    elif type(got) is not type(expected) or got != expected:
        raise Differs(f"{where} is {_short(got)}; expected {_short(expected)}.")


def _numeric(got: Any, expected: Any, rtol: float, atol: float, where: str) -> None:
    if not isinstance(got, bool | int | float | complex | np.generic | np.ndarray):
        raise Differs(f"{where} is {_short(got)}; expected {_short(expected)}.")
    mine, theirs = np.asarray(got), np.asarray(expected)
    if mine.shape != theirs.shape:
        raise Differs(f"{where} has the shape {mine.shape}; expected {theirs.shape}.")
    kinds = _kind(mine), _kind(theirs)
    if kinds[0] != kinds[1] and not (type(got) is int and kinds[1] == "float64"):
        raise Differs(f"{where} is of {kinds[0]}; expected {kinds[1]}.")
    agree = _agreement(mine, theirs, rtol, atol)
    if not agree.all():
        first = tuple(int(i) for i in np.argwhere(~agree)[0])
        place = f"{where}[{', '.join(map(str, first))}]" if first else where
        several = f" {int((~agree).sum())} of {agree.size} entries differ." if first else ""
        raise Differs(f"{place} is {mine[first]!s}; expected {theirs[first]!s}.{several}")


def _agreement(mine: Any, theirs: Any, rtol: float, atol: float) -> Any:
    if mine.dtype.kind in "iub" and theirs.dtype.kind in "iub":
        return np.asarray(mine == theirs)
    wide = np.complex128 if "c" in (mine.dtype.kind, theirs.dtype.kind) else np.float64
    mine, theirs = mine.astype(wide), theirs.astype(wide)
    with np.errstate(all="ignore"):
        same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
        finite = np.isfinite(mine) & np.isfinite(theirs)
        return np.asarray(same | (finite & (np.abs(mine - theirs) <= atol + rtol * np.abs(theirs))))


def _plain(value: Any) -> Any:
    """A tensor as an array; numbers of bfloat16 as float32, which holds them exactly."""
    if not hasattr(value, "detach"):
        return value
    tensor = value.detach().cpu()
    return (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()


def _kind(values: Any) -> str:
    return "int" if values.dtype.kind in "iu" else str(values.dtype)


def _numbers(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_numbers(one) for one in entries]
    return float(entries) if isinstance(entries, str) else entries


def _at(value: Any, path: list[Any], call: str) -> Any:
    for part in path:
        try:
            value = value[part]
        except (TypeError, LookupError):
            raise Differs(f"{call} gave {_short(value)}, which has no [{part!r}].") from None
    return value


def _named(step: dict[str, Any]) -> str:
    on = step["on"]
    owner = f"{on}." if isinstance(on, str) else "object." if isinstance(on, dict) else ""
    return f"{owner}{step['name'] or step['op']}"


def _line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if os.path.basename(frame.filename) == FILE]
    return f" in line {lines[-1]}" if lines else ""


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= TEXT else text[:TEXT] + "…"


def load() -> ModuleType:
    """Import the student's file from this folder. Raises: whatever it raises."""
    sys.path.insert(0, os.getcwd())
    sys.dont_write_bytecode = True
    return importlib.import_module(FILE.removesuffix(".py"))


def main() -> None:
    """One line for each check on what was standard output; what the file prints is for people."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    checks = json.loads(sys.stdin.buffer.read())
    try:
        replay = Replay(load())
    except BaseException as error:  # noqa: BLE001 - sys.exit() at import is an exception like others
        said = f"{type(error).__name__}{_line(error)}: {error}"[:TEXT]
        print(json.dumps({"unusable": said}), file=told, flush=True)
        return
    for check in checks:
        try:
            found = replay.check(check)
        except Refused as refused:
            print(json.dumps({"refused": str(refused)}), file=told, flush=True)
            return
        print(json.dumps(found), file=told, flush=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # threads of the file do not keep it
