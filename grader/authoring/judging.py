"""How a check fails: `close`, `equal`, `require`, `raises`; `attach` adds a figure to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from grader.compare import Difference, compare
from grader.figures import Figure

MAX_FIGURES = 8
WHOLE_MESSAGE = r"(?s).+"


class CheckFailed(Exception):
    """A check found the student's work wrong. `difference` where values were compared; `looked_at`
    where it was an exception: the pattern of what in its message made it fail, in lower case.
    """

    def __init__(
        self,
        message: str,
        *,
        difference: Difference | None = None,
        got: Any = None,
        expected: Any = None,
        name: str | None = None,
        tolerance: tuple[float, float] = (0.0, 0.0),
        looked_at: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.difference = difference
        self.got, self.expected = got, expected
        self.name = name
        self.tolerance = tolerance
        self.looked_at = looked_at


class Raised(Exception):
    """Code in a session raised: names of the classes, message, line in its file."""

    def __init__(
        self, role: str, call: str, classes: tuple[str, ...], message: str, line: int | None
    ) -> None:
        super().__init__(f"{call} raised {classes[0] if classes else 'an exception'}: {message}")
        self.role, self.call = role, call
        self.classes, self.message, self.line = classes, message, line


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison that held."""

    got: Any
    expected: Any
    rtol: float
    atol: float


_figures: ContextVar[list[Figure] | None] = ContextVar("figures of the running check", default=None)
_watcher: ContextVar[Callable[[Compared], None] | None] = ContextVar("watcher", default=None)


def close(
    got: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-12, name: str | None = None
) -> None:
    """Fail unless got equals expected within atol + rtol * |expected|.

    Shape and kind of dtype are exact. NaN equals NaN only where expected has it.
    `name` says what it is in the message.
    """
    _judge(got, expected, rtol, atol, name)


def equal(got: Any, expected: Any, name: str | None = None) -> None:
    """Fail unless got is exactly expected."""
    _judge(got, expected, 0.0, 0.0, name)


def require(condition: Any, message: str) -> None:
    """Fail with `message` unless the condition holds; it says what was expected and found."""
    if not condition:
        raise CheckFailed(message)


class raises:  # noqa: N801 -- reads as a statement in checks.py
    """`with raises(ValueError, "line 3"):` fails unless that exception crosses, with the texts."""

    def __init__(self, kind: type[BaseException] | str, *texts: str) -> None:
        self.name = kind if isinstance(kind, str) else kind.__name__
        self.texts = texts

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            raise CheckFailed(f"Nothing was raised; expected {self._wanted()}.")
        if not isinstance(error, Raised):
            return False
        if error.role == "reference":
            return False
        if self.name not in error.classes:
            where = f" in line {error.line}" if error.line is not None else ""
            said = " ".join(error.message[:200].split())
            raise CheckFailed(
                f"{error.call} raised {error.classes[0]}{where}; expected {self._wanted()}."
                f"{' Its message: ' + said if said else ''}",
                looked_at=WHOLE_MESSAGE,
            ) from None
        said = error.message.casefold()
        missing = [text for text in self.texts if text.casefold() not in said]
        if missing:
            raise CheckFailed(
                f"{error.call} raised {self.name} with the message {error.message[:200]!r}; "
                f"expected it to contain {missing[0]!r}.",
                looked_at=re.sub(r"[0-9]+", "[0-9]+", re.escape(missing[0].casefold())),
            ) from None
        return True

    def _wanted(self) -> str:
        texts = " and ".join(repr(text) for text in self.texts)
        return f"{self.name} with {texts} in its message" if texts else self.name


def attach(figure: Figure) -> None:
    """Add a figure to the running check; outside a check, and above eight, it is dropped."""
    figures = _figures.get()
    if not isinstance(figure, Figure):
        raise TypeError("attach needs a figure: heatmap, curves, bars, boxes or trajectory")
    if figures is not None and len(figures) < MAX_FIGURES:
        figures.append(figure)


def collect_figures(into: list[Figure] | None) -> None:
    """Send the figures of the check that runs from now on into this list."""
    _figures.set(into)


def watch_comparisons(watcher: Callable[[Compared], None] | None) -> None:
    """Tell somebody of each comparison that holds from now on."""
    _watcher.set(watcher)


def _judge(got: Any, expected: Any, rtol: float, atol: float, name: str | None) -> None:
    difference = compare(got, expected, rtol=rtol, atol=atol)
    if difference is not None:
        raise CheckFailed(
            "The value is not as expected.",
            difference=difference,
            got=got,
            expected=expected,
            name=name,
            tolerance=(rtol, atol),
        )
    watcher = _watcher.get()
    if watcher is not None:
        watcher(Compared(got, expected, rtol, atol))
