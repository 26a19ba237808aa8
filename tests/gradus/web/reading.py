"""Addresses of pages, and what one reads on them."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse


def at(name: str, *args: int) -> str:
    return reverse(f"web:{name}", args=args)


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))
