"""Values that cross within this process as plain copies: what bytes and back would make of them.

Nearly all that a check passes is arrays and numbers, and a copy is many times cheaper than the
codec. What is not exactly of these types, or so large that a cap might matter, is left to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.frames.caps import Caps
from grader.frames.dtypes import DTYPE_OF, SCALAR_CODE_OF

MOST_BYTES = 1 << 24  # of one array
MOST_ITEMS = 1024  # of one container or text
NESTING = 4
_NUMBERS = frozenset(dtype.num for dtype in DTYPE_OF.values())
_UNCHANGEABLE = frozenset((type(None), bool, float, complex, *SCALAR_CODE_OF))
_INT64 = 2**63
_CAPS = Caps()


class NotPlain(Exception):
    """A value that only the codec knows how to pass or to refuse."""


def plain_copy(value: Any, depth: int = 0) -> Any:
    """Return a copy that shares nothing with the value that could change. Raises: NotPlain."""
    kind = type(value)
    if kind is np.ndarray:
        return _copy_of_array(value)
    if kind in _UNCHANGEABLE:
        return value
    if kind is int and -_INT64 <= value < _INT64:
        return value
    if kind not in (tuple, list, dict, str) or len(value) > MOST_ITEMS or depth > NESTING:
        raise NotPlain
    if kind is str and value.isascii():
        return value
    if kind is tuple or kind is list:
        return kind([plain_copy(item, depth + 1) for item in value])
    if kind is dict and all(type(key) is str and key.isascii() for key in value):
        return {key: plain_copy(item, depth + 1) for key, item in value.items()}
    raise NotPlain


def _copy_of_array(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    dtype = array.dtype
    is_known = dtype.num in _NUMBERS and dtype.isnative
    if not is_known or not 0 < array.nbytes <= MOST_BYTES or array.ndim > _CAPS.ndim:
        raise NotPlain
    return array.copy(order="C")
