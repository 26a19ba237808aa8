"""`@check` and `@performance` give a plain function a title and points; the checker finds it so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

REVEALS = ("full", "category", "nothing")
_MARK = "__gradus__"

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One function of `checks.py`. `timed`: it was declared by `@performance`."""

    id: str
    title: str
    points: float
    function: Function
    visible: bool = False
    reveal: str = "full"
    after: tuple[str, ...] = ()
    timed: bool = False
    rtol: float = 1e-9
    atol: float = 1e-12


def check(
    title: str,
    *,
    points: float,
    visible: bool = False,
    reveal: str = "full",
    after: Function | Iterable[Function] = (),
) -> Callable[[Function], Function]:
    """Make a function (student, reference, draw) a check.

    Raises: ValueError for a bad title, points, reveal level or dependency.
    """
    _refuse(title, points)
    if reveal not in REVEALS:
        raise ValueError(f"reveal={reveal!r} is none of {', '.join(REVEALS)}")
    before = _ids(after)

    def mark(function: Function) -> Function:
        spec = CheckSpec(
            function.__name__, title, float(points), function, bool(visible), reveal, before
        )
        setattr(function, _MARK, spec)
        return function

    return mark


def performance(
    title: str, *, points: float, rtol: float = 1e-9, atol: float = 1e-12
) -> Callable[[Function], Function]:
    """Make a function a performance check; its table in exercise.toml says what is measured.

    Metric ratio: function(draw) returns the arguments of one call. Metrics count and score:
    function(student, reference, draw) returns the number. Raises: ValueError.
    """
    _refuse(title, points)

    def mark(function: Function) -> Function:
        spec = CheckSpec(
            function.__name__, title, float(points), function, timed=True, rtol=rtol, atol=atol
        )
        setattr(function, _MARK, spec)
        return function

    return mark


def collect(namespace: Mapping[str, Any]) -> list[CheckSpec]:
    """Return the checks of a module in file order.

    Raises: ValueError where one name is declared twice or a dependency comes later.
    """
    found = [getattr(value, _MARK, None) for value in namespace.values() if callable(value)]
    specs = [spec for spec in found if isinstance(spec, CheckSpec)]
    specs.sort(key=lambda spec: spec.function.__code__.co_firstlineno)
    seen: set[str] = set()
    for spec in specs:
        if spec.id in seen:
            raise ValueError(f"{spec.id} is declared twice")
        missing = [name for name in spec.after if name not in seen]
        if missing:
            raise ValueError(f"{spec.id} comes after {missing[0]}, which is no earlier check")
        seen.add(spec.id)
    return specs


def _ids(after: Function | Iterable[Function]) -> tuple[str, ...]:
    functions = (after,) if callable(after) else tuple(after)
    for function in functions:
        if not isinstance(getattr(function, _MARK, None), CheckSpec):
            raise ValueError("after= names a function that is no check")
    return tuple(function.__name__ for function in functions)


def _refuse(title: str, points: float) -> None:
    if not isinstance(title, str) or not 1 <= len(title) <= 200:
        raise ValueError("the title needs 1 to 200 characters")
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= 1000:
        raise ValueError(f"points={points!r} is no number between 0 and 1000")
