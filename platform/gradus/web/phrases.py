"""What scripts say to people: it comes with the page, at the element that it is about."""

from __future__ import annotations

import json
from functools import cache

from django.utils.translation import get_language, gettext, gettext_lazy, gettext_noop, override

SAID = {
    "regions": {
        "table": gettext_lazy("Table"),
        "code": gettext_lazy("Code"),
        "formula": gettext_lazy("Formula"),
    },
    "draft": {
        "saving": gettext_lazy("Saving…"),
        "savedSeconds": gettext_lazy("Saved {count} s ago"),
        "savedMinutes": gettext_lazy("Saved {count} min ago"),
        "savedAt": gettext_lazy("Saved {when}"),
        "unsaved": gettext_lazy("Not saved yet"),
        "failed": gettext_lazy("Not saved: {reason}."),
        "failedButKept": gettext_lazy("Not saved: {reason}. Kept in this browser."),
        "isBusy": gettext_lazy("the server is busy"),
        "isCutOff": gettext_lazy("No connection, or logged out"),
        "twoVersions": gettext_lazy("Two versions"),
        "bothAreHere": gettext_lazy("No connection. Both versions are still here."),
        "otherIsHere": gettext_lazy("The other version is here."),
        "hasGoneOn": gettext_lazy("Your other device has gone on; its text is here."),
        "undo": gettext_lazy("Undo"),
    },
    "kept": {
        "restored": gettext_lazy("Draft restored"),
        "kept": gettext_lazy("Draft saved {time}, in this browser"),
        "keepsNone": gettext_lazy("This browser keeps no drafts"),
    },
    "sheet": {"answered": gettext_lazy("{there} of {all} answered")},
    "file": {
        "tooLarge": gettext_lazy("{name} has {size} KB; at most {most} KB are allowed."),
        "isEmpty": gettext_lazy("{name} is empty."),
        "isNoText": gettext_lazy("{name} is no text."),
        "isNoUtf8": gettext_lazy("{name} is no text in UTF-8."),
        "bookTooLarge": gettext_lazy("{name} has more than 64 MB. Clear its outputs first."),
        "codeTooLarge": gettext_lazy("{name} is larger than 2 MB, even without its outputs."),
        "isUnchanged": gettext_lazy("The editor is unchanged."),
        "isHere": gettext_lazy("{name} is in the editor."),
        "isReset": gettext_lazy("Reset to the starter."),
    },
}
# what the editor says of itself, under its own English words
EDITOR = (
    gettext_noop("Completions"),
    gettext_noop("Control character"),
    gettext_noop("Find"),
    gettext_noop("Fold line"),
    gettext_noop("Folded lines"),
    gettext_noop("Go to line"),
    gettext_noop("Replace"),
    gettext_noop("Selection deleted"),
    gettext_noop("Unfold line"),
    gettext_noop("Unfolded lines"),
    gettext_noop("all"),
    gettext_noop("by word"),
    gettext_noop("close"),
    gettext_noop("current match"),
    gettext_noop("folded code"),
    gettext_noop("go"),
    gettext_noop("match case"),
    gettext_noop("next"),
    gettext_noop("on line"),
    gettext_noop("previous"),
    gettext_noop("regexp"),
    gettext_noop("replace"),
    gettext_noop("replace all"),
    gettext_noop("replaced $ matches"),
    gettext_noop("replaced match on line $"),
    gettext_noop("to"),
    gettext_noop("unfold"),
)


def phrases(*groups: str) -> str:
    """JSON of the phrases of these groups, in the language of the reader."""
    return _phrases(get_language(), groups)


def editor_phrases() -> str:
    """JSON of those words of the editor that are others in the language of the reader."""
    return _editor_phrases(get_language())


@cache
def _phrases(language: str | None, groups: tuple[str, ...]) -> str:
    with override(language):
        return _json({key: str(said) for group in groups for key, said in SAID[group].items()})


@cache
def _editor_phrases(language: str | None) -> str:
    with override(language):
        said = ((word, gettext(word)) for word in EDITOR)
        return _json({word: other for word, other in said if other != word})


def _json(said: dict[str, str]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
