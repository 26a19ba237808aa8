"""Checks that every call gets for free: nothing mutated, no shared memory, no warnings, same again.

What the runner saw arrives as `meta`; a repeated call is compared here. A violation fails the check
whose call showed it and says what to do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.compare import compare, is_numeric, wide
from grader.exercise.manifest import FunctionRules
from grader.exercise.outputs import Place, outputs
from grader.frames import RaisedException
from grader.frames.messages import Meta

_DEFAULT = FunctionRules()
_SHARED = "{} returned a result that shares memory with {}. Return a new array from each call."
_METHOD = FunctionRules(repeat=False)  # a method may well change its object


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise: its kind (changed, aliases, warning, repeat) and a message."""

    kind: str
    message: str
    line: int | None = None

    @property
    def without_line(self) -> str:
        """What was broken, wherever in the file."""
        return self.message.replace(f" in line {self.line}", "")


class Rules:
    """The engine-wide checks of an exercise by function; parameter names are the reference's, and
    those of the files in given/.
    """

    def __init__(
        self,
        functions: Mapping[str, FunctionRules],
        source: str = "",
        given: Mapping[str, bytes] | None = None,
    ) -> None:
        self.functions = functions
        self._source = source
        self._given = dict(given or {})  # files that no argument was named in yet
        self._opaque = _places(functions, source)

    @cached_property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """The names of the arguments, by function; nobody asks where nothing is wrong."""
        return parameter_names(self._source)

    def of(self, key: str | None) -> FunctionRules:
        found = self.functions.get(key or "")
        return found or (_METHOD if "." in (key or "") else _DEFAULT)

    def opaque(self, key: str) -> frozenset[Place]:
        """Return the places of the outputs whose form is the student's own affair."""
        return self._opaque.get(key, frozenset())

    def name_of(self, key: str | None, place: int | str) -> str | None:
        """Return the name of an argument given by position or by name."""
        if isinstance(place, str):
            return place
        module = (key or "").partition(".")[0]
        source = self._given.pop(f"{module}.py", b"")
        for name, parameters in parameter_names(source).items():
            self.parameters.setdefault(f"{module}.{name}", parameters)
        names = self.parameters.get(key or "", ())
        return names[place] if place < len(names) else None


def _places(functions: Mapping[str, FunctionRules], source: str) -> dict[str, frozenset[Place]]:
    opaque = {key: rules.opaque for key, rules in functions.items() if rules.opaque}
    known = outputs(source) if opaque else {}
    return {key: frozenset(known[key][name] for name in names) for key, names in opaque.items()}


def parameter_names(source: str | bytes) -> dict[str, tuple[str, ...]]:
    """Return the positional parameters of each function and method of a file, `self` left out."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = _positional(node)
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    found[f"{node.name}.{inner.name}"] = _positional(inner)[1:]
            found[node.name] = found.get(f"{node.name}.__init__", ())
    return found


def _positional(node: ast.FunctionDef) -> tuple[str, ...]:
    return tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))


def violations(label: str, rules: Rules, key: str | None, meta: Meta) -> list[Violation]:
    """Return what a call broke of what its function promises."""
    own = rules.of(key)
    found = []
    for place in meta.changed:
        name = rules.name_of(key or label, place)
        if name is None or name not in own.mutates:
            what = _argument(name, place)
            message = f"{label} changed {what}. Arguments must stay as they are: work on a copy."
            found.append(Violation("changed", message))
    if not own.aliases:
        for place in meta.aliases:
            what = _argument(rules.name_of(key or label, place), place)
            found.append(Violation("aliases", _SHARED.format(label, what)))
        if meta.earlier:
            found.append(Violation("aliases", _SHARED.format(label, "an earlier result")))
    if own.stable and meta.warnings:
        first = meta.warnings[0]
        where = f" in line {first.line}" if first.line is not None else ""
        kinds = {"divide": "a division by zero", "invalid": "an invalid operation (nan)"}
        message = (
            f"{label} caused {kinds.get(first.kind, 'an overflow')}{where}. "
            "No floating-point warning may reach the caller."
        )
        found.append(Violation("warning", message, first.line))
    return found


def _argument(name: str | None, place: int | str) -> str:
    if name is not None:
        return f"its argument {name}"
    return f"its argument number {int(place) + 1}"


def differs_again(label: str, again: Any, first: Any) -> Violation | None:
    """Compare a second call with the first: equal up to rounding that memory layout may change."""
    if compare(again, first) is None:  # nearly always, to the bit
        return None
    coarse = any(holds(value, _is_coarse) for value in (first, again))
    rtol = 1e-4 if coarse else 1e-9
    scale = _scale(first)
    if compare(again, first, rtol=rtol, atol=rtol * scale if np.isfinite(scale) else 0.0) is None:
        return None
    return Violation(
        "repeat",
        f"A second call of {label} with the same input gave another result. "
        "Keep nothing between calls and draw random numbers only from what is passed in.",
    )


def raised_again(label: str, exception: RaisedException) -> Violation:
    return Violation(
        "repeat",
        f"A second call of {label} with the same input raised {exception.classes[0]}: "
        f"{exception.message[:200]}",
        exception.line,
    )


def holds(value: Any, test: Callable[[Any], bool], depth: int = 0) -> bool:
    """Tell whether a value, or anything inside it, passes a test."""
    if depth > 64 or test(value):
        return True
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return False
    return any(holds(inner, test, depth + 1) for inner in value)


def _is_coarse(value: Any) -> bool:
    dtype = getattr(value, "dtype", None)
    return dtype is not None and dtype.kind in "fcu" and dtype.itemsize < 8


def _scale(value: Any) -> float:
    """Return the largest finite absolute number in a value."""
    if isinstance(value, dict):
        return max((_scale(inner) for inner in value.values()), default=0.0)
    if isinstance(value, list | tuple):
        return max((_scale(inner) for inner in value), default=0.0)
    if not is_numeric(value):
        return 0.0
    numbers = np.abs(wide(value).astype(np.complex128))
    numbers = numbers[np.isfinite(numbers)]
    return float(numbers.max()) if numbers.size else 0.0
