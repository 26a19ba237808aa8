"""How numbers are written on a page: short, a real minus sign, words for what is not finite."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUS = "\N{MINUS SIGN}"
NOT_FINITE = {"nan": "nan", "inf": "inf", "-inf": f"{MINUS}inf"}


def as_float(value: Any) -> float | None:
    """Read a JSON number or one of the strings "nan", "inf", "-inf"; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str) and value in NOT_FINITE:
        return float(value)
    return None


def short(value: Any, digits: int = 6) -> str:
    """Write a number with at most `digits` significant digits; other values as their text."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value).replace("-", MINUS)
    number = as_float(value)
    if number is None:
        return str(value)
    if not math.isfinite(number):
        return NOT_FINITE[str(number)]
    text = f"{number:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text.replace("-", MINUS)


def tolerance(value: float) -> str:
    """Write a tolerance without an exponent, with two significant digits, rounded down.

    A reader who stays within what is shown is always within what is marked.
    """
    if value <= 0 or not math.isfinite(value):
        return "0"
    place = math.floor(math.log10(value)) - 1
    digits = math.floor(value / 10.0**place + 1e-9)  # 0.001 is a little less than 10e-4
    text = f"{digits * 10.0**place:.{max(0, -place)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points(value: Any) -> str:
    """Write points: at most two decimals, none where they are zero."""
    number = as_float(value)
    if number is None and value is not None:
        number = as_float(float(value))  # Decimal
    if number is None or not math.isfinite(number):
        return "?"
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text.replace("-", MINUS)


def plural_of(shown: str) -> int:
    """The number by which a word beside a written one is chosen; for a fraction, several."""
    return int(shown) if shown.isdigit() else 2


def counted_points(value: Any) -> str:
    """Write points with their word."""
    own = points(value)
    return ngettext("{points} point", "{points} points", plural_of(own)).format(points=own)


def part_of(own: Any, most: Any) -> str:
    """Write points of what can be had."""
    return _("{own} of {most}").format(own=points(own), most=points(most))


def points_of(own: Any, most: Any) -> str:
    """Write points of what can be had, with their word."""
    shown = points(most)
    said = ngettext("{own} of {most} point", "{own} of {most} points", plural_of(shown))
    return said.format(own=points(own), most=shown)


def seconds(value: Any) -> str:
    """Write a duration in seconds with its unit."""
    number = as_float(value)
    if number is None or not math.isfinite(number):
        return ""
    if number < 0.1:
        return f"{1000 * number:.0f} ms"
    return f"{number:.2f} s" if number < 10 else f"{number:.0f} s"


def size(count_bytes: int) -> str:
    """Write a size in bytes, KB or MB (powers of 1000)."""
    if count_bytes < 1000:
        return ngettext("%d byte", "%d bytes", count_bytes) % count_bytes
    if count_bytes < 1_000_000:
        return f"{count_bytes / 1000:.1f} KB"
    return f"{count_bytes / 1_000_000:.1f} MB"
