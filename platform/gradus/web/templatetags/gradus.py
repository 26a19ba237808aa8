"""Tags and filters of the pages: assets, icons, times, numbers, text of strangers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from gradus.web import clock, numbers, text
from gradus.web import phrases as said
from gradus.web.assets import manifest
from gradus.web.words import KINDS, STATUS_WORDS

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Address of a bundle of the front end."""
    return static(f"dist/{manifest()[name][0]}")


@register.simple_tag
def module(name: str, nonce: object = "") -> SafeString:
    """A script of a page, with what it imports asked for at the same time.

    A script may carry the nonce of the page, for others that make styles.
    """
    files = [static(f"dist/{file}") for file in manifest()[name]]
    hints = format_html_join("", '<link rel="modulepreload" href="{}">', ([f] for f in files[1:]))
    own = str(nonce)  # made when it is first read; before that it counts as empty
    shown = format_html(' nonce="{}"', own) if own else ""
    return format_html('{}<script type="module"{} src="{}"></script>', hints, shown, files[0])


@register.simple_tag
def phrases(*groups: str) -> SafeString:
    """What scripts say at this element, as an attribute of it."""
    return format_html(' data-phrases="{}"', said.phrases(*groups))


@register.simple_tag
def editor_phrases() -> SafeString:
    return format_html(' data-phrases="{}"', said.editor_phrases())


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', classes, name
    )


@register.simple_tag
def status(name: str) -> SafeString:
    """Shape, colour and (for screen readers) word of a status; "open" looks like "waiting"."""
    shape = "waiting" if name == "open" else name
    return format_html(
        '<span class="st" data-s="{}">{}<span class="sr">{}: </span></span>',
        shape, icon(shape), STATUS_WORDS[name],
    )  # fmt: skip


@register.filter
def moment(when: datetime, form: str = "") -> SafeString:
    shown = clock.moment(when, timezone.now(), with_seconds=form == "seconds")
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(when).isoformat(), shown)


@register.filter
def distance(when: datetime) -> str:
    return clock.distance(when, timezone.now())


@register.simple_tag
def zone() -> str:
    return clock.zone(timezone.now())


@register.filter
def points(value: Any) -> str:
    return numbers.points(value)


@register.filter
def kind(name: str) -> str:
    return str(KINDS.get(name, name))


@register.filter
def points_or(value: Any, otherwise: str) -> str:
    """Points, or a word where there are none."""
    return otherwise if value is None else numbers.points(value)


@register.filter
def counted_points(value: Any) -> str:
    return numbers.counted_points(value)


@register.filter
def part_of(own: Any, most: Any) -> str:
    return numbers.part_of(own, most)


@register.filter
def points_of(own: Any, most: Any) -> str:
    return numbers.points_of(own, most)


@register.filter
def point_word(value: Any) -> str:
    return ngettext("point", "points", numbers.plural_of(numbers.points(value)))


@register.filter
def short(value: Any) -> str:
    return numbers.short(value)


@register.filter
def tolerance(value: float) -> str:
    return numbers.tolerance(value)


@register.filter
def seconds(value: Any) -> str:
    return numbers.seconds(value)


@register.filter
def size(count_bytes: int) -> str:
    return numbers.size(count_bytes)


@register.filter
def visible(value: str) -> str:
    return text.visible(value)


@register.filter
def inline(value: str) -> SafeString:
    return text.inline(value)


@register.filter
def paragraphs(value: str) -> list[str]:
    return text.paragraphs(value)
