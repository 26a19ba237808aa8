"""What a student reads when a check fails: what happened, with both values (ui.md, section 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.authoring.judging import CheckFailed, Raised
from grader.checker.proxies import RemoteObject
from grader.compare import Difference, is_numeric, is_tensor, kind_name, wide

_MISSING = "module 'solution' has no attribute '{}'"  # what the runner's module says
MAX_MESSAGE = 1800  # characters: 2 KiB with some room


def difference_message(failed: CheckFailed, call: str | None) -> str:
    """Say in one to three sentences how a value differs from the expected one."""
    difference = failed.difference
    if difference is None:
        return failed.message
    thing = _thing(failed.name, difference.path)
    said = {
        "device": _device,
        "shape": _shape,
        "dtype": _dtype,
        "length": _length,
        "keys": _keys,
        "type": _type,
        "value": _value,
    }[difference.kind]
    return said(difference, call, thing)[:MAX_MESSAGE]


def raised_message(raised: Raised) -> str:
    """Say what was raised and where."""
    if raised.line is None and raised.message == _MISSING.format(raised.call):
        return f"The file defines no {raised.call}."
    where = f" in line {raised.line}" if raised.line is not None else ""
    text = raised.message.strip()
    return f"{raised.call} raised {raised.classes[0]}{where}{': ' + text if text else '.'}"[
        :MAX_MESSAGE
    ]


def _thing(name: str | None, path: tuple[int | str, ...]) -> str:
    """Return what is meant: "dlogits", "gradients[1]", "" for the result itself."""
    inner = "".join(f"[{part!r}]" for part in path)
    return f"{name}{inner}" if name else f"result{inner}" if inner else ""


def _returned(call: str | None, thing: str) -> str:
    if call is None:
        return f"{thing or 'The value'} is"
    return f"{call} returned {thing}" if thing else f"{call} returned"


def _device(difference: Difference, call: str | None, thing: str) -> str:
    what = f"{_returned(call, thing)} a tensor" if call else _returned(call, thing)
    got, expected = difference.got.device, difference.expected.device
    return f"{what} on {got}; expected it on {expected}, where the inputs are."


def _shape(difference: Difference, call: str | None, thing: str) -> str:
    of = "of shape" if thing else "shape"
    got, expected = np.shape(difference.got), np.shape(difference.expected)
    if got == () or expected == ():
        got_text, expected_text = describe(difference.got), describe(difference.expected)
        joint = " as" if thing and call else ""
        return f"{_returned(call, thing)}{joint} {got_text}; expected {expected_text}."
    return f"{_returned(call, thing)} {of} {got}; expected {expected}."


def _dtype(difference: Difference, call: str | None, thing: str) -> str:
    got, expected = kind_name(difference.got), kind_name(difference.expected)
    joint = " as" if thing and call else ""
    return f"{_returned(call, thing)}{joint} {got}; expected {expected}."


def _length(difference: Difference, call: str | None, thing: str) -> str:
    got, expected = len(difference.got), len(difference.expected)
    joint = " as" if thing and call else ""
    entries = "entry" if got == 1 else "entries"
    return f"{_returned(call, thing)}{joint} {got} {entries}; expected {expected}."


def _keys(difference: Difference, call: str | None, thing: str) -> str:
    missing = [key for key in difference.expected if key not in difference.got]
    more = [key for key in difference.got if key not in difference.expected]
    parts = []
    if missing:
        parts.append(f"without {', '.join(repr(key)[:60] for key in missing[:5])}")
    if more:
        parts.append(f"with {', '.join(repr(key)[:60] for key in more[:5])}")
    joint = " as" if thing and call else ""
    return f"{_returned(call, thing)}{joint} a dict {' and '.join(parts)}."


def _type(difference: Difference, call: str | None, thing: str) -> str:
    joint = " as" if thing and call else ""
    got, expected = describe(difference.got), describe(difference.expected)
    return f"{_returned(call, thing)}{joint} {got}; expected {expected}."


def _value(difference: Difference, call: str | None, thing: str) -> str:
    if not is_numeric(difference.expected):
        got, expected = repr(difference.got)[:200], repr(difference.expected)[:200]
        joint = " =" if thing and call else ""
        return f"{_returned(call, thing)}{joint} {got}; expected {expected}."
    if not difference.index:
        got, expected = two_numbers(difference.got, difference.expected)
        joint = " =" if thing and call else ""
        return f"{_returned(call, thing)}{joint} {got}; expected {expected}."
    index = difference.index
    got, expected = two_numbers(wide(difference.got)[index], wide(difference.expected)[index])
    place = str(index if len(index) > 1 else index[0])
    of = f" of {thing}" if thing else ""
    text = f"Entry {place}{of} is {got}; expected {expected}."
    if difference.count > 1:
        verb = "differs" if difference.differs == 1 else "differ"
        text += f" {difference.differs} of {difference.count} entries {verb}"
        worst = float(f"{difference.worst:.2g}")
        text += f", by up to {worst:g}." if worst else "."
    return text


def two_numbers(got: Any, expected: Any) -> tuple[str, str]:
    """Return two different numbers with as many digits as show that they differ."""
    one, other = (
        value.item() if isinstance(value, np.ndarray | np.generic) else value
        for value in (got, expected)
    )
    if isinstance(one, bool | int) and isinstance(other, bool | int):
        return str(one)[:60], str(other)[:60]
    # integers too large for a float are infinite; minus zero is read as zero
    one, other = wide(one).item() + 0.0, wide(other).item() + 0.0
    for digits in (4, 6, 9, 12, 17):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def describe(value: Any) -> str:
    """Name a value's kind in words: "a list of 3", "an array of shape (4, 7)"."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return f"{'a tensor' if is_tensor(value) else 'an array'} of shape {value.shape}"
    if isinstance(value, list | tuple | dict):
        return f"a {type(value).__name__} of {len(value)}"
    if is_numeric(value):
        return "an integer" if kind_name(value) == "int" else "a number"
    return "a text" if isinstance(value, str) else f"an object of the class {_class_of(value)}"


def _class_of(value: Any) -> str:
    if isinstance(value, RemoteObject):  # asking a RemoteName for anything would call the session
        return value._handle.type_name
    return type(value).__name__
