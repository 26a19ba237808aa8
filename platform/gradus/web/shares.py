"""Shares, correlations and their intervals in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gradus.analytics.estimates import Correlation, Share
from gradus.web.numbers import MINUS


def percent(value: float) -> str:
    """A share in whole per cent, half up."""
    return f"{int(value * 100 + 0.5)}"


def shown_share(one: Share) -> str:
    """With its interval, where there are enough to say something."""
    if not one.is_firm:
        return _("{count} of {total}").format(count=one.k, total=one.n)
    low, high = percent(one.interval.low), percent(one.interval.high)
    return _("{share} % ({low} to {high})").format(share=percent(one.value), low=low, high=high)


def shown_discrimination(found: Correlation | None) -> str:
    """With its interval; empty where there are too few students to say something."""
    if found is None:
        return ""
    low, high = signed(found.interval.low), signed(found.interval.high)
    return _("{value} ({low} to {high})").format(value=signed(found.r), low=low, high=high)


def signed(value: float) -> str:
    text = f"{abs(value):.2f}"
    return f"{MINUS}{text}" if value < 0 and text != "0.00" else text
