"""How shares and their intervals are written."""

from __future__ import annotations

from django import template

from gradus.analytics.estimates import Share
from gradus.web import shares

register = template.Library()


@register.filter
def percent(value: float) -> str:
    return shares.percent(value)


@register.filter
def share(value: Share) -> str:
    return shares.shown_share(value)
