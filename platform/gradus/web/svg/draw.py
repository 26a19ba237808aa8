"""Writes SVG as text. Each attribute and text is escaped here; colours are classes, not styles."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

TEXT_LENGTH = 200  # longest text in a figure; authors write it, but students' names may be in it


def tag(name: str, *children: SafeString, **attributes: str | float) -> SafeString:
    """One element. A trailing underscore is dropped from attribute names, others become hyphens."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
    )
    return mark_safe(f"<{name}{written}>{''.join(children)}</{name}>")  # noqa: S308 escaped above


def words(text: object) -> SafeString:
    """Escaped text."""
    return mark_safe(escape(str(text)[:TEXT_LENGTH]))  # noqa: S308 escaped here


def label(x: float | str, y: float, text: object, classes: str = "") -> SafeString:
    """A text element at (x, y)."""
    return tag("text", words(text), x=x, y=y, class_=classes)


def line(
    x1: float | str, y1: float, x2: float | str, y2: float, classes: str, **more: str | float
) -> SafeString:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=classes, **more)


def rect(
    x: float | str, y: float, width: float | str, height: float, classes: str, **more: str | float
) -> SafeString:
    return tag("rect", x=x, y=y, width=width, height=height, class_=classes, **more)


def picture(
    uid: str, title: str, description: str, *children: SafeString, **attributes: str | float
) -> SafeString:
    """An svg element with its name and its finding for readers who do not see it."""
    return tag(
        "svg",
        tag("title", words(title), id=f"{uid}-t"),
        tag("desc", mark_safe(escape(description[:1000])), id=f"{uid}-d"),  # noqa: S308 escaped
        *children,
        role="img",
        aria_labelledby=f"{uid}-t {uid}-d",
        **attributes,
    )


def percent(share: float) -> str:
    """A length as a share of the figure's width."""
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def _text(value: str | float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
