"""An exception of the student's code as it crosses, and one of the checker's as it arrives."""

from __future__ import annotations

import builtins
from types import TracebackType

from grader.frames import RaisedException
from grader.frames.values import MESSAGE_BYTES, NAME_LENGTH

_MOST_CLASSES = 32
_CUT = "…"


def crossing(error: BaseException, filename: str) -> RaisedException:
    """Describe the exception: class names, text cut to what may cross, line of `filename`."""
    try:
        names = [_clean(kind.__name__)[:NAME_LENGTH] for kind in type(error).__mro__[:-1]]
        line = _line_of(error, filename)
        return RaisedException(tuple(names[:_MOST_CLASSES]), _message(error), line)
    except BaseException:  # noqa: BLE001 - a hostile exception must not end the session by its own text
        return RaisedException(("Exception", "BaseException"), "")


def arriving(raised: RaisedException) -> Exception:
    """Make the built-in exception that the checker raised; a RuntimeError where it is none."""
    for name in raised.classes:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            try:
                return kind(raised.message)
            except TypeError:  # needs other arguments, like UnicodeDecodeError
                break
    return RuntimeError(raised.message)


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return _cut(_clean(str(error.msg)))
    return _cut(_clean(str(error)))


def _clean(text: str) -> str:
    return str.encode(text, "utf-8", "replace").decode()


def _cut(text: str) -> str:
    raw = text.encode()
    if len(raw) <= MESSAGE_BYTES:
        return text
    return raw[: MESSAGE_BYTES - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _line_of(error: BaseException, filename: str) -> int | None:
    """Return the line of the student's file that ran last, or that cannot be read."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == filename:
        line = error.lineno
    step: TracebackType | None = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename and step.tb_lineno is not None:
            line = step.tb_lineno
        step = step.tb_next
    return line if isinstance(line, int) and line >= 0 else None
